"""`python -m workers.runner FOLDER`: whole jobs in processes of their own, killed and gone on with."""

import dataclasses
import hashlib
import json
import signal
import subprocess
from pathlib import Path

import pytest

from tests.factories import runs
from workers.contract import Exit
from workers.lib import folder as folders
from workers.lib.folder import Outcome
from workers.recipes import recipe

# Checkpoints often, dropout on, two passes a step.
LIVELY = {"max_steps": 30, "checkpoint_steps": 3, "accumulation": 2, "batch_size": 8}


def weights(folder: Path) -> str:
    return hashlib.sha256((folder / "out/model.safetensors").read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    """A job that nobody disturbed, and what it was to do."""
    root = tmp_path_factory.mktemp("runs")
    work = runs.make_work(root, "text-classification", config=LIVELY)
    folder = runs.make_folder(root / "whole", work)
    assert runs.finish(folder) == Exit.DONE, (folder / folders.LOG).read_text()
    return folder, work


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_what_goes_on_from_a_checkpoint_ends_bit_for_bit_as_if_never_killed(undisturbed, tmp_path, how):
    whole, work = undisturbed
    first = runs.make_folder(tmp_path / "first", work)
    assert runs.kill_at(first, 6, how) == (-how if how == signal.SIGKILL else Exit.STOPPED)
    step, checkpoint = folders.checkpoints(first)[-1]
    assert 6 <= step < 30
    second = runs.make_folder(tmp_path / "second", dataclasses.replace(work, resume=str(checkpoint)))
    assert runs.finish(second) == Exit.DONE, (second / folders.LOG).read_text()
    assert weights(second) == weights(whole)
    curves = [json.loads((folder / "curves.json").read_text()) for folder in (whole, second)]
    assert curves[0] == curves[1]
    clocks = [json.loads((folder / "clock.json").read_text()) for folder in (whole, second)]
    assert [step for step, _ in clocks[0]] == [step for step, _ in clocks[1]]
    assert [at for _, at in clocks[1]] == sorted(at for _, at in clocks[1])


def test_what_was_over_when_it_was_killed_is_not_trained_again(undisturbed, tmp_path):
    whole, work = undisturbed
    step, checkpoint = folders.checkpoints(whole)[-1]
    again = runs.make_folder(tmp_path / "again", dataclasses.replace(work, resume=str(checkpoint)))
    assert runs.finish(again) == Exit.DONE, (again / folders.LOG).read_text()
    assert step == 30
    assert weights(again) == weights(whole)
    assert not [event for event in runs.events(again) if event["kind"] == "progress"]


def test_a_result_says_what_was_measured_and_on_what(undisturbed):
    folder, _ = undisturbed
    outcome = Outcome.from_json(folders.read_json(folder / folders.RESULT))
    accuracy = outcome.result.measured[0]
    assert (accuracy.metric, accuracy.dataset, accuracy.dataset_commit) == ("accuracy", "me/test", runs.COMMIT)
    assert (outcome.result.recipe_version, outcome.result.notes) == (recipe("text-classification").offer.version, ())
    assert accuracy.value > 0.9
    assert accuracy.low < accuracy.value <= accuracy.high
    assert outcome.metadata["base_model_relation"] == "finetune"
    assert outcome.result.environment["threads"] == 1
    assert outcome.result.predictions_sha256
    assert {"train/loss", "validation/accuracy"} <= set(outcome.result.tables["curves"])
    assert outcome.result.tables["clock"][-1][0] == 30


def test_a_process_that_waited_for_its_job_makes_the_same_weights(undisturbed, tmp_path):
    whole, work = undisturbed
    (folder := tmp_path / "spare").mkdir()
    process = runs.start(folder, program="workers.runner.spare", stdin=subprocess.PIPE)
    folders.write_json(folder / folders.JOB, work)
    process.communicate(b'{"NOFILE": 512}\n', timeout=120)
    assert process.returncode == Exit.DONE, (folder / folders.LOG).read_text()
    assert weights(folder) == weights(whole)
