"""What a job says, as server-sent events: its log from the first line on, and how its device does.

Clients read the lines that begin `data: {`, count them, and after a break skip as many as they had: so the log is the
same however often it is asked for. They look at the job themselves when a stream ends, and come again while it runs.
"""

import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import orjson
from django.http import HttpResponseBase, StreamingHttpResponse

from hub.accounts.viewer import Viewer
from hub.core.listening import Listening
from hub.jobs.selectors import jobs as selectors
from hub.jobs.selectors import said
from hub.jobs.selectors.following import Follower
from hub.protocol.job_shapes import sample
from hub.protocol.serialize import date

# Seconds: of one connection, between two looks, without a word.
_LONGEST, _PAUSE, _SILENT = 25.0, 0.5, 10.0
_KINDS = ("log", "message")
_ALIVE = b": keep-alive\n\n"


def log_response(viewer: Viewer, job: Any, tail: int | None = None) -> HttpResponseBase:
    """All that it said and says; of what it said already, the last `tail` lines alone where so many are asked for."""
    return _response(_lines(viewer, job, tail))


def metrics_response(viewer: Viewer, job: Any) -> HttpResponseBase:
    """The newest report on its device, then each as it comes; nothing where it is over."""
    return _response(_samples(viewer, job))


def _response(lines: Iterator[bytes]) -> HttpResponseBase:
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(Listening(lines), content_type="text/event-stream; charset=utf-8", headers=headers)


def _lines(viewer: Viewer, job: Any, tail: int | None) -> Iterator[bytes]:
    after, skipped = 0, 0
    if tail is not None:
        skipped = max(0, sum(len(said.lines_of(each)) for each in _all(job)) - tail)

    def found() -> Iterator[bytes]:
        nonlocal after
        for event in _all(job, after):
            after = event.seq
            yield from (_told({"data": line, "timestamp": date(event.at)}) for line in said.lines_of(event))

    return islice(_follow(Follower(viewer, job), found), skipped, None)


def _samples(viewer: Viewer, job: Any) -> Iterator[bytes]:
    told = None

    def found() -> Iterator[bytes]:
        nonlocal told
        newest = next(iter(said.devices_of(job, last=1)), None)
        if newest and newest["at"] != told:
            told = newest["at"]
            yield _told(sample(newest, selectors.find_job_again(job).worker), b"event: metric\n")

    return iter(()) if selectors.standing_of(job)[1] else _follow(Follower(viewer, job), found)


def _all(job: Any, after: int = 0) -> Iterator[Any]:
    while events := said.events_after(job, after, kinds=_KINDS):
        yield from events
        after = events[-1].seq


def _follow(follower: Follower, look: Callable[[], Iterator[bytes]]) -> Iterator[bytes]:
    """What `look` finds, again and again until the job is over or out of sight, or the connection old."""
    end = time.monotonic() + _LONGEST
    spoke = time.monotonic()
    # Before the look: what it said before its end is found then.
    while standing := follower.standing():
        for each in look():
            yield each
            spoke = time.monotonic()
        if standing[1] or time.monotonic() >= end:
            return
        if time.monotonic() - spoke >= _SILENT:
            yield _ALIVE
            spoke = time.monotonic()
        time.sleep(_PAUSE)


def _told(data: dict[str, Any], before: bytes = b"") -> bytes:
    return b"%sdata: %s\n\n" % (before, orjson.dumps(data))
