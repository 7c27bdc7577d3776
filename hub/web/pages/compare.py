"""Two to four models side by side: a fact a row, differences marked, shared benchmarks drawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.selectors import shelf
from hub.core.text import storable
from hub.web.pages import links, words
from hub.web.pages.beside import FactRow, fact_rows
from hub.web.pages.links import Link
from hub.web.pages.repo import MAIN

MOST = 4
_MAX_NAME = 200


@dataclass(frozen=True)
class Column:
    owner: str
    name: str
    full_name: str
    url: str
    summary: str
    remove: Link


@dataclass(frozen=True)
class Bar:
    model: str
    value: float
    text: str
    is_best: bool


@dataclass(frozen=True)
class Benchmark:
    """Results of several of the models on one data set by one metric; `most` is where a full bar ends."""

    name: str
    bars: tuple[Bar, ...]
    most: float


@dataclass(frozen=True)
class ComparePage:
    """`problems` say which names could not be shown, all in the same words, and what was left out."""

    columns: tuple[Column, ...]
    rows: tuple[FactRow, ...]
    benchmarks: tuple[Benchmark, ...]
    problems: tuple[str, ...]
    names: tuple[str, ...]
    may_add: bool
    title: str = "Compare models"
    description: str = "Models side by side, every fact in a row."

    @property
    def differing(self) -> int:
        return sum(row.differs for row in self.rows)


def build(viewer: Viewer, given: Sequence[str]) -> ComparePage:
    names = _names(given)
    found = catalog.models_named(viewer, names)
    repos = list({repo.pk: repo for repo in (found.get(name) for name in names) if repo}.values())[:MOST]
    shared = catalog.shared_results(viewer, repos) if repos else ()
    here = shelf.names_here(viewer, [(each.kind, each.name) for repo in repos for each in repo.ancestors.all()])
    full = [repo.full_name for repo in repos]
    return ComparePage(
        columns=tuple(_column(repo, full) for repo in repos),
        rows=fact_rows(repos, here, {repo.pk: _memory(viewer, repo) for repo in repos}),
        benchmarks=tuple(_benchmark(each, full) for each in shared),
        problems=tuple(_problems(names, found)),
        names=tuple(full),
        may_add=len(repos) < MOST,
    )


def _memory(viewer: Viewer, repo: Any) -> str:
    """What running the head of main takes; nothing where no header told."""
    found = catalog.weights_summary(viewer, catalog.revision_of(repo, MAIN))
    if found and found.is_adapter:
        return "that of its base model, and a little"
    return words.size(found.run.size) if found and found.run else ""


def _names(given: Sequence[str]) -> list[str]:
    """Names as people paste them: with spaces around, from an address of this hub, twice."""
    cleaned = (storable(name).strip().strip("/")[:_MAX_NAME] for name in given[: MOST * 5])
    return list(dict.fromkeys(name for name in cleaned if name))


def _problems(names: list[str], found: dict[str, Any]) -> Iterable[str]:
    absent = [name for name in names if name not in found]
    if absent:
        shown = words.listed([f"“{name}”" for name in absent])
        yield (
            f"{shown}: there is no such model, or you may not see it. Write owner/name as it stands on the model's "
            "page; for a private one, sign in."
        )
    distinct = {repo.pk for repo in found.values()}
    if len(distinct) > MOST:
        yield f"At most {MOST} models fit side by side: the first {MOST} are shown."


def _column(repo: Any, names: list[str]) -> Column:
    card = getattr(repo, "card", None)
    others = [name for name in names if name != repo.full_name]
    return Column(
        owner=repo.owner.name,
        name=repo.name,
        full_name=repo.full_name,
        url=links.repo_url("model", repo.full_name),
        summary=card.summary if card else "",
        remove=Link("Remove", links.compare_url(others)),
    )


def _benchmark(shared: Any, names: list[str]) -> Benchmark:
    """Shares fill the bar at 1, percentages at 100; whatever else there is, at its largest."""
    found = [(name, result) for name, result in zip(names, shared.results, strict=True) if result]
    values = [result.value for _, result in found]
    most = 1.0 if max(values) <= 1 else 100.0 if max(values) <= 100 else max(values)
    best = _best(shared.benchmark, values)
    bars = tuple(
        Bar(name, max(each.value, 0.0), each.text or f"{each.value:g}", each.value == best) for name, each in found
    )
    data = shared.benchmark
    named = found[0][1].dataset or found[0][1].dataset_name or data.dataset
    return Benchmark(" · ".join(part for part in (named, data.config, data.split, data.metric) if part), bars, most)


def _best(benchmark: Any, values: list[float]) -> float | None:
    """Whether more is better depends on the metric, so nothing is called best where that isn't known."""
    if len(set(values)) < 2:
        return None
    if benchmark.is_less_better:
        return min(values)
    return max(values) if benchmark.metric in _MORE_IS_BETTER else None


# Folded, as `catalog.results.fold` spells them.
_MORE_IS_BETTER = frozenset(
    {
        *("accuracy", "f1", "precision", "recall", "bleu", "rouge", "rouge1", "rouge2", "rougel", "map", "ndcg"),
        *("ndcg-at-10", "spearman", "pearson", "roc-auc", "exact-match", "pass-1", "matthews-correlation", "mean-iou"),
        "top-1-accuracy",
    }
)
