"""`headstart jobs wait`, `logs -f` and `--wait`: what they say, and the exit code that scripts see."""

from types import SimpleNamespace

import pytest
from click.testing import CliRunner

import sdk
from sdk import _jobs as jobs
from sdk.cli._main import main


class Job(jobs.Job):
    """Its states come by the script; BREAK is Ctrl+C."""

    def __init__(self, script):
        told = {"id": "job_1", "state": "queued", "title": "T", "out": "", "progress": {}, "error": {}}
        super().__init__(told, SimpleNamespace(config=SimpleNamespace(hub="http://hub")))
        self.script, self.said = list(script), 0

    def refresh(self):
        told = self.script.pop(0) if len(self.script) > 1 else self.script[0]
        if told == "BREAK":
            raise KeyboardInterrupt
        self._told["state"] = told
        return self

    def events(self, after=0):
        """One more line a look; two at the first."""
        self.said += 1 if self.said else 2
        for seq in range(after + 1, self.said + 1):
            yield {"seq": seq, "kind": "log", "data": {"lines": [f"line {seq}"]}}


@pytest.fixture
def run(monkeypatch):
    monkeypatch.setattr(jobs.time, "sleep", lambda _seconds: None)

    def invoke(script, *arguments):
        for name in ("job", "finetune"):
            monkeypatch.setattr(sdk, name, lambda *_, **__: Job(script))
        return CliRunner().invoke(main, arguments)

    return invoke


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (["running", "succeeded"], 0),
        (["running", "failed"], 1),
        (["cancelled"], 7),
        (["lost"], 8),
        (["running", "BREAK"], 130),
    ],
)
@pytest.mark.parametrize(
    "command", [("jobs", "wait", "job_1"), ("finetune", "net", "--dataset", "d", "--recipe", "r", "--wait")]
)
def test_the_exit_code_says_how_it_ended(run, command, script, code):
    done = run(script, *command)
    assert done.exit_code == code, done.output
    said = ["goes on without you" in done.output, "headstart jobs cancel job_1" in done.output]
    assert said == [code == 130] * 2


def test_out_of_time_is_not_failed(run):
    done = run(["running"], "jobs", "wait", "job_1", "--timeout", "0")
    assert done.exit_code == 9 and "It goes on" in done.output


def test_the_log_is_followed_to_its_end(run):
    done = run(["running", "running", "failed"], "jobs", "logs", "job_1", "-f", "--tail", "1")
    assert (done.exit_code, done.output.split("\n")) == (0, ["line 2", "line 3", "line 4", ""])


def test_a_log_that_is_left_says_how_to_come_back(run):
    done = run(["running", "BREAK"], "jobs", "logs", "job_1", "-f")
    assert done.exit_code == 130 and "headstart jobs wait job_1" in done.output
