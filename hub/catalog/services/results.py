"""Write down the results that a repository reports."""

from collections.abc import Sequence
from dataclasses import asdict, fields

from hub.catalog.models import Repo, ReportedResult
from hub.catalog.results import Reported

_BATCH = 200
_FIELDS = [field.name for field in fields(Reported)]


def write_results(repo: Repo, results: Sequence[Reported]) -> None:
    """Inside the caller's transaction."""
    rows = ReportedResult.objects.filter(repo=repo)
    if [Reported(**row) for row in rows.order_by("position").values(*_FIELDS)] == list(results):
        return
    rows.delete()
    made = [ReportedResult(repo=repo, position=at, **asdict(each)) for at, each in enumerate(results)]
    ReportedResult.objects.bulk_create(made, batch_size=_BATCH)
