"""Training on transformers.Trainer for every recipe, one with an Auto class or one with a module of its own.

Whole checkpoints, resume that gives bit-identical weights on a CPU, the best model kept, early stopping, a stop when
the supervisor asks, an end at the first loss that isn't finite. No torch at import.
"""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from workers.contract import Code, Option
from workers.lib.session import Session, Trouble

# {name: [[step, value], …]}: of all attempts, where events only tell of this one.
CURVES = "curves.json"
# [[step, seconds of training until then], …] at each evaluation, over all attempts.
CLOCK = "clock.json"
PRECISIONS = ("auto", "float32", "bfloat16", "float16")
SCHEDULES = ("linear", "cosine", "constant")

_OPTIONS = (
    Option("epochs", "float", 3.0, "Epochs", "How often every row is seen.", 0.01, 1000),
    Option("batch_size", "int", 16, "Batch size", "Rows in one pass, over all devices together.", 1, 4096),
    Option("learning_rate", "float", 5e-5, "Learning rate", "At its highest, after the warm-up.", 1e-8, 10),
    Option("max_steps", "int", 0, "Steps at most", "0: as many as the epochs take.", 0, 10_000_000),
    Option("patience", "int", 0, "Patience", "Stop after so many evaluations without a better one; 0: never.", 0, 1000),
    Option("accumulation", "int", 1, "Passes for a step", "Batches whose gradients are added up.", 1, 1024, (), True),
    Option("weight_decay", "float", 0.01, "Weight decay", "Of AdamW.", 0, 1, (), True),
    Option("warmup", "float", 0.1, "Warm-up", "Share of the steps in which the rate rises.", 0, 1, (), True),
    Option("schedule", "choice", "linear", "Schedule", "How the rate falls.", None, None, SCHEDULES, True),
    Option("clip", "float", 1.0, "Gradient norm", "Gradients longer than this are cut; 0: none.", 0, 1e6, (), True),
    Option("evaluations", "float", 1.0, "Evaluations an epoch", "Each also saves a checkpoint.", 0.01, 1000, (), True),
    Option("keep_best", "bool", True, "Keep the best", "The model that judged best, not the last.", is_advanced=True),
    Option("checkpoint_seconds", "int", 120, "Seconds between checkpoints", "At most.", 1, 86_400, (), True),
    Option("checkpoint_steps", "int", 0, "Steps between checkpoints", "0: by time only.", 0, 10_000_000, (), True),
    Option("precision", "choice", "auto", "Precision", "auto: bfloat16 on a GPU that has it, float32 on a CPU.",
           None, None, PRECISIONS, True),
    Option("gradient_checkpointing", "bool", False, "Save memory", "Compute activations twice.", is_advanced=True),
    Option("deterministic", "bool", False, "Deterministic kernels", "Slower on a GPU.", is_advanced=True),
)  # fmt: skip


def options(**defaults: Any) -> tuple[Option, ...]:
    """The options of every recipe that calls `fit`, some with defaults of the recipe's own."""
    from dataclasses import replace

    unknown = set(defaults) - {each.name for each in _OPTIONS}
    if unknown:
        raise TypeError(f"No such options: {sorted(unknown)}")
    return tuple(replace(each, default=defaults.get(each.name, each.default)) for each in _OPTIONS)


@dataclass(frozen=True)
class Plan:
    """How long and in what portions. `micro` rows go through the model at once on each of `ranks` devices,
    `accumulation` of them make a step."""

    micro: int
    accumulation: int
    steps_per_epoch: int
    steps: int
    evaluate_every: int
    ranks: int = 1

    @property
    def batch(self) -> int:
        """Rows in one step, over all devices."""
        return self.micro * self.accumulation * self.ranks


def plan(config: dict[str, Any], rows: int, batch_halvings: int = 0, ranks: int = 1) -> Plan:
    """Steps for so many rows. Each halving halves what goes through at once; rows in a step stay the same, and so they
    do on several devices, which share them alike. Raises `Trouble` where that can't be."""
    if config["batch_size"] % ranks:
        raise Trouble(Code.BAD_SPEC, f"A batch of {config['batch_size']} can't be shared alike by {ranks} devices.",
                      f"Take a multiple of {ranks}.", "config.batch_size")  # fmt: skip
    share = config["batch_size"] // ranks
    micro = max(1, share >> batch_halvings)
    accumulation = max(1, round(share * config["accumulation"] / micro))
    per_epoch = max(1, math.ceil(math.ceil(rows / (micro * ranks)) / accumulation))
    steps = config["max_steps"] or max(1, math.ceil(config["epochs"] * per_epoch))
    every = max(1, round(per_epoch / config["evaluations"]))
    return Plan(micro, accumulation, per_epoch, steps, min(every, steps), ranks)


@dataclass(frozen=True)
class Fitted:
    """How a training went. `curves`: by name, (step, value) in order. `best_step`: whose weights the model has now."""

    steps: int
    planned_steps: int
    best_step: int
    best_value: float | None
    metric: str
    stopped_early: bool
    seconds: float
    examples_per_second: float
    precision: str
    plan: Plan
    curves: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    clock: list[tuple[int, float]] = field(default_factory=list)

    def card(self) -> dict[str, str]:
        """Facts for the model card."""
        end = f"{self.steps:,} steps of {self.plan.batch} rows in {self.seconds:,.0f} s"
        early = " (stopped early)" if self.stopped_early else ""
        on = f" on {self.plan.ranks} devices" if self.plan.ranks > 1 else ""
        facts = {"Training": f"{end}{on}{early}, {self.precision}, AdamW."}
        if self.best_value is not None:
            facts["Kept weights"] = (
                f"Of step {self.best_step:,}: {self.metric} {self.best_value:.4g} on validation rows."
            )
        return facts


def fit(
    session: Session,
    *,
    model: Any,
    train: Sequence[Any],
    collate: Callable[[list[Any]], dict[str, Any]],
    validation: Sequence[Any] | None = None,
    judge: Callable[[Any], dict[str, float]] | None = None,
    metric: str = "loss",
    higher_is_better: bool = False,
    loss: Callable[[Any, dict[str, Any]], Any] | None = None,
) -> Fitted:
    """Train `model` in place, from `session.resume` on if that is a checkpoint; it ends with its best weights.

    `session.config` has the values of `options()`. `train`: examples by number, which `collate` makes batches of (dicts
    of tensors on the CPU). `loss(model, batch)`: a scalar; without it the model's own output `loss` is taken.
    `judge(model)`: numbers of the model in eval mode, among them `metric`; without it the mean loss over `validation`.
    Neither `judge` nor `collate` may draw from the global random generators in a way that depends on anything but the
    step; randomness inside training steps is fine. Raises `Stopped` after saving when the supervisor asked, `Trouble`
    when the loss isn't finite. Recipes write `session.out` themselves, after: of several processes that train together
    only the first gets there, the others end by `Stopped`. The curves also go to `CURVES` in the
    session's folder, the times to `CLOCK`.
    """
    from workers.lib.trainer import run

    fitted = run(
        session,
        model=model,
        train=train,
        collate=collate,
        validation=validation,
        judge=judge,
        metric=metric,
        higher_is_better=higher_is_better,
        loss=loss,
    )
    keep(session, fitted.curves, fitted.clock)
    return fitted


def keep(session: Session, curves: dict[str, list[tuple[int, float]]], clock: list[tuple[int, float]]) -> None:
    """Where the runner finds them."""
    (session.folder / CURVES).write_text(json.dumps(curves))
    (session.folder / CLOCK).write_text(json.dumps(clock))
