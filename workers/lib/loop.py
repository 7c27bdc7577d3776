"""A training loop for models without a Trainer: tables and recommenders. Same rules as `lib/training.py`: events as it
goes, whole checkpoints, a stop at the next step, a guard against NaN, early stopping, the best model at the end, and a
resume after which the weights are bit for bit those of an uninterrupted run on a CPU."""

import math
import os
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workers.contract import Code, Option
from workers.lib.session import Session, Stopped, Trouble

if TYPE_CHECKING:
    import torch

FILE = "loop.pt"
KEPT = 2
# What each recipe with a loop of its own offers besides the rest.
OPTIONS = (
    Option("checkpoint_steps", "int", 0, "Steps between checkpoints", "0: one each epoch.", 0, 10_000_000, (), True),
)


@dataclass(frozen=True)
class Plan:
    """What to train. `loss(rows)`: mean loss of the training rows with these numbers; `judge()`: the metric on the
    validation rows, of a module in eval mode, None where there are none."""

    module: "torch.nn.Module"
    rows: int
    loss: "Callable[[torch.Tensor], torch.Tensor]"
    judge: Callable[[], float] | None
    metric: str
    higher_is_better: bool = True
    epochs: int = 10
    batch: int = 256
    rate: float = 1e-3
    decay: float = 0.0
    # Epochs without a better metric after which it ends; 0 for never.
    patience: int = 0
    # Steps between checkpoints; 0 for one each epoch.
    save_steps: int = 0

    @property
    def steps_each_epoch(self) -> int:
        return max(1, math.ceil(self.rows / self.batch))


@dataclass
class _Standing:
    """Where a run stands, besides weights: all that a checkpoint must bring back."""

    step: int = 0
    stale: int = 0
    best: float | None = None
    weights: "dict[str, torch.Tensor]" = field(default_factory=dict)
    is_over: bool = False


def train(session: Session, plan: Plan) -> int:
    """Train `plan.module` in place; returns the steps. The module holds its best weights then.

    Raises Stopped after a checkpoint when the session wants so, Trouble when the loss is no number."""
    run = _Run(session, plan)
    run.resume()
    while not run.is_done:
        run.step()
    run.finish()
    return run.at.step


