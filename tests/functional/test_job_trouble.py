"""Jobs in trouble: on the real broker, with real processes, by the SDK as anybody orders them."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import psutil
import pytest

import sdk
from tests.functional import odd_worker
from tests.functional.job_stack import Program, Stack, until
from tests.functional.relay import Relay

pytestmark = [pytest.mark.stack, pytest.mark.timeout(900)]
_numbers = count(1)
# Many small steps: it goes on until somebody ends it.
ENDLESS = {"epochs": 1000, "batch_size": 1, "patience": 0, "checkpoint_steps": 200}
# Some thousand, so that trouble comes in the middle.
LONG = {"epochs": 30, "batch_size": 1, "patience": 0, "checkpoint_steps": 200}


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


def over(job: sdk.Job, stack: Stack, seconds: float = 400) -> str:
    until(lambda: job.refresh().is_over, stack, seconds)
    return job.state


def has_come_to(job: sdk.Job, state: str, stack: Stack) -> None:
    until(lambda: job.refresh().state == state or job.is_over, stack)
    assert job.state == state, (job.error, stack.logs())


def has_checkpoint(job: sdk.Job, stack: Stack) -> None:
    until(lambda: stack.look(job)["checkpoints"], stack)


def runners(worker: Program) -> list[psutil.Process]:
    """What runs of jobs below a worker; what has ended and nobody looked after yet doesn't."""
    found = []
    for each in psutil.Process(worker.process.pid).children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            found += [each] if "nest.py" in " ".join(each.cmdline()) else []
    return found


def check_one_outcome(job: sdk.Job, stack: Stack, *tries: tuple[str, str]) -> dict[str, Any]:
    """It succeeded by the last of these tries, with one revision; the second went on from a checkpoint."""
    assert over(job, stack) == "succeeded", (job.error, stack.logs())
    until(lambda: set(stack.look(job)["refs"]) == {"refs/heads/main"}, stack)
    found = stack.look(job)
    assert found["refs"] == {"refs/heads/main": found["commit"]} and len(found["commits"]) == 2, found
    assert [(worker, outcome) for worker, outcome, _ in found["tries"]] == list(tries)
    assert [step > 0 for _, _, step in found["tries"]] == [number > 0 for number in range(len(tries))]
    return found


# --- All is well ------------------------------------------------------------------------------------------------------


def test_a_worker_with_address_broker_and_token_does_a_whole_job(stack: Stack) -> None:
    with stack.worker():
        job = order()
        check_one_outcome(job, stack, ("left", "succeeded"))


def test_no_job_is_run_by_two_workers(stack: Stack) -> None:
    """Of two that hear the same bell, and of two processes that have one token."""
    twin = stack.folder / "twin"
    with stack.worker() as left, stack.worker("right") as right, stack.worker(folder=twin) as other:
        jobs = [order() for _ in range(3)]
        assert {over(job, stack) for job in jobs} == {"succeeded"}, stack.logs()
        said = [each.said for each in (left, right, other)]
    for job in jobs:
        [(_, outcome, _)] = stack.look(job)["tries"]
        assert outcome == "succeeded" and sum(f"{job.id}: attempt 1 begins" in each for each in said) == 1


# --- What surrounds a job breaks --------------------------------------------------------------------------------------


def test_the_broker_goes_and_comes_back_empty(stack: Stack) -> None:
    with stack.worker() as worker:
        running = order(**ENDLESS)
        has_come_to(running, "running", stack)
        stack.broker.end(signal.SIGKILL)
        waiting = order()
        running.cancel()
        assert over(running, stack) == "cancelled" and over(waiting, stack) == "succeeded"
        stack.broker.start()
        check_one_outcome(order(), stack, ("left", "succeeded"))
        check_one_outcome(waiting, stack, ("left", "succeeded"))
        assert worker.is_alive and stack.tender.is_alive


