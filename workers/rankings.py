"""Which of some models is the best start for a fine-tune on a data set: a linear probe first, other scores beside it.

Every score is an estimate. The probe and k-NN are measured on rows held out; LogME and the H-score see all of them and
mislead with few rows and many dimensions, so they never decide the order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from workers.contract import Code, ColumnRole, Measured, Offer, Option, Source
from workers.formulas import shift, transfer
from workers.lib import config, data, encoders, intervals, models, robustness, suites, weights
from workers.lib.session import Session, Table, Trouble, Verdict

OFFER = Offer(
    kind="ranking",
    name="transfer",
    version="1.0",
    title="Which model to start from",
    summary="Ranks models for a data set without training them: linear probe and k-NN on their embeddings, LogME, "
    "H-score; how far the data lie from the model's.",
    tasks=("text-classification", "image-classification", "audio-classification"),
    options=(
        Option("rows", "int", 500, "Rows at most", "Drawn by the seed.", 50, 5000),
        Option("group", "text", "", "Keep together", "Column whose rows stay in one fold (patients, users)."),
    ),
    columns=(
        ColumnRole("text", "text", "Text", False, ("text", "sentence", "content", "review")),
        ColumnRole("image", "image", "Image", False, ("image", "img", "pixel_*")),
        ColumnRole("audio", "audio", "Sound", False, ("audio", "sound", "file")),
        ColumnRole("label", "label", "Label", True, ("label", "labels", "class", "target")),
    ),
    metric="linear_probe",
    needs=("transformers", "sentence-transformers"),
)
NOTES = {
    "linear_probe": "held-out rows, five folds; an estimate",
    "knn": "five nearest by cosine, held-out rows; an estimate",
    "logme": "sees all rows; misleads with few rows and many dimensions",
    "h_score": "shrunk covariance; sees all rows",
}


@dataclass(frozen=True)
class Candidate:
    """One model as its embeddings have it. `hits`: rows that the probe had right, or why there are none."""

    name: str
    hits: np.ndarray | None
    measured: tuple[Measured, ...]
    facts: dict[str, Any]


def rank(session: Session, candidates: Sequence[tuple[Source, Path]]) -> Verdict:
    """Of models and the folders of their files, over `session.test` (or the train rows). Where both are there and are
    of two data sets, also how far the one lies from the other for each model.

    Tables: `ranking`, best first; models whose difference from the one above may be chance share its rank. A model that
    can't be read for these data is last, with the reason.
    """
    whole = session.test if session.test is not None else session.train
    if whole is None or not len(whole):
        raise Trouble(Code.DATASET_EMPTY, "There are no rows to rank by.", "Name a data set.", "datasets")
    chosen = config.settle(OFFER.options, session.config)
    table = _usable(robustness.sample(whole, chosen["rows"], session.seed))
    groups = _groups(table, chosen["group"])
    home = _home(session, whole, chosen["rows"])
    found = [_candidate(_about(session, *each), table, groups, home) for each in candidates]
    ordered = sorted(found, key=lambda each: -1.0 if each.hits is None else float(each.hits.mean()), reverse=True)
    told = suites.told([one for each in ordered for one in each.measured], _with_rows(session, table), OFFER)
    return Verdict(told, tables={"ranking": _ranked(ordered, session.seed), "notes": NOTES})


def _about(session: Session, source: Source, folder: Path) -> Session:
    """One of the candidates as the base: what of it may be run is its own reviewers' word alone."""
    from dataclasses import replace

    return replace(session, spec=replace(session.spec, base=source), base=folder)


def _with_rows(session: Session, table: Table) -> Session:
    from dataclasses import replace

    return replace(session, test=table)


