"""Which of the numbers that files report are numbers of this hub's own record."""

from collections.abc import Iterable

from hub.catalog.models import ReportedResult
from hub.jobs.models import EvaluationResult
from hub.jobs.verifying import is_token_of, record_of


def verified_of(reported: Iterable[ReportedResult]) -> frozenset[int]:
    """The keys of those whose token is the hub's, for this very model, data, name and value: an edited value, or a
    token that was copied to another place, is no longer what was measured. One query."""
    told = {each.pk: each for each in reported if each.verify_token}
    names = {record_of(each.verify_token) for each in told.values()}
    rows = EvaluationResult.objects.filter(public_id__in=names).select_related("repo") if names else []
    records = {row.public_id: row for row in rows}
    return frozenset(pk for pk, each in told.items() if _holds(each, records.get(record_of(each.verify_token))))


def _holds(told: ReportedResult, row: EvaluationResult | None) -> bool:
    if row is None or told.repo_id != row.repo_id or told.value != row.value:
        return False
    is_same_data = told.dataset.lower() == row.dataset_name.lower() and told.revision == row.dataset_commit
    return is_same_data and is_token_of(told.verify_token, row, told.metric)
