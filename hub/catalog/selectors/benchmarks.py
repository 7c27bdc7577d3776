"""What makes a data set a benchmark."""

from hub.catalog.benchmarks import MAX_BYTES, NONE, PATH, Benchmark, read_benchmark
from hub.catalog.errors import RevisionNotFound
from hub.catalog.models import Repo
from hub.catalog.selectors.files import file_in
from hub.catalog.selectors.revisions import revision_of
from hub.catalog.trees import entry_at
from hub.storage.services import read_range


def benchmark_at_head(dataset: Repo) -> Benchmark:
    """Of its main, as `eval.yaml` there says it: like the card, for whoever sees the data set."""
    try:
        at = revision_of(dataset, "main")
    except RevisionNotFound:
        return NONE
    entry = entry_at(at.tree, PATH)
    if entry is None or entry.is_tree:
        return NONE
    if entry.size > MAX_BYTES:
        return Benchmark(faults=(f"It is longer than {MAX_BYTES:,} bytes.",))
    data = file_in(at, PATH).data
    data = read_range(sha256=str(entry.lfs or entry.stored), start=0, length=MAX_BYTES) if data is None else data
    return read_benchmark(data.decode("utf-8", "replace"))
