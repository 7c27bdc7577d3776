"""Write the index: follow the trail of events, or build it anew beside the one that is served."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

import tantivy
from tantivy import Query

from hub.catalog.models import CatalogEvent, Repo
from hub.catalog.search import files
from hub.catalog.search.documents import documents_of, stamp_of
from hub.catalog.search.schema import STAMP, prepare, schema

BATCH = 500
_HEAP = 20_000_000
_BUILD_HEAP = 64_000_000

logger = logging.getLogger(__name__)


class Writer:
    """The one writer of an edition, for who holds the lock. Close it, so that no merge is lost."""

    def __init__(self, folder: Path, *, heap: int = _HEAP) -> None:
        self.folder = folder
        self._index = prepare(tantivy.Index(schema(), path=str(folder)))
        self._index.config_reader("manual")
        self._writer = self._index.writer(heap, 1)
        self.seq = seq_of(self._index.searcher())

    def replace(self, ids: list[int]) -> None:
        """The documents of these repositories, as the database has them now; none of those that are gone."""
        self._writer.delete_documents_by_query(Query.term_set_query(self._index.schema, "pk", ids))
        self.add(ids)

    def add(self, ids: list[int]) -> None:
        for document in documents_of(ids):
            self._writer.add_document(document)

    def commit(self, seq: int) -> None:
        """All or nothing, with the seq that it holds."""
        # By a query: deleting by a term finds no unsigned number.
        self._writer.delete_documents_by_query(Query.term_query(self._index.schema, "pk", STAMP))
        self._writer.add_document(stamp_of(seq))
        self._writer.commit()
        self.seq = seq

    def follow(self) -> int:
        """Take in the events since; how many there were."""
        count = 0
        while rows := list(CatalogEvent.objects.filter(seq__gt=self.seq).order_by("seq").values_list()[:BATCH]):
            self.replace(sorted({repo_id for _, repo_id in rows}))
            self.commit(rows[-1][0])
            count += len(rows)
        return count

    def close(self) -> None:
        self._writer.wait_merging_threads()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if error:
            self._writer.rollback()
        self.close()


def seq_of(searcher: tantivy.Searcher) -> int:
    """The last event that the index holds."""
    stamps = searcher.search(Query.term_query(schema(), "pk", STAMP), limit=1, count=False).hits
    return int(searcher.fast_field_values("seq", [stamps[0][1]])[0] or 0) if stamps else 0


def is_of_this_trail(seq: int) -> bool:
    """Whether the trail of events leads on from there: it doesn't in another database, or after too long a time."""
    first = CatalogEvent.objects.order_by("seq").values_list("seq", flat=True).first() or 0
    return first - 1 <= seq <= last_event()


def changed_between(after: int, until: int) -> tuple[int, ...] | None:
    """Repositories with events from `after` (not included) to `until`; None for too many, or a lost trail."""
    rows = list(CatalogEvent.objects.filter(seq__range=(after, until)).order_by("seq").values_list()[: BATCH + 1])
    is_lost = after > 0 and (not rows or rows[0][0] != after)
    if is_lost or len(rows) > BATCH:
        return None
    return tuple({repo_id for seq, repo_id in rows if seq > after})


def last_event() -> int:
    return CatalogEvent.objects.order_by("-seq").values_list("seq", flat=True).first() or 0


def build(*, between: Callable[[int], None] = lambda _: None) -> Path:
    """A new edition of the whole catalog, and serve it. `between` is called now and then, with the count so far.

    For who holds the lock. What happens meanwhile is in it too. One that fails leaves the served one as it was.
    """
    start, count = last_event(), 0
    with Writer(files.new_edition(), heap=_BUILD_HEAP) as writer:
        for ids in _all_ids():
            writer.add(ids)
            count += len(ids)
            between(count)
        writer.commit(start)
        writer.follow()
    files.serve(writer.folder)
    files.sweep()
    return writer.folder


def _all_ids() -> Iterator[list[int]]:
    last = 0
    while ids := list(Repo.objects.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield ids
        last = ids[-1]


def catch_up() -> None:
    """Bring the served index up to date, or build it, here and now; waits for another writer of this host."""
    with files.writing(wait=True):
        catch_up_alone()


def catch_up_alone() -> None:
    """The same, for who holds the lock."""
    if writer := open_served():
        with writer:
            writer.follow()
    else:
        build()


def open_served() -> Writer | None:
    """The served edition, to write to it; None where it takes a build."""
    folder = files.current()
    if folder is None:
        return None
    try:
        writer = Writer(folder)
    except (ValueError, OSError) as error:  # what the library raises over damaged files
        logger.warning("The search index can't be opened, so it is built anew: %s", error)
        return None
    if is_of_this_trail(writer.seq):
        return writer
    writer.close()
    return None
