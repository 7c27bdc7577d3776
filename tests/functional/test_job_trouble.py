"""Jobs in trouble: on the real broker, with real processes, by the SDK as anybody orders them."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

import sdk
from tests.functional.job_stack import Stack, until

pytestmark = [pytest.mark.stack, pytest.mark.timeout(240)]
_numbers = count(1)
# Many small steps: it goes on until somebody ends it.
ENDLESS = {"epochs": 1000, "batch_size": 1, "patience": 0, "checkpoint_steps": 200}
# Some thousand, so that trouble comes in the middle.
LONG = {"epochs": 20, "batch_size": 1, "patience": 0, "checkpoint_steps": 200}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    made = Stack(tmp_path_factory.mktemp("stack"))
    try:
        yield made.start()
    finally:
        made.stop()


@pytest.fixture(autouse=True)
def signed_in(stack: Stack, tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("HF_ENDPOINT", "HF_TOKEN", "HF_HUB_OFFLINE", "HEADSTART_OFFLINE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HEADSTART_URL", stack.hub.url)
    monkeypatch.setenv("HEADSTART_TOKEN", stack.hub.tokens["writer"])
    monkeypatch.setenv("HEADSTART_CONFIG", str(tmp_path / "config.toml"))


def order(dataset: Any = "ada/table", **config: Any) -> sdk.Job:
    told = {"epochs": 3, "boosting": False, **config}
    return sdk.finetune(None, dataset=dataset, recipe="tabular", out=f"ada/made{next(_numbers)}", **told)


def state(job: sdk.Job) -> str:
    return job.refresh().state


def over(job: sdk.Job, stack: Stack, seconds: float = 60) -> str:
    until(lambda: job.refresh().is_over, stack, seconds)
    return job.state


def test_a_worker_with_address_broker_and_token_does_a_whole_job(stack: Stack) -> None:
    with stack.worker() as worker:
        until(lambda: "Joined" in worker.said, stack)
        job = order()
        assert over(job, stack) == "succeeded", (job.error, worker.said)
    found = stack.look(job)
    assert found["tries"] == [["left", "succeeded", 0]]
    assert found["refs"] == {"refs/heads/main": found["commit"]}
