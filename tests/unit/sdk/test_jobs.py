"""Waiting for a job, whatever the hub does meanwhile."""

import pytest
from click.testing import CliRunner

from sdk import HubUnavailableError, _orders
from sdk import _jobs as jobs
from sdk.cli import main


class Waited(jobs.Job):
    """A job that the hub tells of as the script says, one entry a look; the clock goes with each pause."""

    def __init__(self, script, monkeypatch):
        super().__init__({"id": "job_1", "state": "queued", "title": "", "progress": {}}, None)
        self.script, self.now = list(script), 0.0
        monkeypatch.setattr(jobs.time, "sleep", self._pass)
        monkeypatch.setattr(jobs.time, "monotonic", lambda: self.now)

    def _pass(self, seconds):
        self.now += seconds

    def refresh(self):
        told = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if told == "away":
            raise HubUnavailableError("can't be reached")
        self._told["state"] = told
        return self


def test_a_hub_that_restarts_is_waited_for(monkeypatch):
    job = Waited(["running", *["away"] * 9, "running", "succeeded"], monkeypatch)
    assert job.wait().state == "succeeded"


def test_a_hub_that_stays_away_is_told_of(monkeypatch):
    job = Waited(["running", "away"], monkeypatch)
    with pytest.raises(HubUnavailableError):
        job.wait()
    assert job.now >= jobs.AWAY


@pytest.mark.parametrize("script", [["running"], ["running", "away"]])
def test_all_of_the_time_is_waited_for_and_no_more(monkeypatch, script):
    job = Waited(script, monkeypatch)
    with pytest.raises(TimeoutError, match="after 10 seconds"):
        job.wait(timeout=10)
    assert job.now == 10


def test_a_ranking_takes_the_revision_of_its_data(monkeypatch):
    sent, told = [], {"id": "job_1", "state": "queued", "title": "", "progress": {}, "url": "http://hub/jobs/job_1"}
    monkeypatch.setattr(_orders, "_order", lambda order, hub, token: sent.append(order) or jobs.Job(told, None))
    command = ["rank", "me/data", "--candidate", "me/a", "--revision", "v1", "--set", "rows=9", "--json"]
    assert CliRunner().invoke(main, command, catch_exceptions=False).exit_code == 0
    assert sent[0]["datasets"] == [{"role": "test", "repo": "me/data", "revision": "v1"}]
    assert sent[0]["config"] == {"rows": 9}
