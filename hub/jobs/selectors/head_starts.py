"""A fine-tune and its other half from random weights, side by side."""

from dataclasses import dataclass

from hub.accounts.viewer import Viewer
from hub.jobs.models import FINAL, Job, Kind, State
from hub.jobs.selectors.comparisons import Difference, difference
from hub.jobs.selectors.head_start_curves import curves_of
from hub.jobs.selectors.held_out import Number, numbers_of
from hub.jobs.worth import Look, Worth, worth_of


@dataclass(frozen=True)
class Side:
    """One of the two jobs; `looks`: the metric on the validation rows as it went."""

    job: Job
    looks: tuple[Look, ...]


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
    metric, higher_is_better, (tuned, scratch) = curves_of(*pair)
    numbers = numbers_of(*pair, metric)
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
