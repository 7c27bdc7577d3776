"""What a recipe, an evaluation and the runner hand to each other. No torch here: these are read before it is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from workers.contract import Code, Finding, JobSpec, Measured, Offer

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd


class Trouble(Exception):
    """A job can't go on, and why: `code` of `contract.Code`, what is wrong, what to do, and the field it is about."""

    def __init__(self, code: str, message: str, advice: str = "", param: str = "") -> None:
        super().__init__(message)
        self.code, self.advice, self.param = code, advice, param


class Stopped(Exception):
    """The supervisor asked for a stop; the last checkpoint is whole."""


class Reporter(Protocol):
    """Where a job says how it goes. None of these raises or waits for a network."""

    def progress(self, step: int, total: int, **more: float) -> None: ...

    def metric(self, name: str, value: float, step: int, split: str = "") -> None: ...

    def say(self, text: str, level: str = "info") -> None: ...


@dataclass(frozen=True)
class Table:
    """Rows of a data set at hand. `rows`: one column for each role of the recipe, by the role's name; a role that is
    mapped to several columns is one array a row. `others`: the columns that no role took, for slices. Same index."""

    rows: "pd.DataFrame"
    others: "pd.DataFrame"
    name: str = ""
    commit: str = ""
    config: str = ""
    split: str = ""

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Predictions:
    """What a model says of rows, in their order. `targets` and `outputs` are of the recipe's kind: class numbers,
    texts, numbers, lists of boxes. `scores`: (n, classes) probabilities, where there are. `labels`: names of the
    classes."""

    targets: Sequence[Any]
    outputs: Sequence[Any]
    scores: "np.ndarray | None" = None
    labels: tuple[str, ...] = ()
    others: "pd.DataFrame | None" = None
    seconds: float = 0.0


@dataclass
class Session:
    """One run of one job in its own process. Paths are of folders that exist.

    `base`: the model's files, None where the recipe needs none. `train`, `validation`: of a fine-tune; `test`: what is
    evaluated. `out`: where a fine-tune leaves the files of the new model. `resume`: the checkpoint to go on from.
    `should_stop()` turns true when the supervisor wants the job to save and end. Of several processes (`ranks`) only
    the first comes back from `training.fit`, and writes.
    """

    spec: JobSpec
    folder: Path
    out: Path
    checkpoints: Path
    base: Path | None = None
    config: dict[str, Any] = field(default_factory=dict)
    device: str = "cpu"
    seed: int = 0
    train: Table | None = None
    validation: Table | None = None
    test: Table | None = None
    report: Reporter = None  # type: ignore[assignment]
    resume: Path | None = None
    should_stop: Callable[[], bool] = lambda: False
    batch_halvings: int = 0
    from_scratch: bool = False
    # Which of how many processes that train together this is.
    rank: int = 0
    ranks: int = 1

    def rows(self) -> Table:
        """What a fine-tune trains on. Raises `Trouble` where the order named no such data."""
        if self.train is None:
            raise Trouble(Code.BAD_SPEC, "There is nothing to train on.", "Name a data set to train on.", "datasets")
        return self.train


@dataclass(frozen=True)
class Trained:
    """What a fine-tune left in `session.out`, beside the files. `card`: facts for the model card by heading."""

    steps: int
    card: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    # Front matter of the card: pipeline_tag, library_name, base_model_relation (finetune, adapter).
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Recipe:
    """A fine-tune method. Its module is readable from top to bottom and imports torch inside functions only.

    `finetune` trains and writes `session.out`; `predict` runs a model folder over a table; `score` makes the metrics of
    predictions, with intervals; `tiny` writes a tiny random model and data with a planted signal into a folder, for
    tests, and returns (model folder or None, Table of train rows, Table of test rows, config that learns it).
    `split(session, table)` -> (train, validation), for rows that a hash must not choose.
    """

    offer: Offer
    finetune: Callable[[Session], Trained]
    predict: Callable[[Session, Path, Table], Predictions]
    score: Callable[[Predictions, Session], list[Measured]]
    tiny: Callable[[Path, int], "tuple[Path | None, Table, Table, dict[str, Any]]"]
    split: Callable[[Session, Table], tuple[Table, Table]] | None = None


@dataclass(frozen=True)
class Verdict:
    """What a suite found: numbers, biases that are worth the reviewers' look, tables for the page."""

    measured: list[Measured]
    findings: list[Finding] = field(default_factory=list)
    tables: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Suite:
    """An evaluation. `run(session, recipe, predictions)`: `predictions` of `recipe` over `session.test` where the suite
    `uses_predictions`, else None; a suite that changes its inputs calls `recipe.predict(session, model, table)`."""

    offer: Offer
    run: Callable[[Session, "Recipe | None", "Predictions | None"], Verdict]
    uses_predictions: bool = True
