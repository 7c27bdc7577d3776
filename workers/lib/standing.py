"""How a training stands beside its weights, as a checkpoint keeps it: best so far, patience, curves, time taken."""

import json
import math
import os
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from workers.lib.folder import CHECKPOINT

STANDING, KEPT = "standing.json", "kept.safetensors"
# Older ones are deleted: the supervisor may still be reading the one before the newest.
CHECKPOINTS_KEPT = 2


@dataclass
class Standing:
    """`window`, `window_steps`: sum of the losses since a point of the curve was last told. `kept_step`: whose weights
    lie in the file of kept weights. `waited`: evaluations since the best."""

    step: int = 0
    best_value: float | None = None
    best_step: int = 0
    kept_step: int = 0
    waited: int = 0
    window: float = 0.0
    window_steps: int = 0
    seconds: float = 0.0
    is_done: bool = False
    stopped_early: bool = False
    curves: dict[str, list[tuple[int, float]]] = field(default_factory=dict)
    # Seconds of training at each evaluation, over all attempts.
    clock: list[tuple[int, float]] = field(default_factory=list)

    @classmethod
    def read(cls, checkpoint: Path) -> Self:
        known = json.loads((checkpoint / STANDING).read_text())
        curves = {name: [(step, value) for step, value in points] for name, points in known.pop("curves").items()}
        clock = [(step, seconds) for step, seconds in known.pop("clock", ())]
        return cls(**known, curves=curves, clock=clock)

    def write(self, checkpoint: Path) -> None:
        (checkpoint / STANDING).write_text(json.dumps(asdict(self)))

    def told(self, name: str, step: int, value: float) -> None:
        self.curves.setdefault(name, []).append((step, value))

    def judged(self, value: float | None, step: int, higher_is_better: bool) -> bool:
        """Whether `value` is the best so far; without a value there is nothing to wait for, and the latest is best."""
        if value is None or not math.isfinite(value):
            self.waited += value is not None
            return value is None
        better = self.best_value is None or (value > self.best_value if higher_is_better else value < self.best_value)
        if better:
            self.best_value, self.best_step, self.waited = value, step, 0
        else:
            self.waited += 1
        return better


def publish(made: Path, checkpoints: Path, step: int) -> Path:
    """Move a complete folder to where the supervisor looks: there whole, on the disk, or not at all."""
    target = checkpoints / f"{CHECKPOINT}{step}"
    if target.exists():
        shutil.rmtree(made)
        return target
    for path in (*made.rglob("*"), made):
        _sync(path)
    made.rename(target)
    _sync(checkpoints)
    _forget_older(checkpoints)
    return target


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _forget_older(checkpoints: Path) -> None:
    found = sorted(checkpoints.glob(f"{CHECKPOINT}*"), key=lambda path: int(path.name.removeprefix(CHECKPOINT)))
    for old in found[:-CHECKPOINTS_KEPT]:
        # Renamed first, so that half a checkpoint is never seen.
        gone = old.rename(old.with_name(f".gone-{old.name}"))
        shutil.rmtree(gone)


def place(value: Any, where: Path) -> None:
    """Write safetensors under a name that is there whole or not at all."""
    from safetensors.torch import save_file

    part = where.with_suffix(".part")
    save_file(value, part)
    part.replace(where)
