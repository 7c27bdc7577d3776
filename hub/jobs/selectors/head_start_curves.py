"""How two trainings went by the same metric on their validation rows."""

from typing import Any

from hub.jobs.models import Job, Metric
from hub.jobs.selectors.offers import RECIPE, find_offer
from hub.jobs.worth import Look, looks

_HELD_OUT = "validation"
_LOSS = ("loss", False)


def curves_of(tuned: Job, scratch: Job) -> tuple[str, bool, tuple[tuple[Look, ...], tuple[Look, ...]]]:
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
