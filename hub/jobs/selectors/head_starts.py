"""A fine-tune and its other half from random weights, side by side."""

from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.jobs.models import FINAL, Job, Kind, Metric, State
from hub.jobs.selectors.comparisons import Difference, difference
from hub.jobs.selectors.offers import RECIPE, find_offer
from hub.jobs.worth import Look, Worth, looks, worth_of
from workers.contract import JobResult, Measured

_HELD_OUT = "validation"
_LOSS = ("loss", False)


@dataclass(frozen=True)
class Side:
    """One of the two jobs; `looks`: the metric on the validation rows as it went."""

    job: Job
    looks: tuple[Look, ...]


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


@dataclass(frozen=True)
class HeadStart:
    """`state`: ready; open while one of them isn't over; failed where one ended without a result. `worth` and `gap`
    (the fine-tune less the other, on rows held out) are there where both have the numbers for it."""

    tuned: Side
    scratch: Side
    metric: str
    higher_is_better: bool
    state: str
    worth: Worth | None = None
    numbers: tuple[Number, Number] | None = None
    gap: Difference | None = None


def head_start(viewer: Viewer, job: Job) -> HeadStart | None:
    """Of either of the two; None where the job has no other half that the viewer may see."""
    pair = _pair(viewer, job)
    if pair is None:
        return None
    metric, higher_is_better, (tuned, scratch) = _curves(*pair)
    numbers = _numbers(*pair, metric)
    return HeadStart(
        tuned=Side(pair[0], tuned),
        scratch=Side(pair[1], scratch),
        metric=metric,
        higher_is_better=higher_is_better,
        state=_state(pair),
        worth=worth_of(tuned, scratch, higher_is_better=higher_is_better) if _state(pair) == "ready" else None,
        numbers=numbers,
        gap=difference(numbers[1], numbers[0]) if numbers else None,
    )


def _pair(viewer: Viewer, job: Job) -> tuple[Job, Job] | None:
    """The fine-tune first. A job that was ordered again has a parent too, which is no other half."""
    if job.kind != Kind.FINETUNE:
        return None
    seen = Job.objects.visible_to(viewer)
    if job.spec.get("from_scratch"):
        tuned = seen.filter(children=job).first()
        return (tuned, job) if tuned and not tuned.spec.get("from_scratch") else None
    halves = [each for each in seen.filter(parent=job).order_by("pk") if each.spec.get("from_scratch")]
    return (job, halves[0]) if halves else None


def _state(pair: tuple[Job, Job]) -> str:
    states = {each.state for each in pair}
    if states == {State.SUCCEEDED}:
        return "ready"
    return "failed" if states & (set(FINAL) - {State.SUCCEEDED}) else "open"


def _curves(tuned: Job, scratch: Job) -> tuple[str, bool, tuple[tuple[Look, ...], tuple[Look, ...]]]:
    """What the recipe is judged by, where both were; else the loss on the validation rows."""
    offer = find_offer(RECIPE, tuned.recipe)
    judge = (offer.offer.metric, offer.offer.higher_is_better) if offer and offer.offer.metric else _LOSS
    points = _points((tuned, scratch), [judge[0], _LOSS[0]])
    has_both = all((job.pk, judge[0]) in points for job in (tuned, scratch))
    name, higher_is_better = judge if has_both else _LOSS
    found = [looks(points.get((job.pk, name), ()), _clock(job)) for job in (tuned, scratch)]
    return name, higher_is_better, (found[0], found[1])


def _points(jobs: tuple[Job, Job], names: list[str]) -> dict[tuple[int, str], list[tuple[int, float]]]:
    rows = Metric.objects.filter(job__in=jobs, name__in=names, split=_HELD_OUT).order_by("step")
    found: dict[tuple[int, str], list[tuple[int, float]]] = {}
    for job, name, step, value in rows.values_list("job", "name", "step", "value"):
        found.setdefault((job, name), []).append((step, value))
    return found


def _clock(job: Job) -> list[tuple[int, float]]:
    """As the worker says, so nothing else is believed of it."""
    told = ((job.result or {}).get("tables") or {}).get("clock")
    pairs = [each for each in told if isinstance(each, list) and len(each) == 2] if isinstance(told, list) else []
    return sorted((int(step), float(at)) for step, at in pairs if _is_number(step) and _is_number(at))


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _numbers(tuned: Job, scratch: Job, metric: str) -> tuple[Number, Number] | None:
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
