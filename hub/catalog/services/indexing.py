"""Keep this host's search index up to date, and build it anew."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

from hub.catalog.errors import IndexNotReady
from hub.catalog.models import CatalogEvent, Repo
from hub.catalog.search import engine, files, writer
from hub.core.transactions import write_transaction

# How often the indexer looks for events: a change is found after this long, and the fraction of a second of a write.
PAUSE = 0.5
# Another process of this host writes the index; it is looked after in case that one ends.
_WAIT = 2.0
_AFTER_AN_ERROR = 5.0
KEPT_EVENTS = 100_000
_PRUNE_EVERY = 600.0
_SAY_EVERY = 10.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class IndexState:
    """`lag` counts events that the index doesn't hold yet, None where there is no index."""

    documents: int
    lag: int | None


def follow_events(is_over: Callable[[], bool], pause: Callable[[float], object] = time.sleep) -> None:
    """Be this host's indexer until `is_over`: build what is missing, follow the trail, go on after errors."""
    while not is_over():
        try:
            with files.writing(wait=False) as is_ours:
                if is_ours:
                    _follow(is_over, pause)
            pause(_WAIT)
        except Exception:
            logger.exception("The search index was not written. It is tried again; searches go on with what is there.")
            connection.close_if_unusable_or_obsolete()
            pause(_AFTER_AN_ERROR)


def rebuild_index(say: Callable[[str], None] = logger.info) -> None:
    """Build the index of this host anew, beside the one that is served; back when it is served."""
    with files.writing(wait=False) as is_ours:
        if is_ours:
            writer.build(between=_reporter(say))
            return
    files.ask_for_build()
    say("The hub's indexer builds the index now; searches go on with the one before.")
    while files.is_build_asked():
        with files.writing(wait=False) as is_ours:
            if is_ours:  # the indexer ended
                writer.build(between=_reporter(say))
                return
        time.sleep(PAUSE)


def index_now(*, most: int | None = None) -> None:
    """Bring the index up to date at once, unless that is for more than `most` repositories, or an indexer runs."""
    if most is None or Repo.objects.count() <= most:
        with files.writing(wait=False) as is_ours:
            if is_ours:
                writer.catch_up_alone()


def index_state() -> IndexState:
    """How far the index of this host is. Doesn't write."""
    try:
        index = engine.open_index()
    except IndexNotReady:
        return IndexState(0, None)
    return IndexState(index.searcher.num_docs - 1, CatalogEvent.objects.filter(seq__gt=index.seq).count())


def _follow(is_over: Callable[[], bool], pause: Callable[[float], object]) -> None:
    """With the lock, one edition after the other."""
    pruned_at = time.monotonic()
    while not is_over():
        served = writer.open_served()
        if served is None:
            _build(_reporter(logger.info))
            continue
        with served:
            while not is_over() and not files.is_build_asked() and writer.is_of_this_trail(served.seq):
                served.follow()
                if time.monotonic() - pruned_at > _PRUNE_EVERY:
                    prune_events()
                    pruned_at = time.monotonic()
                pause(PAUSE)
            if files.is_build_asked():
                _build(_following(served))


def _build(between: Callable[[int], None]) -> None:
    started_at = time.monotonic()
    writer.build(between=between)
    logger.info("The search index was built in %.1f seconds.", time.monotonic() - started_at)


def _following(served: writer.Writer) -> Callable[[int], None]:
    """Meanwhile the edition that is served goes on being up to date."""
    last = [time.monotonic()]

    def between(_count: int) -> None:
        if time.monotonic() - last[0] > PAUSE:
            served.follow()
            last[0] = time.monotonic()

    return between


def _reporter(say: Callable[[str], None]) -> Callable[[int], None]:
    """Says now and then how far a build is."""
    total, said = Repo.objects.count(), [time.monotonic()]

    def between(count: int) -> None:
        if time.monotonic() - said[0] > _SAY_EVERY:
            say(f"{count:,} of {total:,} repositories are in the new index.")
            said[0] = time.monotonic()

    return between


def prune_events() -> None:
    """Forget the oldest events. An index that hasn't seen them is built anew."""
    with write_transaction():
        CatalogEvent.objects.filter(seq__lte=writer.last_event() - KEPT_EVENTS).delete()
