"""What a job's process says of itself."""

import errno
import json

import pytest

from workers.lib import clock
from workers.lib.events import TOGETHER, Journal


@pytest.fixture
def ticking(monkeypatch):
    """A clock that stands still until it is set."""
    times = {"now": 100.0}
    monkeypatch.setattr(clock, "monotonic", lambda: times["now"])
    return times


@pytest.fixture
def told(tmp_path, ticking):
    """A journal that was just written to, and what its file has after that."""
    journal = Journal(path := tmp_path / "events.jsonl")
    journal.say("begins")
    yield journal, lambda: [json.loads(line) for line in path.read_text().splitlines()][1:]
    journal.close()


def test_metrics_of_a_moment_are_written_together_and_keep_their_own_times(told, ticking, monkeypatch):
    journal, written = told
    stamps = iter(range(10))
    monkeypatch.setattr(clock, "now", lambda: next(stamps))
    monkeypatch.setattr(clock, "stamp", str)
    journal.metric("loss", 0.5, 1, "train")
    assert written() == []
    ticking["now"] += TOGETHER * 2
    journal.metric("loss", 0.25, 2, "train")
    assert [(each["at"], each["data"]["value"]) for each in written()] == [("0", 0.5), ("1", 0.25)]


@pytest.mark.parametrize("last", [lambda j: j.progress(1, 2), lambda j: j.say("x"), lambda j: j.close()])
def test_what_waits_goes_with_what_does_not(told, last):
    journal, written = told
    journal.metric("loss", 0.5, 1)
    last(journal)
    assert written()[0]["data"] == {"name": "loss", "step": 1, "value": 0.5, "split": ""}


def test_a_full_disk_loses_events_and_no_job(told, capsys, monkeypatch):
    class Full:
        def write(self, data):
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self):
            """Nothing waits here."""

    journal, _ = told
    journal._file.close()
    monkeypatch.setattr(journal, "_file", Full())
    journal.metric("loss", 0.5, 1)
    journal.say("one")
    journal.say("two")
    assert journal.lost == 3
    assert capsys.readouterr().err.count("can't be written") == 1
