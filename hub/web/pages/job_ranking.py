"""What a ranking found: models by what a probe on their embeddings makes of rows held out, with the other scores."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hub.web.pages import job_links, job_words, links, ranking_scores, words
from hub.web.pages.links import Link

_MOST = 50
_FIT = ("proxy_a_distance", "mmd")


@dataclass(frozen=True)
class Row:
    """`rank` is empty for a model that can't be read for these data, `reason` says why. `scores` in the table's order;
    `tune` is where a fine-tune of it is ordered."""

    rank: str
    model: Link
    value: str
    interval: str
    scores: tuple[str, ...]
    size: str
    reason: str
    tune: str


@dataclass(frozen=True)
class Ranking:
    """`chart` is None where there is one model or none; `heads` are the columns of `scores`."""

    rows: tuple[Row, ...]
    heads: tuple[str, ...]
    best: str
    chart: Mapping[str, Any] | None


def build(job: Any, sources: Sequence[Any]) -> Ranking | None:
    """None until a ranking succeeded. What a worker told is read with care: it may be of any shape."""
    told = ((job.result or {}).get("tables") or {}).get("ranking") if job.kind == "rank" else None
    found = [each for each in told if isinstance(each, dict)][:_MOST] if isinstance(told, list) else []
    if not found:
        return None
    has_fit = any(ranking_scores.score(each, _FIT[0]) for each in found)
    names = ("knn", "logme", "h_score", *(_FIT if has_fit else ()))
    seen = {each.name.lower(): each for each in sources if each.repo and each.kind == "model"}
    ranks = [each.get("rank") for each in found]
    rows = tuple(_row(each, names, seen, job, is_tied=ranks.count(each.get("rank")) > 1) for each in found)
    return Ranking(rows, tuple(_HEADS[name] for name in names), ranking_scores.best(rows), ranking_scores.chart(found))


_HEADS = {
    "knn": "k-NN",
    "logme": "LogME",
    "h_score": "H-score",
    "proxy_a_distance": "Distance of the data (0 to 2)",
    "mmd": "MMD",
}


def _row(told: Any, names: Sequence[str], seen: Mapping[str, Any], job: Any, *, is_tied: bool) -> Row:
    name = str(told.get("model", ""))
    source, probe, rank = seen.get(name.lower()), ranking_scores.score(told, "linear_probe"), told.get("rank")
    size = told.get("parameters")
    return Row(
        rank=f"{rank}{' (tied)' if is_tied else ''}" if rank else "",
        model=Link(name, links.tree_url("model", name, source.commit) if source else ""),
        value=job_words.figure(probe.get("value")) if probe else "",
        interval=job_words.interval(probe.get("low"), probe.get("high")),
        scores=tuple(_figure(told, each) for each in names),
        size=words.short(size) if isinstance(size, int) and size else "",
        reason=str(told.get("reason", ""))[:500],
        tune=_tune(name, job) if source and rank else "",
    )


def _tune(name: str, job: Any) -> str:
    return job_links.finetune_url(name, dataset=job.dataset.full_name) if job.dataset else ""


def _figure(told: Any, name: str) -> str:
    found = ranking_scores.score(told, name)
    return job_words.figure(found["value"]) if "value" in found else ""
