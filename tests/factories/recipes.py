"""Runs of recipes in this process, on their tiny models and data."""

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from workers.contract import JobSpec, Measured
from workers.lib import config, seeds
from workers.lib.session import Recipe, Session, Stopped, Table, Trained
from workers.recipes import recipe


@dataclass
class Heard:
    """A reporter that remembers. `metrics`: (name, split, step), value."""

    metrics: dict[tuple[str, str, int], float] = field(default_factory=dict)
    steps: list[int] = field(default_factory=list)

    def progress(self, step: int, total: int, **more: float) -> None:
        del total, more
        self.steps.append(step)

    def metric(self, name: str, value: float, step: int, split: str = "") -> None:
        self.metrics[name, split, step] = value

    def say(self, text: str, level: str = "info") -> None: ...


@dataclass
class Tiny:
    """A recipe with its tiny model and data."""

    recipe: Recipe
    root: Path
    base: Path | None
    train: Table
    test: Table
    config: dict[str, Any]

    def session(self, name: str, **more: Any) -> Session:
        """A session in a folder of its own below `root`, with the generators planted as the runner does."""
        import torch

        torch.set_num_threads(1)
        folder = self.root / name
        for part in ("out", "checkpoints"):
            (folder / part).mkdir(parents=True)
        made = Session(
            JobSpec("job_1", "finetune"), folder, folder / "out", folder / "checkpoints", base=self.base,
            config=self.config, train=self.train, validation=self.test, report=Heard(),
        )  # fmt: skip
        seeds.plant(made.seed)
        return replace(made, **more)

    def tune(self, name: str = "whole", **more: Any) -> tuple[Session, Trained]:
        session = self.session(name, **more)
        return session, self.recipe.finetune(session)

    def score(self, session: Session, model: Path, table: Table | None = None) -> dict[str, Measured]:
        """By metric; slices left out."""
        told = self.recipe.score(self.recipe.predict(session, model, self.test if table is None else table), session)
        return {each.metric: each for each in told if not each.slice}


def make_tiny(name: str, root: Path, seed: int = 0, **more: Any) -> Tiny:
    """`more`: options beside the tiny example's own."""
    (root / "base").mkdir(parents=True)
    found = recipe(name)
    base, train, test, learned = found.tiny(root / "base", seed)
    return Tiny(found, root, base, train, test, config.settle(found.offer.options, {**learned, **more}))


def stop_at(tiny: Tiny, name: str, step: int) -> Path:
    """Train until the session is asked to stop; the checkpoint it left."""
    asked = iter(range(1, 1 << 30))
    session = tiny.session(name, should_stop=lambda: next(asked) >= step)
    try:
        tiny.recipe.finetune(session)
    except Stopped:
        return max(session.checkpoints.iterdir(), key=lambda path: int(path.name.partition("-")[2]))
    raise AssertionError("It did not stop.")


def digest(folder: Path) -> str:
    return hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
