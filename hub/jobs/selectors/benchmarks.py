"""The benchmarks that measured numbers are of."""

from collections.abc import Iterable

from hub.catalog.benchmarks import Benchmark
from hub.catalog.selectors.benchmarks import benchmark_at_head
from hub.jobs.models import EvaluationResult


def benchmarks_of(rows: Iterable[EvaluationResult]) -> dict[int, Benchmark]:
    """By the data set's key; each data set is read once."""
    datasets = {row.dataset_id: row.dataset for row in rows if row.dataset}
    return {pk: benchmark_at_head(dataset) for pk, dataset in datasets.items() if pk}
