"""Evaluation results that repositories report: of one, of several side by side, and of all on one data set."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Exists, OuterRef, QuerySet

from hub.accounts.viewer import Viewer
from hub.catalog.models import Ancestor, Repo, RepoKind, ReportedResult
from hub.catalog.results import fold

# Metrics of which less is better, folded; all others count upwards.
_LESS = frozenset(
    {
        *("loss", "eval-loss", "error", "error-rate", "wer", "cer", "ter", "mer", "eer", "fid", "ece", "latency"),
        *("perplexity", "ppl", "bits-per-byte", "bpb", "mae", "mse", "rmse", "msle", "brier", "brier-score"),
    }
)
MAX_LEADERS = 1000


@dataclass(frozen=True)
class Benchmark:
    """What makes two results comparable: the same data (configuration, split, revision) and the same metric, folded."""

    dataset: str
    config: str
    split: str
    revision: str
    metric: str

    @property
    def is_less_better(self) -> bool:
        return self.metric in _LESS


@dataclass(frozen=True)
class Shared:
    """A benchmark that several report: each one's result in the order asked for, None where it reports none."""

    benchmark: Benchmark
    results: tuple[ReportedResult | None, ...]


def results_of(viewer: Viewer, repo: Repo) -> tuple[ReportedResult, ...]:
    """What it reports, in its own order."""
    return tuple(_visible(viewer, [repo]).order_by("position"))


def shared_results(viewer: Viewer, repos: Sequence[Repo]) -> tuple[Shared, ...]:
    """The benchmarks with a number from two or more of these, as the first of them orders them.

    Of several results on one benchmark a repository's first counts.
    """
    places = {repo.pk: place for place, repo in enumerate(repos)}
    found: dict[Benchmark, list[ReportedResult | None]] = {}
    rows = _visible(viewer, repos).filter(value__isnull=False).exclude(benchmark="").order_by("position")
    for row in sorted(rows, key=lambda row: places[row.repo_id]):
        line = found.setdefault(benchmark_of(row), [None] * len(repos))
        line[places[row.repo_id]] = line[places[row.repo_id]] or row
    several = {benchmark: line for benchmark, line in found.items() if len(line) - line.count(None) > 1}
    return tuple(Shared(benchmark, tuple(line)) for benchmark, line in several.items())


def leaderboard(
    viewer: Viewer, dataset: Repo, *, base_only: bool = False
) -> dict[Benchmark, tuple[ReportedResult, ...]]:
    """What visible models report with a number on this data set, by benchmark, best first; each with repo and owner.

    `base_only` leaves out models that were made from another one.
    """
    evaluated = Repo.objects.visible_to(viewer).filter(
        ancestors__kind=RepoKind.DATASET,
        ancestors__relation=Ancestor.Relation.EVALUATED_ON,
        ancestors__key=dataset.key,
    )
    if base_only:
        evaluated = evaluated.exclude(Exists(Ancestor.objects.filter(repo=OuterRef("pk"), kind=RepoKind.MODEL)))
    repos = {repo.pk: repo for repo in evaluated.order_by("-ancestors__pk").select_related("owner")[:MAX_LEADERS]}
    found: dict[Benchmark, list[ReportedResult]] = {}
    rows = ReportedResult.objects.filter(repo__in=repos, value__isnull=False, dataset__iexact=dataset.key)
    for row in rows.order_by("repo", "position"):
        if row.dataset.lower() == dataset.key:
            row.repo = repos[row.repo_id]
            found.setdefault(benchmark_of(row), []).append(row)
    return {benchmark: tuple(_ranked(benchmark, rows)) for benchmark, rows in found.items()}


def benchmark_of(result: ReportedResult) -> Benchmark:
    named = result.dataset or result.dataset_name
    return _benchmark(named, result.config, result.split, result.revision, result.metric)


@lru_cache(maxsize=10_000)
def _benchmark(dataset: str, config: str, split: str, revision: str, metric: str) -> Benchmark:
    return Benchmark(fold(dataset), fold(config), fold(split), revision, fold(metric))


def _ranked(benchmark: Benchmark, rows: Iterable[ReportedResult]) -> list[ReportedResult]:
    sign = 1 if benchmark.is_less_better else -1
    return sorted(rows, key=lambda row: (sign * (row.value or 0.0), row.repo.key))


def _visible(viewer: Viewer, repos: Iterable[Repo]) -> QuerySet[ReportedResult]:
    known = Repo.objects.visible_to(viewer).filter(pk__in=[repo.pk for repo in repos])
    return ReportedResult.objects.filter(repo__in=known)
