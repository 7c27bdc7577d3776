"""What tests of jobs share: time that can be moved, bells that are counted."""

import datetime as dt
from typing import Any

import pytest

from hub.core import clock


class Time:
    """The hub's clock, some time off the real one."""

    def __init__(self) -> None:
        self.offset = dt.timedelta()

    def pass_(self, seconds: float) -> None:
        self.offset += dt.timedelta(seconds=seconds)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    made, real = Time(), clock.now
    monkeypatch.setattr(clock, "now", lambda: real() + made.offset)
    return made


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Messages that went to the broker: name, arguments, queue."""
    from hub.celery import app

    found: list[Any] = []

    def send(name: str, kwargs: Any = None, queue: str = "", **_: Any) -> None:
        found.append((name, kwargs, queue))

    monkeypatch.setattr(app, "send_task", send)
    return found
