"""Drift: how far the test rows lie from the ones that the model was made with, column by column and as a whole."""

from typing import TYPE_CHECKING

import numpy as np

from workers.contract import Code, Measured, Offer, Option
from workers.evaluations.contamination import COLUMNS
from workers.formulas import divergences, shift
from workers.lib import encoders, intervals, robustness, suites
from workers.lib.session import Predictions, Recipe, Session, Suite, Table, Trouble, Verdict

if TYPE_CHECKING:
    import pandas as pd

OFFER = Offer(
    kind="suite",
    name="drift",
    version="1.0",
    title="Drift of the data",
    summary="Stability index of every column, and how well a classifier tells the two data sets apart: needs both, one "
    "as train and one as test.",
    options=(Option("rows", "int", 1000, "Rows at most", "Of each data set, drawn by the seed.", 50, 2000),),
    columns=COLUMNS,
    metric="psi",
    higher_is_better=False,
    memory="table",
)
MOST_CATEGORIES, FEWEST = 50, 50


def run(session: Session, recipe: Recipe | None, predictions: Predictions | None) -> Verdict:
    if session.train is None or min(len(session.train), len(suites.test(session))) < FEWEST:
        raise Trouble(Code.BAD_SPEC, f"Drift is between two data sets of at least {FEWEST} rows.",
                      "Add the data set that the model was made with, as “train”.", "datasets")  # fmt: skip
    most = suites.settings(session, OFFER)["rows"]
    train, test = (robustness.sample(each, most, session.seed) for each in (session.train, suites.test(session)))
    columns = _columns(train, test, session.seed)
    largest = max((each for each in columns if each.metric == "psi" and each.value is not None),
                  key=lambda each: each.value or 0, default=None)  # fmt: skip
    whole = _whole(session, train, test)
    table = {"largest_psi": largest.slice["column"]} if largest else {}
    return Verdict(suites.told([*columns, *whole], session, OFFER), tables={"drift": table})


def _columns(train: Table, test: Table, seed: int) -> list[Measured]:
    """Of every column that both have and that is numbers or categories."""
    found = []
    for part in ("rows", "others"):
        old, new = getattr(train, part), getattr(test, part)
        for name in [name for name in old if name in new]:
            found += _column(str(name), old[name].dropna(), new[name].dropna(), seed)
    return found


def _column(name: str, old: "pd.Series", new: "pd.Series", seed: int) -> list[Measured]:
    import pandas as pd

    if min(len(old), len(new)) < FEWEST or not old.map(np.isscalar).all() or not new.map(np.isscalar).all():
        return []
    if pd.api.types.is_numeric_dtype(old) and old.nunique() > 10:
        statistic, p = divergences.kolmogorov_smirnov(old, new)
        ks = Measured("kolmogorov_smirnov", statistic, len(new), slice={"column": name}, higher_is_better=False,
                      note=f"p {p:.3g}; a distance of distributions has no interval here")  # fmt: skip
        far = Measured("wasserstein", divergences.wasserstein(old, new), len(new), slice={"column": name},
                       higher_is_better=False, note="in units of the column")  # fmt: skip
        return [_psi(name, old.to_numpy(float), new.to_numpy(float), seed), ks, far]
    if old.map(str).nunique() > MOST_CATEGORIES:
        return _lengths(name, old, new, seed)
    counts = divergences.counts_of(old.map(str), new.map(str))
    p = divergences.chi_squared(*counts)
    bits = Measured("jensen_shannon", divergences.jensen_shannon(*counts), len(new), slice={"column": name},
                    higher_is_better=False, unit="bit", note=f"χ² p {p:.3g}")  # fmt: skip
    return [_psi(name, old.map(str).to_numpy(), new.map(str).to_numpy(), seed), bits]


def _lengths(name: str, old: "pd.Series", new: "pd.Series", seed: int) -> list[Measured]:
    """Of texts: how long they are."""
    if not isinstance(old.iloc[0], str):
        return []
    return [_psi(f"length of {name}", old.str.len().to_numpy(float), new.astype(str).str.len().to_numpy(float), seed)]


def _psi(name: str, old: np.ndarray, new: np.ndarray, seed: int) -> Measured:
    """Over ten bins of the reference, or its categories; the bootstrap draws from the new rows."""
    shares = divergences.shares_of if old.dtype.kind == "f" else divergences.counts_of
    return intervals.measured("psi", lambda sample: divergences.psi(*shares(old, sample)), new, seed=seed,
                              slice={"column": name}, higher_is_better=False)  # fmt: skip


def _whole(session: Session, train: Table, test: Table) -> list[Measured]:
    """By embeddings of the base where there is one and something to embed, else by the columns of numbers."""
    old, new = _embedded(session, train, test)
    apart, p = shift.mmd_p(old, new, seed=session.seed)
    auc = shift.knn_auroc(old, new, seed=session.seed)
    note = "0: the two can't be told apart, 2: always; says distinguishable, not harmful"
    return [
        Measured("proxy_a_distance", shift.proxy_a_distance(old, new, seed=session.seed), len(old) + len(new),
                 higher_is_better=False, note=note),
        Measured("frechet", divergences.frechet(old, new), len(old) + len(new), higher_is_better=False,
                 note="as if both were normal"),
        Measured("mmd", apart, len(old) + len(new), higher_is_better=False, note=f"p {p:.3g} by 200 permutations"),
        Measured("knn_auroc", auc, len(new), higher_is_better=False, note="0.5: as near to the old rows as they are"),
    ]  # fmt: skip


def _embedded(session: Session, train: Table, test: Table) -> tuple[np.ndarray, np.ndarray]:
    import pandas as pd

    base = session.base
    if base is not None and encoders.role_of(train) and encoders.role_of(train) == encoders.role_of(test):
        return encoders.embed(session, base, train), encoders.embed(session, base, test)
    common = [name for name in train.others if name in test.others]
    joined = pd.concat([train.others[common], test.others[common]], ignore_index=True)
    rows = encoders.numbers(Table(joined, joined))
    return rows[: len(train)], rows[len(train) :]


SUITE = Suite(OFFER, run, uses_predictions=False)