def _usable(table: Table) -> Table:
    """Rows of classes with at least two of them."""
    if "label" not in table.rows or table.rows["label"].isna().all():
        raise Trouble(Code.DATASET_COLUMN_MISSING, "There is no column of labels to rank by.",
                      "Map a column of classes as label.", "columns.label")  # fmt: skip
    table = data.part(table, np.flatnonzero(table.rows["label"].notna()).tolist())
    labels = table.rows["label"].map(data.label)
    counts = labels.value_counts()
    kept = labels.map(counts).to_numpy() >= 2
    if (counts >= 2).sum() < 2:
        raise Trouble(Code.DATASET_BAD_VALUE, "Ranking needs at least two classes with two rows each.",
                      "Map a column of classes as label.", "columns.label")  # fmt: skip
    return data.part(table, np.flatnonzero(kept).tolist())


def _groups(table: Table, column: str) -> Any:
    if not column:
        return None
    if column not in table.others:
        raise Trouble(Code.DATASET_COLUMN_MISSING, f"There is no column {column}.", "Name another.", "config.group")
    return table.others[column].map(str).to_numpy()


def _home(session: Session, away: Table, most: int) -> Table | None:
    """The rows that a model was made with, where the order names such beside those to rank by."""
    home = session.train
    if home is None or (home.name, home.config, home.split) == (away.name, away.config, away.split):
        return None
    return robustness.sample(home, most, session.seed)


def _candidate(session: Session, table: Table, groups: Any, home: Table | None) -> Candidate:
    """What is found about the session's base."""
    folder, name = models.base(session), session.spec.base.repo if session.spec.base else ""
    labels = table.rows["label"].map(data.label).to_numpy()
    size = sum(int(np.prod(shape)) for shape in weights.shapes(folder).values())
    try:
        features = encoders.embed(session, folder, table)
    except Trouble as trouble:
        session.report.say(f"{name}: {trouble}", "warning")
        return Candidate(name, None, (), {"parameters": size, "reason": str(trouble)})
    hits = transfer.probe_hits(features, labels, seed=session.seed, groups=groups)
    near = transfer.knn_hits(features, labels, seed=session.seed)
    part = {"model": name}
    measured = (
        intervals.share("linear_probe", hits, slice=part, note=NOTES["linear_probe"]),
        intervals.share("knn", near, slice=part, note=NOTES["knn"]),
        Measured("logme", transfer.logme(features, labels), len(labels), slice=part, note=NOTES["logme"]),
        Measured("h_score", transfer.h_score_shrunk(features, labels), len(labels), slice=part, note=NOTES["h_score"]),
    )
    fit = _fit(session, encoders.embed(session, folder, home), features, part) if home is not None else ()
    return Candidate(name, hits, (*measured, *fit), {"parameters": size, "dimensions": features.shape[1]})


def _ranked(ordered: list[Candidate], seed: int) -> list[dict[str, Any]]:
    """A tie shares the rank of the first that it ties with."""
    rows: list[dict[str, Any]] = []
    leader = 0
    for place, each in enumerate(ordered):
        leader = leader if place and _is_tie(ordered[leader], each, seed) else place
        scores = {one.metric: {"value": one.value, "low": one.low, "high": one.high} for one in each.measured}
        rank = None if each.hits is None else leader + 1
        rows.append({"model": each.name, "rank": rank, **scores, **each.facts})
    return rows


def _is_tie(leader: Candidate, other: Candidate, seed: int) -> bool:
    if leader.hits is None or other.hits is None:
        return False
    low, high = intervals.paired(leader.hits, other.hits, seed)
    return low <= 0 <= high


def _fit(session: Session, home: np.ndarray, away: np.ndarray, part: dict[str, str]) -> tuple[Measured, ...]:
    """Proxy-A-distance and MMD between the embeddings of both by one model."""
    apart, p = shift.mmd_p(home, away, seed=session.seed)
    distance = shift.proxy_a_distance(home, away, seed=session.seed)
    n, note = len(home) + len(away), "0: can't be told apart, 2: always; says distinguishable, not harmful"
    return (
        Measured("proxy_a_distance", distance, n, slice=part, higher_is_better=False, note=note),
        Measured("mmd", apart, n, slice=part, higher_is_better=False, note=f"p {p:.3g} by 200 permutations"),
    )
