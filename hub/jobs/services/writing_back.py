"""Write what was measured of a model into its repository, where every tool finds it."""

from collections.abc import Iterable

from django.conf import settings

from hub.accounts.viewer import Viewer
from hub.catalog import services as catalog
from hub.catalog.models import Repo
from hub.catalog.operations import AddInline
from hub.catalog.permissions import check_write
from hub.catalog.results import MAX_FILES, README
from hub.catalog.selectors.files import file_in
from hub.catalog.selectors.revisions import Revision, revision_of
from hub.catalog.trees import entries_at
from hub.jobs import written
from hub.jobs.errors import NothingToWrite
from hub.jobs.models import EvaluationResult
from hub.jobs.selectors.benchmarks import benchmarks_of
from hub.jobs.selectors.results import newest_by_model
from hub.storage.services import read_range

_MOST = 1_000_000


def write_back(*, by: Viewer, repo: Repo, origin: str) -> str:
    """Before: jobs measured a model. After: main has a file in `.eval_results` for each number of all the data, and
    the card names them in `model-index`; the commit that says so, the head where it says so already.

    `origin` is where the hub is reached. What was measured on private data is left out of a public model. Raises what
    `check_write` does, `NothingToWrite`, `Conflict` where main moves meanwhile.
    """
    check_write(by, repo)
    rows = worth_writing(by, repo)
    if not rows:
        raise NothingToWrite
    at = revision_of(repo, "main")
    told = {"site": settings.SITE_NAME, "origin": origin}
    known = benchmarks_of(rows)
    before = _texts(at, [README, *(written.path_of(row, known) for row in rows)])
    files = written.eval_files(rows, before, known, **told)
    files[README] = written.card_with(before.get(README, ""), rows, name=repo.name, **told).encode()
    operations = [AddInline(path=path, data=data) for path, data in files.items() if data]
    title = "Add what was measured"
    done = catalog.commit(by=by, repo=repo, revision="main", operations=operations, title=title, parent=at.commit)
    return done.oid


def worth_writing(by: Viewer, repo: Repo) -> list[EvaluationResult]:
    """The newest of each number of all the data, on data that whoever sees the model may know of."""
    rows = [each.row for each in newest_by_model(by, [repo], whole=True).get(repo.pk, [])]
    seen = [row for row in rows if row.value is not None and row.dataset]
    known = [row for row in seen if repo.is_private or (row.dataset and not row.dataset.is_private)]
    benchmarks = benchmarks_of(known)
    paths = sorted({written.path_of(row, benchmarks) for row in known})[:MAX_FILES]
    return sorted((row for row in known if written.path_of(row, benchmarks) in paths), key=_order)


def _order(row: EvaluationResult) -> tuple[str, ...]:
    return row.dataset_name.lower(), row.suite, row.metric, row.dataset_config, row.split, row.public_id


def _texts(at: Revision, paths: Iterable[str]) -> dict[str, str]:
    """Those of the files that are there, by path. Raises `NothingToWrite` for one that is no small text."""
    found = {}
    for path, entry in entries_at(at.tree, paths).items():
        if entry.size > _MOST or entry.lfs:
            raise NothingToWrite(f"{path} is too large to be changed here. Make it smaller first.")
        data = file_in(at, path).data
        found[path] = (read_range(sha256=str(entry.stored), start=0, length=_MOST) if data is None else data).decode(
            "utf-8", "replace"
        )
    return found