def test_the_hub_is_killed_and_started_again(stack: Stack) -> None:
    with stack.worker():
        job = order(**LONG)
        has_checkpoint(job, stack)
        stack.hub.kill()
        stack.hub.start()
        assert over(job, stack) == "succeeded", stack.logs()
    until(lambda: set(stack.look(job)["refs"]) == {"refs/heads/main"}, stack)
    found = stack.look(job)
    assert found["refs"] == {"refs/heads/main": found["commit"]} and len(found["commits"]) == 2
    assert [outcome for _, outcome, _ in found["tries"]][-1] == "succeeded"


def test_the_network_between_worker_and_hub_is_cut(stack: Stack) -> None:
    with Relay(int(stack.hub.url.rpartition(":")[2])) as relay, stack.worker(url=relay.url) as left:
        job = order(**LONG)
        has_checkpoint(job, stack)
        relay.is_cut.set()
        until(lambda: not runners(left), stack)
        with stack.worker("right"):
            until(lambda: job.refresh().told["worker"] == "right", stack)
            relay.is_cut.clear()
            check_one_outcome(job, stack, ("left", "lost"), ("right", "succeeded"))
        until(lambda: f"{job.id}: attempt 1 is over for the hub" in left.said, stack)
        check_one_outcome(order(), stack, ("left", "succeeded"))


def test_a_worker_stands_still_for_longer_than_its_lease(stack: Stack) -> None:
    with stack.worker(slots=2) as left:
        job, other = order(**LONG), order(**ENDLESS)
        has_checkpoint(job, stack)
        has_come_to(other, "running", stack)
        left.send(signal.SIGSTOP)
        other.cancel()
        with stack.worker("right"):
            check_one_outcome(job, stack, ("left", "lost"), ("right", "succeeded"))
            assert over(other, stack) == "cancelled"
            assert not runners(left), "what it holds goes on without it"
            left.send(signal.SIGCONT)
            until(lambda: f"{job.id}: attempt 1 is over for the hub" in left.said, stack)
        check_one_outcome(order(), stack, ("left", "succeeded"))
    assert stack.look(job)["tries"][-1][0] == "right"


def test_a_worker_is_drained(stack: Stack) -> None:
    with stack.worker() as left:
        job = order(**LONG)
        has_come_to(job, "running", stack)
        until(lambda: job.refresh().progress["step"], stack)
        assert left.end() == 0
        has_come_to(job, "queued", stack)
    with stack.worker("right"):
        check_one_outcome(job, stack, ("left", "released"), ("right", "succeeded"))


# --- The machine is too small -----------------------------------------------------------------------------------------


def test_memory_runs_out(stack: Stack) -> None:
    """More than was estimated. Another try takes half the batch; here it also finds more memory."""
    with stack.worker("odd", program=str(Path(odd_worker.__file__))) as small:
        job = order(title=odd_worker.LITTLE)
        until(lambda: stack.look(job)["halvings"], stack)
        assert "It took more memory than this worker gives a job." in str(list(job.events()))
        small.end()
    with stack.worker("right"):
        assert over(job, stack) == "succeeded", job.error
    found = stack.look(job)
    assert found["halvings"] >= 1 and found["failures"] == 0
    assert found["tries"][0][1] == "failed" and found["tries"][-1][:2] == ("right", "succeeded")


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root can mount a small disk")
def test_the_disk_of_a_worker_runs_full(stack: Stack, small_disk: Path) -> None:
    with stack.worker(folder=small_disk):
        filler = small_disk / "filler"
        status = os.statvfs(small_disk)
        with filler.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, status.f_bavail * status.f_frsize - (4 << 20))
        job = order(hidden="1500, 1500")
        until(lambda: stack.look(job)["failures"], stack)
        filler.unlink()
        told = [each["data"].get("text", "") for each in job.events()]
        assert "The worker's disk is full." in told, (told, stack.logs())
        assert over(job, stack) == "succeeded", (job.error, stack.logs())


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={256 << 20}", "headstart-test", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