class _Run:
    def __init__(self, session: Session, plan: Plan) -> None:
        import torch

        self.session, self.plan, self.at = session, plan, _Standing()
        self.total = plan.epochs * plan.steps_each_epoch
        self.optimizer = torch.optim.AdamW(plan.module.parameters(), lr=plan.rate, weight_decay=plan.decay)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer, lambda step: _share(step, self.total))
        self.started, self.first = time.monotonic(), 0
        self.losses: list[float] = []
        torch.manual_seed(session.seed)
        plan.module.train()

    @property
    def is_done(self) -> bool:
        return self.at.is_over or self.at.step >= self.total

    def step(self) -> None:
        epoch, place = divmod(self.at.step, self.plan.steps_each_epoch)
        self._learn(self._order(epoch)[place * self.plan.batch :][: self.plan.batch])
        self.at.step += 1
        if place + 1 == self.plan.steps_each_epoch:
            self._judge()
        self._tell()
        self._save_when_due(place + 1 == self.plan.steps_each_epoch)

    def _order(self, epoch: int) -> "torch.Tensor":
        """The rows of an epoch, shuffled by seed and epoch alone: a resumed run meets them in the same order."""
        import torch

        if epoch != getattr(self, "_epoch", None):
            generator = torch.Generator().manual_seed(self.session.seed * 100_003 + epoch)
            self._epoch, self._rows = epoch, torch.randperm(self.plan.rows, generator=generator)
        return self._rows

    def _learn(self, rows: "torch.Tensor") -> None:
        """One step over `rows`, in parts after an attempt that ran out of memory: the batch stays what it was."""
        import torch

        self.optimizer.zero_grad()
        size = max(1, self.plan.batch >> self.session.batch_halvings)
        loss = sum(self._backward(part, len(part) / len(rows)) for part in rows.split(size))
        torch.nn.utils.clip_grad_norm_(self.plan.module.parameters(), 5.0)
        self.optimizer.step()
        self.schedule.step()
        self.losses.append(loss)

    def _backward(self, rows: "torch.Tensor", share: float) -> float:
        loss = self.plan.loss(rows) * share
        value = float(loss.detach())
        if not math.isfinite(value):
            raise Trouble(
                Code.LOSS_NOT_FINITE,
                f"The loss is no number at step {self.at.step + 1}.",
                "Take a lower learning rate, and look for extreme values in the data.",
                "config.learning_rate",
            )
        loss.backward()  # type: ignore[no-untyped-call]
        return value

    def _judge(self) -> None:
        """At an epoch's end: the metric, whether it is the best yet, whether enough is enough."""
        if self.plan.judge is None:
            return
        value = self._judged(self.plan.judge)
        self.session.report.metric(self.plan.metric, value, self.at.step, "validation")
        if self.at.best is None or ((value > self.at.best) == self.plan.higher_is_better and value != self.at.best):
            self.at.best, self.at.stale, self.at.weights = value, 0, _copied(self.plan.module)
        else:
            self.at.stale += 1
        self.at.is_over = bool(self.plan.patience) and self.at.stale >= self.plan.patience

    def _judged(self, judge: Callable[[], float]) -> float:
        """Judging draws no random numbers from the training's."""
        import torch

        self.plan.module.eval()
        with torch.no_grad(), torch.random.fork_rng(devices=[]):
            value = judge()
        self.plan.module.train()
        return value

    def _tell(self) -> None:
        spent, done = time.monotonic() - self.started, self.at.step - self.first
        self.session.report.progress(
            self.at.step,
            self.total,
            epoch=self.at.step / self.plan.steps_each_epoch,
            seconds=spent,
            seconds_left=spent / done * (self.total - self.at.step),
            examples_per_second=done * self.plan.batch / max(spent, 1e-9),
        )
        if self.at.step % max(1, self.plan.steps_each_epoch // 10) == 0:
            self.session.report.metric("loss", sum(self.losses) / len(self.losses), self.at.step, "train")
            self.losses = []

    def _save_when_due(self, is_epoch: bool) -> None:
        stop = self.session.should_stop()
        due = self.at.step % self.plan.save_steps == 0 if self.plan.save_steps else is_epoch
        if stop or due:
            self._save()
        if stop and not self.is_done:
            raise Stopped

    def _save(self) -> None:
        """A checkpoint folder gets its name when all of it is on disk."""
        import torch

        final = self.session.checkpoints / f"checkpoint-{self.at.step}"
        half = final.with_name(f".{final.name}.half")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(parents=True)
        torch.save(self._state(), half / FILE)
        _sync(half / FILE)
        shutil.rmtree(final, ignore_errors=True)
        half.rename(final)
        _drop_old(self.session.checkpoints)

    def _state(self) -> dict[str, Any]:
        import torch

        return {
            "module": self.plan.module.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": {"last_epoch": self.schedule.last_epoch},
            "random": torch.get_rng_state(),
            "standing": vars(self.at),
        }

    def resume(self) -> None:
        import torch

        if self.session.resume is None:
            return
        state = torch.load(self.session.resume / FILE, map_location="cpu", weights_only=True)
        self.plan.module.load_state_dict(state["module"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.last_epoch = state["schedule"]["last_epoch"]
        self.at = _Standing(**state["standing"])
        self.first = self.at.step
        torch.set_rng_state(state["random"])

    def finish(self) -> None:
        if self.at.weights:
            self.plan.module.load_state_dict(self.at.weights)
        self.plan.module.eval()


def _share(step: int, total: int) -> float:
    """Of the peak rate: up over the first twentieth, then down in a line, to a tenth at the end."""
    rise = max(1, total // 20)
    return (step + 1) / rise if step < rise else 1 - 0.9 * (step - rise) / max(1, total - rise)


def _copied(module: "torch.nn.Module") -> "dict[str, torch.Tensor]":
    return {name: tensor.detach().cpu().clone() for name, tensor in module.state_dict().items()}


def _sync(path: Path) -> None:
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def _drop_old(folder: Path) -> None:
    for old in sorted(folder.glob("checkpoint-*"), key=lambda path: int(path.name.partition("-")[2]))[:-KEPT]:
        shutil.rmtree(old, ignore_errors=True)
