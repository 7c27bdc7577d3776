"""How far an index is, and what changed in it last: a document of its own, committed together with what it tells."""

import json
from dataclasses import dataclass

import tantivy
from tantivy import Query

from hub.catalog.search.schema import STAMP

# So many changes are remembered; who was away for longer looks at everything anew.
KEPT = 500


@dataclass(frozen=True)
class Stamp:
    """All events up to `seq` are in the index. `recent` has all of them after `floor`, as (seq, repository)."""

    seq: int = 0
    floor: int = 0
    recent: tuple[tuple[int, int], ...] = ()

    def after(self, events: list[tuple[int, int]]) -> "Stamp":
        recent = (*self.recent, *events)
        floor = recent[-KEPT - 1][0] if len(recent) > KEPT else self.floor
        return Stamp(events[-1][0], floor, recent[-KEPT:])

    def changed_since(self, seq: int) -> frozenset[int] | None:
        """The repositories of the events since; None where that is not remembered."""
        if not self.floor <= seq <= self.seq:
            return None
        return frozenset(repo for at, repo in self.recent if at > seq)

    def document(self) -> tantivy.Document:
        made = tantivy.Document()
        made.add_unsigned("pk", STAMP)
        made.add_unsigned("seq", self.seq)
        made.add_bytes("recent", json.dumps([self.floor, self.recent]).encode())
        return made


def stamp_in(schema: tantivy.Schema, searcher: tantivy.Searcher) -> Stamp:
    """That of an index, which has none before its first commit."""
    found = searcher.search(Query.term_query(schema, "pk", STAMP), limit=1, count=False).hits
    if not found:
        return Stamp()
    address = found[0][1]
    (seq,) = searcher.fast_field_values("seq", [address])
    floor, recent = json.loads(bytes(searcher.doc(address).get_first("recent") or b"[0, []]"))
    return Stamp(int(seq or 0), floor, tuple((at, repo) for at, repo in recent))