# --- The order is no good ---------------------------------------------------------------------------------------------


def of(name: str, role: str, split: str) -> dict[str, str]:
    return {"repo": f"ada/{name}", "role": role, "split": split}


def test_data_that_can_not_be_used_is_refused_or_named(stack: Stack) -> None:
    with stack.worker(slots=2):
        good, nan, infinite = order(), order("ada/nan"), order("ada/infinite")
        for name, code, param in (
            ("other", "dataset_column_missing", "columns.label"),
            ("empty", "dataset_empty", "datasets"),
            ("torn", "dataset_empty", "datasets"),
        ):
            with pytest.raises(sdk.OrderRefusedError) as refused:
                order([of("table", "train", "train"), of(name, "test", "train" if name == "torn" else "test")])
            [fault] = refused.value.faults
            assert (fault["code"], fault["param"]) == (code, param) and fault["message"] and fault["advice"]
        check_one_outcome(good, stack, ("left", "succeeded"))
        unknown = sdk.evaluate(good.out, dataset=of("unknown", "test", "test"), recipe="tabular")
        for job, code, words in (
            (nan, "dataset_empty", "ada/nan train has no row with a value in label. Choose another split"),
            (infinite, "dataset_bad_value", "The label of row 1 is no number: inf. Leave such rows out"),
            (unknown, "label_unknown", "Unknown labels: maybe; known: no, yes. Map the column"),
        ):
            assert (over(job, stack), job.told["error"]["code"]) == ("failed", code)
            assert words in job.error and len(stack.look(job)["tries"]) == 1, "another try would not help"
            assert "Traceback" in job.logs()


@pytest.fixture(scope="class")
def odd(stack: Stack) -> Iterator[Program]:
    with stack.worker("odd", program=str(Path(odd_worker.__file__)), slots=4) as worker:
        yield worker


@pytest.mark.usefixtures("odd")
class TestOddWorker:
    def test_a_job_is_cancelled_in_each_state(self, stack: Stack) -> None:
        titles = {"claimed": "hold preparing", "preparing": "hold running", "finalizing": "hold push"}
        jobs = {state: order(title=title) for state, title in titles.items()}
        jobs["running"] = order(**ENDLESS)
        for state, job in jobs.items():
            has_come_to(job, state, stack)
        queued = order()
        assert queued.state == "queued" and queued.cancel().state == "cancelled"
        for job in jobs.values():
            assert job.cancel().told["cancelAsked"]
        for job in jobs.values():
            assert over(job, stack) == "cancelled" and job.cancel().state == "cancelled", "again changes nothing"
            found = stack.look(job)
            assert [outcome for _, outcome, _ in found["tries"]] == ["cancelled"] and not found["commit"]
        until(lambda: not [name for name in stack.look(jobs["finalizing"])["refs"] if "jobs/" in name], stack)

    def test_clocks_that_are_days_apart(self, stack: Stack) -> None:
        """Worker and runner disagree with the hub and with each other; a lease is no matter of clocks."""
        job = order(**LONG)
        found = check_one_outcome(job, stack, ("odd", "succeeded"))
        began, ended = (datetime.fromisoformat(job.told[name]) for name in ("orderedAt", "endedAt"))
        moments = [datetime.fromisoformat(each).replace(tzinfo=began.tzinfo) for each in found["moments"]]
        around = timedelta(minutes=1)
        assert all(began - around <= each <= ended + around for each in moments)

    def test_a_recipe_that_raises(self, stack: Stack) -> None:
        job = order(title="raises")
        assert over(job, stack) == "failed"
        assert job.error.startswith("The recipe failed: ZeroDivisionError: division by zero The log says where")
        assert len(stack.look(job)["tries"]) == 3, "twice it might have been bad luck"
        assert "About to divide." in job.logs() and "in raises" in job.logs()
        with pytest.raises(sdk.JobFailedError, match="ZeroDivisionError"):
            job.wait()
