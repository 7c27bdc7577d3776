"""A training loop for models without a Trainer: tables and recommenders. Same rules as `lib/training.py`: events as it
goes, whole checkpoints, a stop at the next step, a guard against NaN, early stopping, the best model at the end, and a
resume after which the weights are bit for bit those of an uninterrupted run on a CPU."""

import math
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from workers.contract import Code
from workers.lib import clock, events, standing, training
from workers.lib.session import Session, Stopped, Trouble
from workers.lib.standing import Standing

if TYPE_CHECKING:
    import torch

FILE = "loop.pt"
# Points of the loss curve, and seconds between reports of progress.
POINTS, PAUSE = 200, 0.5
# What each recipe with a loop of its own offers besides the rest.
OPTIONS = tuple(option for option in training.options() if option.name.startswith("checkpoint_"))


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

    @property
    def steps_each_epoch(self) -> int:
        return max(1, math.ceil(self.rows / self.batch))


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

        self.session, self.plan, self.at = session, plan, Standing()
        self.total = plan.epochs * plan.steps_each_epoch
        self.optimizer = torch.optim.AdamW(plan.module.parameters(), lr=plan.rate, weight_decay=plan.decay)
        self.began = self.saved = self.told = clock.monotonic()
        self.first, self.epoch = 0, -1
        self.best: dict[str, torch.Tensor] = {}
        torch.manual_seed(session.seed)
        plan.module.train()

    @property
    def is_done(self) -> bool:
        return self.at.stopped_early or self.at.step >= self.total

    def step(self) -> None:
        epoch, place = divmod(self.at.step, self.plan.steps_each_epoch)
        self._learn(self._order(epoch)[place * self.plan.batch :][: self.plan.batch])
        self.at.step += 1
        self._tell_loss()
        if place + 1 == self.plan.steps_each_epoch:
            self._judge()
        self._tell_progress()
        self._save_when_due()

    def _order(self, epoch: int) -> "torch.Tensor":
        """The rows of an epoch, shuffled by seed and epoch alone: a resumed run meets them in the same order."""
        import torch

        if epoch != self.epoch:
            generator = torch.Generator().manual_seed(self.session.seed * 100_003 + epoch)
            self.epoch, self.rows = epoch, torch.randperm(self.plan.rows, generator=generator)
        return self.rows

    def _learn(self, rows: "torch.Tensor") -> None:
        """One step over `rows`, in parts after an attempt that ran out of memory: the batch stays what it was."""
        import torch

        for group in self.optimizer.param_groups:
            group["lr"] = self.plan.rate * _share(self.at.step, self.total)
        self.optimizer.zero_grad()
        size = max(1, self.plan.batch >> self.session.batch_halvings)
        self.at.window += sum(self._backward(part, len(part) / len(rows)) for part in rows.split(size))
        self.at.window_steps += 1
        torch.nn.utils.clip_grad_norm_(self.plan.module.parameters(), 5.0)
        self.optimizer.step()

    def _backward(self, rows: "torch.Tensor", share: float) -> float:
        loss = self.plan.loss(rows) * share
        value = float(loss.detach())
        if not math.isfinite(value):
            raise Trouble(
                Code.LOSS_NOT_FINITE,
                f"The loss is no longer a finite number at step {self.at.step + 1}.",
                "Take a lower learning rate, and look for odd values in the data.",
                "config.learning_rate",
            )
        loss.backward()
        return value

    def _tell_loss(self) -> None:
        if self.at.step % max(1, self.total // POINTS) and not self.is_done:
            return
        mean = self.at.window / self.at.window_steps
        self.at.window, self.at.window_steps = 0.0, 0
        self.at.told("train/loss", self.at.step, mean)
        self.session.report.metric("loss", mean, self.at.step, "train")

    def _judge(self) -> None:
        """At an epoch's end: the metric, whether it is the best yet, whether enough is enough."""
        if self.plan.judge is None:
            return
        value = self._judged(self.plan.judge)
        self.at.told(f"validation/{self.plan.metric}", self.at.step, value)
        self.session.report.metric(self.plan.metric, value, self.at.step, "validation")
        events.note(self.at.step, {self.plan.metric: value})
        self.at.clock.append((self.at.step, self.at.seconds + clock.monotonic() - self.began))
        if self.at.judged(value, self.at.step, self.plan.higher_is_better):
            self.best, self.at.kept_step = _copied(self.plan.module), self.at.step
        self.at.stopped_early = bool(self.plan.patience and self.at.waited >= self.plan.patience)

    def _judged(self, judge: Callable[[], float]) -> float:
        """Judging draws no random numbers from the training's."""
        import torch

        self.plan.module.eval()
        with torch.no_grad(), torch.random.fork_rng(devices=[]):
            value = judge()
        self.plan.module.train()
        return value

    def _tell_progress(self) -> None:
        now = clock.monotonic()
        if now - self.told < PAUSE and not self.is_done:
            return
        self.told, done, taken = now, self.at.step - self.first, max(now - self.began, 1e-9)
        self.session.report.progress(
            self.at.step,
            self.total,
            epoch=round(self.at.step / self.plan.steps_each_epoch, 4),
            seconds=round(self.at.seconds + taken, 3),
            seconds_left=0.0 if self.is_done else round(taken / done * (self.total - self.at.step), 3),
            examples_per_second=round(done * min(self.plan.batch, self.plan.rows) / taken, 3),
        )

    def _save_when_due(self) -> None:
        stop, config = self.session.should_stop(), self.session.config
        by_steps, late = config["checkpoint_steps"], clock.monotonic() - self.saved >= config["checkpoint_seconds"]
        if stop or late or self.is_done or (by_steps and self.at.step % by_steps == 0):
            self._save()
        if stop and not self.is_done:
            raise Stopped(f"Stopped after step {self.at.step}.")

    def _save(self) -> None:
        """A checkpoint folder gets its name when all of it is on disk."""
        import torch

        made = self.session.folder / "loop" / f"checkpoint-{self.at.step}"
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        torch.save(self._state(), made / FILE)
        self.saved = clock.monotonic()
        replace(self.at, seconds=self.at.seconds + self.saved - self.began, is_done=self.is_done).write(made)
        standing.publish(made, self.session.checkpoints, self.at.step)

    def _state(self) -> dict[str, Any]:
        import torch

        return {
            "module": self.plan.module.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "random": torch.get_rng_state(),
            "best": self.best,
        }

    def resume(self) -> None:
        """Go on from the session's checkpoint, if it has one. Only weights and numbers are read from it, no objects."""
        import torch

        if self.session.resume is None:
            return
        state = torch.load(self.session.resume / FILE, map_location="cpu", weights_only=True)
        self.plan.module.load_state_dict(state["module"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.at, self.best = Standing.read(self.session.resume), state["best"]
        self.first = self.at.step
        torch.set_rng_state(state["random"])

    def finish(self) -> None:
        if self.best:
            self.plan.module.load_state_dict(self.best)
        self.plan.module.eval()
        training.keep(self.session, self.at.curves, self.at.clock)


def _share(step: int, total: int) -> float:
    """Of the peak rate: up over the first twentieth, then down in a line, to a tenth at the end."""
    rise = max(1, total // 20)
    return (step + 1) / rise if step < rise else 1 - 0.9 * (step - rise) / max(1, total - rise)


def _copied(module: "torch.nn.Module") -> "dict[str, torch.Tensor]":
    return {name: tensor.detach().cpu().clone() for name, tensor in module.state_dict().items()}
