"""What a training promises every recipe: plans, best weights, early stops, an end where the loss isn't finite."""

import errno
import math

import pytest
import torch

from tests.factories import runs
from workers.contract import Code, Exit
from workers.lib import training
from workers.lib.config import settle
from workers.lib.session import Trouble
from workers.lib.standing import Standing
from workers.recipes import recipe
from workers.runner import faults

OPTIONS = training.options()


def config(**given):
    return settle(OPTIONS, given)


@pytest.mark.parametrize(("halvings", "micro", "accumulation"), [(0, 16, 2), (1, 8, 4), (3, 2, 16), (9, 1, 32)])
def test_a_halved_batch_leaves_the_rows_of_a_step_and_the_steps_alone(halvings, micro, accumulation):
    found = training.plan(config(accumulation=2, epochs=3), 1000, halvings)
    assert (found.micro, found.accumulation, found.batch) == (micro, accumulation, 32)
    assert found.steps == 3 * math.ceil(1000 / 32)


def test_a_plan_by_steps_and_by_parts_of_epochs():
    assert training.plan(config(max_steps=7), 1000).steps == 7
    assert training.plan(config(epochs=0.5, evaluations=4), 1600).evaluate_every == 25
    assert training.plan(config(epochs=0.01), 10).steps == 1


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"epochs": "many"}, "must be a number"),
        ({"batch_size": 1.5}, "must be a whole number"),
        ({"batch_size": 0}, "from 1 to 4096, not 0"),
        ({"schedule": "sudden"}, "must be one of linear"),
        ({"keep_best": "perhaps"}, "must be true or false"),
        ({"epoch": 3}, "no option “epoch”"),
        ({"learning_rate": float("nan")}, "must be a number"),
    ],
)
def test_a_config_that_does_not_fit_is_refused_by_its_field(given, said):
    with pytest.raises(Trouble, match=said) as trouble:
        config(**given)
    assert trouble.value.code == Code.BAD_SPEC
    assert trouble.value.param == f"config.{next(iter(given))}"


def test_a_config_may_come_as_text():
    found = config(epochs="2", batch_size="8", keep_best="off")
    assert (found["epochs"], found["batch_size"], found["keep_best"]) == (2.0, 8, False)


class Line(torch.nn.Module):
    """y = weight * x."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = torch.nn.Parameter(torch.zeros(1))

    def forward(self, x, y):
        return {"loss": ((self.weight * x - y) ** 2).mean()}


def collate(rows):
    return {"x": torch.tensor([row[0] for row in rows]), "y": torch.tensor([row[1] for row in rows])}


def line(tmp_path, rows=None, judge=None, **given):
    session = runs.make_session(tmp_path, "text-classification")
    session.config = config(**{"warmup": 0, "batch_size": 4, "learning_rate": 0.1, **given})
    rows = rows or [(float(x), 2.0 * x) for x in range(1, 9)]
    model = Line()
    return session, model, training.fit(session, model=model, train=rows, collate=collate, validation=rows, judge=judge)


def test_a_module_of_ones_own_is_trained_as_well(tmp_path):
    session, model, fitted = line(tmp_path, epochs=60)
    assert model.weight.item() == pytest.approx(2.0, abs=0.1)
    assert fitted.steps == 120
    assert session.report.steps[-1] == 120
    assert fitted.curves["validation/loss"][-1][1] < 0.1 < fitted.curves["train/loss"][0][1]


def test_the_best_weights_are_kept_and_patience_ends_the_training(tmp_path):
    values = iter([3.0, 1.0, 2.0, 2.0, 2.0])
    _, model, fitted = line(tmp_path, judge=lambda _: {"loss": next(values)}, epochs=20, patience=2)
    assert (fitted.stopped_early, fitted.steps, fitted.best_step, fitted.best_value) == (True, 8, 4, 1.0)
    kept = model.weight.item()
    values = iter([3.0, 1.0])
    _, again, _ = line(tmp_path / "again", judge=lambda _: {"loss": next(values)}, max_steps=4, schedule="constant")
    assert fitted.plan.steps == 40
    assert kept == pytest.approx(again.weight.item(), rel=0.2)


def test_a_loss_that_is_not_finite_ends_it_and_leaves_no_checkpoint_of_it(tmp_path):
    rows = [(1.0, 1.0)] * 20 + [(float("inf"), 1.0)] * 4
    with pytest.raises(Trouble, match="no longer a finite number") as trouble:
        line(tmp_path, rows=rows, epochs=3, checkpoint_steps=1)
    assert trouble.value.code == Code.LOSS_NOT_FINITE
    for path in (tmp_path / "checkpoints").iterdir():
        assert math.isfinite(Standing.read(path).window)


def test_two_checkpoints_are_left_each_whole(tmp_path):
    session, _, _ = line(tmp_path, epochs=5, checkpoint_steps=1)
    found = sorted(path.name for path in session.checkpoints.iterdir())
    assert found == ["checkpoint-10", "checkpoint-9"]
    names = {path.name for path in (session.checkpoints / "checkpoint-10").iterdir()}
    assert {"model.safetensors", "optimizer.pt", "rng_state.pth", "trainer_state.json", "standing.json"} <= names
    assert "training_args.bin" not in names


@pytest.mark.parametrize(
    ("error", "code", "end"),
    [
        (torch.OutOfMemoryError("CUDA out of memory. Tried"), Code.OUT_OF_MEMORY, Exit.OUT_OF_MEMORY),
        (RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried"), Code.OUT_OF_MEMORY, Exit.OUT_OF_MEMORY),
        (MemoryError(), Code.OUT_OF_MEMORY, Exit.OUT_OF_MEMORY),
        (OSError(errno.ENOSPC, "No space left"), Code.DISK_FULL, Exit.BUG),
        (RuntimeError("[enforce fail] . PytorchStreamWriter failed writing file data/0"), Code.DISK_FULL, Exit.BUG),
        (RuntimeError("I/O error: No space left on device (os error 28)"), Code.DISK_FULL, Exit.BUG),
        (ZeroDivisionError("by zero"), Code.INTERNAL, Exit.BUG),
        (Trouble(Code.DATASET_EMPTY, "No rows."), Code.DATASET_EMPTY, Exit.BAD_DATA),
        (Trouble(Code.UNSAFE_WEIGHTS, "Pickle."), Code.UNSAFE_WEIGHTS, Exit.BAD_SPEC),
    ],
)
def test_every_trouble_has_a_code_a_sentence_and_an_exit(tmp_path, error, code, end):
    notes = runs.Notes()
    assert faults.end(tmp_path, error, notes) == end
    assert faults.told(error).code == code
    assert notes.said == [faults.told(error).message]
    assert (tmp_path / "failure.json").is_file()


def test_a_full_disk_is_found_behind_what_it_led_to():
    """As torch.save does: its archive is closed after the write failed, and that fails in another way."""
    with pytest.raises(RuntimeError) as consequence:
        try:
            raise RuntimeError("basic_ios::clear: iostream error")
        finally:
            raise RuntimeError("unexpected pos 64 vs 0")
    assert faults.told(consequence.value).code == Code.DISK_FULL


def test_a_base_that_can_not_be_loaded_says_why(tmp_path):
    session, method = runs.make_session(tmp_path, "text-classification"), recipe("text-classification")
    (session.base / "model.safetensors").unlink()
    with pytest.raises(Trouble, match="no weights as safetensors") as trouble:
        method.finetune(session)
    assert trouble.value.code == Code.UNSAFE_WEIGHTS
    session.base = None
    with pytest.raises(Trouble, match="starts from a model"):
        method.finetune(session)
