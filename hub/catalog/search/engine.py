"""The open index of this process: opened when first asked (after a fork), looked at again when somebody wrote."""

import os
import threading
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import tantivy
from django.conf import settings

from hub.catalog.errors import IndexNotReady
from hub.catalog.search import files, writer
from hub.catalog.search.schema import prepare
from hub.catalog.search.writer import seq_of

T = TypeVar("T")
_REMEMBERED = 256


@dataclass(frozen=True, eq=False)
class OpenIndex:
    """The index as it was at one moment. `stamp` names that moment, `memory` keeps what was worked out of it.

    `earlier` is what was worked out of the moment before, if only the repositories `changed` differ since.
    """

    searcher: tantivy.Searcher
    schema: tantivy.Schema
    stamp: tuple[int, ...]
    memory: dict[Hashable, Any] = field(default_factory=dict)
    earlier: dict[Hashable, Any] = field(default_factory=dict)
    changed: tuple[int, ...] = ()

    @cached_property
    def seq(self) -> int:
        """The last event that it holds."""
        return seq_of(self.searcher)

    def search(self, query: tantivy.Query, **options: Any) -> tuple[list[tuple[Any, tantivy.DocAddress]], int]:
        """(order key or score, document) of the first hits, and how many there are."""
        found = self.searcher.search(query, **options)
        return found.hits, int(found.count or 0)  # type: ignore[attr-defined]  # missing in the library's stub

    def count(self, query: tantivy.Query) -> int:
        return self.search(query, limit=1)[1]

    def keys(self, addresses: Iterable[tantivy.DocAddress]) -> list[int]:
        """The repositories' keys, in the order of the documents."""
        return [int(key or 0) for key in self.searcher.fast_field_values("pk", list(addresses))]


def remembered(index: OpenIndex, key: Hashable, make: Callable[[], T]) -> T:
    """What was made under that key, once as long as nobody writes to the index."""
    if (found := index.memory.get(key)) is None:
        if len(index.memory) >= _REMEMBERED:
            index.memory.clear()
        found = index.memory[key] = make()
    return found


class _Open:
    """What this process has open. A child that was forked opens its own."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.process = 0
        self.folder: Path | None = None
        self.index: tantivy.Index | None = None
        self.now: OpenIndex | None = None


_open = _Open()


def open_index() -> OpenIndex:
    """The index as it is now; the same object until somebody writes. Raises `IndexNotReady`."""
    if settings.INDEX_WITH_SEARCH:
        catch_up()
    stamp = files.stamp()
    held = _open.now
    if held is not None and held.stamp == stamp and _open.process == os.getpid():
        return held
    with _open.lock:
        return _look_again()


def forget() -> None:
    """Close what is open: for tests, whose databases come and go."""
    with _open.lock:
        _open.index = _open.now = None


def _look_again() -> OpenIndex:
    stamp, folder = files.stamp(), files.current()
    if folder is None:
        raise IndexNotReady
    before = _open.now
    if _open.index is None or (_open.folder, _open.process) != (folder, os.getpid()):
        _open.index, before = _opened(folder), None
        _open.folder, _open.process = folder, os.getpid()
    _open.index.reload()
    _open.now = _following(before, OpenIndex(_open.index.searcher(), _open.index.schema, stamp))
    return _open.now


def _following(before: OpenIndex | None, now: OpenIndex) -> OpenIndex:
    """With what was worked out before, where the trail of events says what changed since."""
    if before is None or not before.memory:
        return now
    before.earlier.clear()  # one moment back, no more
    changed = writer.changed_between(before.seq, now.seq)
    return now if changed is None else replace(now, earlier=before.memory, changed=changed)


def _opened(folder: Path) -> tantivy.Index:
    try:
        index = prepare(tantivy.Index.open(str(folder)))
    except (ValueError, OSError) as error:
        if folder == (now := files.current()) or now is None:
            raise IndexNotReady from error  # damaged: the indexer builds another one
        return _opened(now)  # another edition was served meanwhile, and this one swept away
    index.config_reader("manual")
    return index


def catch_up() -> None:
    """For a hub without an indexer: the search itself sees to it that the index is up to date."""
    held = _open.now
    if held is None or held.seq != writer.last_event() or held.stamp != files.stamp():
        writer.catch_up()
