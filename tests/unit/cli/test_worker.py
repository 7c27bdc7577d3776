"""The hub's background worker: its clock."""

import pytest

from hub.cli import worker


@pytest.fixture
def ended(settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path
    codes = []
    monkeypatch.setattr(worker.os, "_exit", codes.append)
    return codes


def test_the_clock_has_a_place_for_its_book(settings, ended, monkeypatch):
    class Clock:
        def __init__(self, app, thread):
            assert thread

        def run(self):
            assert (settings.DATA_DIR / "run").is_dir()

    monkeypatch.setattr(worker, "EmbeddedService", Clock)
    worker._keep_time()
    assert ended == []


def test_nobody_goes_on_without_the_clock(ended, monkeypatch, caplog):
    monkeypatch.setattr(worker, "EmbeddedService", lambda app, thread: 1 / 0)
    worker._keep_time()
    assert ended == [1] and "The clock of the background tasks broke." in caplog.text
