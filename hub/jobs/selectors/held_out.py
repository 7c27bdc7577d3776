"""What two jobs measured on the same rows held out."""

from dataclasses import dataclass

from hub.jobs.models import Job
from workers.contract import JobResult, Measured


@dataclass(frozen=True)
class Number:
    """The metric of a finished job, on the rows that both were measured on."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    dataset: str
    split: str
    predictions_sha256: str = ""


def numbers_of(tuned: Job, scratch: Job, metric: str) -> tuple[Number, Number] | None:
    """Of the same rows of the same data: else there is no difference to speak of."""
    ones, others = _measured(tuned, metric), _measured(scratch, metric)
    same = next((each for each in ones if each in others), None)
    return (ones[same], others[same]) if same else None


def _measured(job: Job, metric: str) -> dict[tuple[str, ...], Number]:
    result = JobResult.from_json(job.result) if job.result else JobResult()
    whole = [each for each in result.measured if each.metric == metric and not each.slice and not each.suite]
    return {
        (each.dataset, each.dataset_commit, each.dataset_config, each.split, str(each.n)): _number(each, result)
        for each in whole
        if each.value is not None
    }


def _number(told: Measured, result: JobResult) -> Number:
    ends = told.value, told.low, told.high
    return Number(*ends, told.n, told.dataset, told.split, result.predictions_sha256)
