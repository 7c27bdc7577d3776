"""The loop of models without a Trainer."""

import pytest
import torch

from tests.factories.recipes import digest, make_tiny, stop_at
from workers.contract import Code
from workers.lib import loop
from workers.lib.session import Trouble


@pytest.fixture
def tiny(tmp_path):
    return make_tiny("tabular", tmp_path, epochs=4, checkpoint_steps=3)


def test_a_checkpoint_holds_weights_and_numbers_but_no_objects(tiny):
    session, _ = tiny.tune()
    kept = sorted(session.checkpoints.iterdir())
    assert [path.name for path in kept] == ["checkpoint-39", "checkpoint-40"]
    state = torch.load(kept[-1] / loop.FILE, weights_only=True)
    assert set(state) == {"module", "optimizer", "random", "best"}
    assert not list((session.folder / "loop").iterdir())


def test_what_is_over_is_not_trained_again(tiny):
    session, _ = tiny.tune()
    again, _ = tiny.tune("again", resume=session.checkpoints / "checkpoint-40")
    assert again.report.steps == []
    assert digest(again.out) == digest(session.out)


def test_a_stop_leaves_a_checkpoint_of_that_very_step(tiny):
    assert stop_at(tiny, "stopped", 5).name == "checkpoint-5"


def test_after_too_little_memory_the_batch_goes_in_parts(tiny):
    session, whole = tiny.tune()
    halved, parts = tiny.tune("halved", batch_halvings=2)
    assert parts.steps == whole.steps
    losses = [each.report.metrics["loss", "train", 40] for each in (session, halved)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-3)


def test_it_ends_when_it_gets_no_better(tmp_path):
    tiny = make_tiny("tabular", tmp_path, epochs=50, patience=2, learning_rate=0.05)
    session, trained = tiny.tune()
    judged = {step: value for (name, split, step), value in session.report.metrics.items() if split == "validation"}
    assert trained.steps == max(judged) < 500
    assert max(judged.values()) > max(judged[step] for step in sorted(judged)[-2:]) - 1e-9


def test_a_loss_that_is_no_number_ends_it(tiny):
    module = torch.nn.Linear(1, 1)
    plan = loop.Plan(module, 10, lambda rows: module.weight.sum() * torch.tensor(float("nan")), None, "accuracy")
    with pytest.raises(Trouble) as caught:
        loop.train(tiny.session("broken"), plan)
    assert caught.value.code == Code.LOSS_NOT_FINITE
