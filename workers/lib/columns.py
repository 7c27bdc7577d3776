"""Columns of a table as numbers a network can take: what each looked like in training, kept beside the weights."""

import fnmatch
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from workers.contract import Code
from workers.lib.session import Table, Trouble

if TYPE_CHECKING:
    import pandas as pd

MOST_VALUES = 100


@dataclass(frozen=True)
class Column:
    """One input. `kind`: number (standardised by `mean` and `std`; a missing one counts as the mean, and is marked in
    a place of its own where training saw missing ones) or category (one place a value; an unknown one is none)."""

    name: str
    kind: str = "number"
    mean: float = 0.0
    std: float = 1.0
    marks_missing: bool = False
    values: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        return len(self.values) if self.kind == "category" else 1 + self.marks_missing

    def encode(self, told: "pd.Series") -> np.ndarray:
        """(rows, width) of float32."""
        if self.kind == "category":
            return np.asarray(_texts(told))[:, None] == np.asarray(self.values, dtype=object)[None]
        numbers = _numbers(told)
        scaled = np.nan_to_num((numbers - self.mean) / self.std, nan=0.0, posinf=0.0, neginf=0.0)
        return np.stack([scaled, ~np.isfinite(numbers)], 1) if self.marks_missing else scaled[:, None]

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "values": list(self.values)}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Column":
        return cls(**{**value, "values": tuple(value.get("values", ()))})


def chosen(names: list[str], wanted: str, unwanted: str) -> list[str]:
    """Of `names`, in their order, those that a pattern of `wanted` fits and none of `unwanted` (by commas)."""
    take, leave = _patterns(wanted) or ["*"], _patterns(unwanted)
    return [name for name in names if _fits(name, take) and not _fits(name, leave)]


def _patterns(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _fits(name: str, patterns: list[str]) -> bool:
    return any(name == pattern or fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def fit(frame: "pd.DataFrame") -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """What the columns of a training set look like, and why some are left out, a sentence each."""
    made, notes = [], []
    for name in map(str, frame.columns):
        column, why = _fitted(name, frame[name])
        made += [column] if column else []
        notes += [why] if why else []
    return tuple(made), tuple(notes)


def _fitted(name: str, told: "pd.Series") -> tuple[Column | None, str]:
    from pandas.api import types

    if types.is_numeric_dtype(told) or types.is_datetime64_any_dtype(told):
        return _number(name, _numbers(told))
    return _category(name, told)


def _number(name: str, numbers: np.ndarray) -> tuple[Column | None, str]:
    known = numbers[np.isfinite(numbers)]
    if not len(known) or (known.min() == known.max() and len(known) == len(numbers)):
        return None, f"`{name}` is left out: it has the same value in each row."
    deviation = float(known.std()) or 1.0
    return Column(name, "number", float(known.mean()), deviation, len(known) < len(numbers)), ""


def _category(name: str, told: "pd.Series") -> tuple[Column | None, str]:
    if told.map(lambda value: isinstance(value, list | dict | bytes | np.ndarray)).any():
        return None, f"`{name}` is left out: its cells are neither numbers nor words."
    values, counts = np.unique(_texts(told), return_counts=True)
    if len(values) < 2:
        return None, f"`{name}` is left out: it has the same value in each row."
    if len(values) > MOST_VALUES and len(values) * 2 > len(told):
        return None, f"`{name}` is left out: nearly each row has a value of its own, as names and ids do."
    kept = sorted(values[np.argsort(-counts, kind="stable")[:MOST_VALUES]])
    return Column(name, "category", values=tuple(map(str, kept))), ""


def _numbers(told: "pd.Series") -> np.ndarray:
    import pandas as pd
    from pandas.api import types

    if types.is_datetime64_any_dtype(told):
        return np.asarray((told - pd.Timestamp(0, tz=told.dt.tz)).dt.total_seconds(), dtype="float64")
    return np.asarray(pd.to_numeric(told, errors="coerce"), dtype="float64")


def _texts(told: "pd.Series") -> np.ndarray:
    return np.asarray(["" if none else str(value) for value, none in zip(told, told.isna(), strict=True)], dtype=object)


def encode(table: Table, columns: tuple[Column, ...]) -> np.ndarray:
    """(rows, places) of float32. Raises Trouble when the data set lacks a column."""
    return np.concatenate([column.encode(find(table, column.name)) for column in columns], 1).astype("float32")


def find(table: Table, name: str) -> "pd.Series":
    """A column by its name in the data set, be it mapped to a role or not."""
    for frame in (table.others, table.rows):
        if name in frame.columns:
            return frame[name]
    raise Trouble(
        Code.DATASET_COLUMN_MISSING,
        f"The model reads a column `{name}` that the data set {table.name or ''} lacks.".replace("  ", " "),
        "Take a data set with the columns that the model was trained on.",
        "datasets",
    )


def giveaways(frame: "pd.DataFrame", label: "pd.Series") -> list[str]:
    """Columns that are the label under another name: each of their few values goes with one label, and back."""
    names = np.asarray(label.astype(str))
    few = [str(name) for name in frame.columns if _is_few(frame[name])]
    return [name for name in few if _is_the_same(_texts(frame[name]), names)]


def _is_few(told: "pd.Series") -> bool:
    return 2 <= told.nunique(dropna=False) <= MOST_VALUES


def _is_the_same(values: np.ndarray, labels: np.ndarray) -> bool:
    pairs = set(zip(values, labels, strict=True))
    return len(pairs) == len(set(values)) == len(set(labels))
