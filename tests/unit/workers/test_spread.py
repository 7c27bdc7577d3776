"""A fine-tune in two processes (gloo, on the CPU): whole jobs, stopped, killed and gone on with."""

import contextlib
import dataclasses
import hashlib
import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.factories import runs
from workers.contract import Exit
from workers.lib import folder as folders
from workers.lib.events import Journal
from workers.lib.folder import Outcome
from workers.lib.session import Stopped, Trouble
from workers.lib.training import plan
from workers.runner import spread
from workers.runner.faults import end
from workers.runner.seat import LEFT_ALONE, Seat

# Checkpoints often, dropout on, two passes a step.
LIVELY = {"max_steps": 30, "checkpoint_steps": 3, "accumulation": 2, "batch_size": 8}


def weights(folder: Path) -> str:
    return hashlib.sha256((folder / "out/model.safetensors").read_bytes()).hexdigest()


@contextlib.contextmanager
def journal(path: Path) -> Iterator[Journal]:
    made = Journal(path)
    yield made
    made.close()


def log(folder: Path) -> str:
    return (folder / folders.LOG).read_text()


@pytest.fixture(scope="module")
def work(tmp_path_factory):
    return runs.make_work(tmp_path_factory.mktemp("spread"), "text-classification", config=LIVELY)


def resumed(path: Path, work, first: Path) -> Path:
    """The job went on from the last checkpoint of that folder, to its end."""
    step, checkpoint = folders.checkpoints(first)[-1]
    assert step < LIVELY["max_steps"]
    folder = runs.make_folder(path, dataclasses.replace(work, resume=str(checkpoint)))
    assert runs.finish(folder, ranks=2) == Exit.DONE, log(folder)
    return folder


def kill_one(folder: Path) -> None:
    """The second of both, once there is a checkpoint: it takes the other with it, and neither says a word."""
    process = runs.start(folder, ranks=2)
    while process.poll() is None and not folders.checkpoints(folder):
        time.sleep(0.002)
    ranks = [each for each in psutil.Process(process.pid).children(recursive=True) if each.cmdline()[-1:] == ["2"]]
    next(each for each in ranks if each.cmdline()[-2] == "1").kill()
    assert process.wait(60) == 128 + signal.SIGKILL
    assert not any(each.is_running() for each in ranks)
    assert not (folder / folders.FAILURE).exists() and not (folder / folders.RESULT).exists()


def test_killed_or_stopped_both_go_on_bit_for_bit(work, tmp_path):
    """Cut at different steps, in different ways, they end alike."""
    kill_one(killed := runs.make_folder(tmp_path / "killed", work))
    stopped = runs.make_folder(tmp_path / "stopped", work)
    assert runs.kill_at(stopped, 9, signal.SIGTERM, ranks=2) == Exit.STOPPED, log(stopped)
    assert not (stopped / folders.FAILURE).exists()
    first, second = resumed(tmp_path / "first", work, killed), resumed(tmp_path / "second", work, stopped)
    assert weights(first) == weights(second)
    one_spoke_for_both(first)


def one_spoke_for_both(folder: Path) -> None:
    outcome = Outcome.from_json(folders.read_json(folder / folders.RESULT))
    assert outcome.result.measured[0].value > 0.9
    assert outcome.result.environment["processes"] == 2
    usage = outcome.result.usage
    assert usage["device_seconds"] == 2 * usage["seconds"]
    told = [event["data"] for event in runs.events(folder)]
    steps = [each["step"] for each in told if each.get("split") == "validation" and each["name"] == "accuracy"]
    assert steps == sorted(set(steps))
    assert [each["step"] for each in told if "total" in each][-1] == outcome.steps == LIVELY["max_steps"]
    assert (folder / "checkpoints/checkpoint-30/rng_state_1.pth").is_file()


@pytest.mark.parametrize(
    ("codes", "told"),
    [
        ([Exit.OUT_OF_MEMORY, -signal.SIGTERM], Exit.OUT_OF_MEMORY),
        ([LEFT_ALONE, -signal.SIGKILL], 137),
        ([LEFT_ALONE, Exit.BAD_DATA], Exit.BAD_DATA),
        ([-signal.SIGTERM, Exit.STOPPED], Exit.STOPPED),
        ([LEFT_ALONE], Exit.BUG),
        ([-signal.SIGTERM], 143),
    ],
)
def test_the_code_that_the_others_follow_from(codes, told):
    assert spread.cause(codes) == told == spread.cause(reversed(codes))


def test_the_first_of_several_that_fails_is_heard(tmp_path):
    gone = RuntimeError("[gloo/transport/tcp/pair.cc:1] Connection closed by peer")
    with journal(Seat(1, 2).journal(tmp_path)) as nowhere:
        assert end(tmp_path, gone, nowhere, Seat(0, 2)) == LEFT_ALONE
        assert end(tmp_path, MemoryError(), nowhere, Seat(1, 2)) == Exit.OUT_OF_MEMORY
        assert end(tmp_path, Trouble("internal", "Too late."), nowhere, Seat(0, 2)) == Exit.BUG
        assert end(tmp_path, gone, nowhere) == Exit.BUG
    said = folders.read_json(tmp_path / folders.FAILURE)
    assert (said["code"], said["message"][-17:]) == ("out_of_memory", "(Process 2 of 2.)")
    assert sorted(each.name for each in tmp_path.iterdir()) == [folders.FAILURE]


def test_each_has_a_device_of_its_own():
    assert [Seat(1, 2).device(kind) for kind in ("cpu", "cuda")] == ["cpu", "cuda:1"]
    assert Seat().device("cuda") == "cuda"


def test_only_the_first_says_that_all_stopped(tmp_path):
    with journal(tmp_path / folders.EVENTS) as told:
        codes = [end(tmp_path, Stopped("Stopped."), told, Seat(rank, 2)) for rank in (0, 1)]
    assert codes == [Exit.STOPPED, Exit.DONE]


@pytest.mark.parametrize(("ranks", "halvings", "micro", "accumulation"), [(1, 0, 16, 2), (2, 0, 8, 2), (4, 1, 2, 4)])
def test_the_rows_of_a_step_are_the_same_on_any_number_of_devices(ranks, halvings, micro, accumulation):
    config = {"batch_size": 16, "accumulation": 2, "max_steps": 0, "epochs": 1, "evaluations": 1}
    found = plan(config, 100, halvings, ranks)
    assert (found.micro, found.accumulation, found.batch, found.steps) == (micro, accumulation, 32, 4)


def test_a_batch_that_can_not_be_shared_is_refused():
    with pytest.raises(Trouble, match="A batch of 15 can't be shared alike by 2 devices"):
        plan({"batch_size": 15}, 100, 0, 2)


@pytest.mark.parametrize(("kind", "recipe"), [("evaluate", "text-classification"), ("finetune", "tabular")])
def test_what_runs_in_one_process_is_not_run_in_two(tmp_path, kind, recipe):
    work = runs.make_work(tmp_path, recipe, kind=kind)
    folder = runs.make_folder(tmp_path / "job", work)
    from workers.runner.__main__ import main

    assert main([str(folder), "1", "2"]) == Exit.BAD_SPEC
    assert json.loads((folder / folders.FAILURE).read_text())["param"] == "gpus"
