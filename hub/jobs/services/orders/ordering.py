"""An order becomes a job, or two."""

import json
from dataclasses import replace
from typing import Any

from django.conf import settings

from hub.accounts.viewer import Viewer
from hub.audit.services import record
from hub.core import clock
from hub.core.tasks import enqueue
from hub.core.transactions import write_transaction
from hub.jobs.errors import StepRefused
from hub.jobs.faults import Fault
from hub.jobs.labels import check_labels
from hub.jobs.models import FINAL, Job, JobEvent, State
from hub.jobs.order_reading import refused
from hub.jobs.orders import Order, order_again
from hub.jobs.services.orders.picture import Picture, picture_of
from workers import contract

_SCRATCH = "-from-scratch"


def order(*, by: Viewer, order: Order, parent: Job | None = None, owner: str = "", labels: Any = None) -> Job:
    """Before: somebody wants a job. After: it is queued, and a door-bell goes out; with `compare_scratch` a second one
    from random weights, whose parent it is. `owner`: whose it is to be, where that is told; `labels` go with it.

    Raises `OrderRefused` with `detail["faults"]` for all that stands in the way at once.
    """
    labels = check_labels(labels or {})
    pictures = [_checked(by, order, owner)]
    if order.compare_scratch and order.is_finetune:
        pictures.append(_checked(by, _from_scratch(pictures[0])))
    with write_transaction():
        first = _write(by, pictures[0], parent, labels)
        jobs = [first, *(_write(by, each, first, labels) for each in pictures[1:])]
        for job in jobs:
            record(by=by.name, action="job.order", subject=f"job:{job.public_id}", kind=job.kind, owner=job.owner.name)
            enqueue("jobs.ring", job=job.public_id)
    return first


def repeat(*, by: Viewer, job: Job) -> Job:
    """Before: a job is over. After: the same order, at the same commits, is queued as a new job, whose parent that is.

    It is checked anew, for `by`, who must be able to read what it was made on.
    """
    if job.state not in FINAL:
        raise StepRefused(f"The job is {job.state}: only one that is over is ordered again.")
    again = order_again(job.spec, priority=job.priority, compare_scratch=False, title=job.title)
    return order(by=by, order=again, parent=job, labels=job.labels)


def _checked(by: Viewer, order: Order, owner: str = "") -> Picture:
    picture = picture_of(by, order)
    faults = [*picture.faults, *_of_owner(picture.outcome.owner.name, owner)]
    if faults:
        raise refused(faults)
    return picture


def _of_owner(owner: str, wanted: str) -> list[Fault]:
    if not wanted or owner.lower() == wanted.lower():
        return []
    text = f"This job would belong to {owner}, not to {wanted}."
    advice = "It belongs to the account that the result goes to (`out`); an evaluation or a ranking to who orders it."
    return [Fault("out", "other_owner", text, advice)]


def _from_scratch(picture: Picture) -> Order:
    """Its other half: the same in all but the weights that it begins with."""
    out = f"{picture.outcome.out[: 193 - len(_SCRATCH)]}{_SCRATCH}"
    title = f"{picture.title}, from scratch"[:200]
    return replace(picture.order, from_scratch=True, compare_scratch=False, out=out, title=title)


def _write(by: Viewer, picture: Picture, parent: Job | None, labels: dict[str, str]) -> Job:
    if by.user is None or picture.needs is None:
        raise ValueError("an order that was checked has an orderer and a device")
    now, order = clock.now(), picture.order
    # Through JSON: what is at hand is what will be read again.
    spec = json.loads(json.dumps(_spec(picture, by.name).to_json()))
    del spec["id"]
    job = Job.objects.create(
        kind=order.kind,
        title=picture.title,
        labels=labels,
        spec={**spec, "ordered_at": now.isoformat()},
        recipe=order.recipe,
        owner=picture.outcome.owner,
        ordered_by=by.user,
        ordered_at=now,
        base=picture.base.repo if picture.base else None,
        base_commit=picture.base.at.commit if picture.base else "",
        dataset=picture.data[0].repo if picture.data else None,
        out_repo=picture.outcome.repo,
        parent=parent,
        device_class=picture.needs.device,
        devices=order.devices,
        memory_bytes=picture.needs.estimate.memory,
        max_seconds=order.max_seconds or settings.JOB_MAX_SECONDS,
        priority=order.priority,
        last_seq=1,
    )
    JobEvent.objects.create(job=job, seq=1, at=now, kind="state", data={"state": State.QUEUED.value})
    return job


def _spec(picture: Picture, by: str) -> contract.JobSpec:
    order, needs = picture.order, picture.needs
    device = needs.device if needs else contract.DeviceClass.CPU
    return contract.JobSpec(
        id="",
        kind=order.kind,
        recipe=order.recipe,
        recipe_version=picture.recipe.offer.version if picture.recipe else "",
        base=picture.base.source if picture.base else None,
        candidates=tuple(each.source for each in picture.models[1 if order.base else 0 :]),
        datasets=tuple(each.source for each in picture.data),
        config=picture.config,
        suites=order.suites,
        out=picture.outcome.out,
        title=picture.title,
        seed=order.seed,
        device=device.value,
        gpus=0 if device is contract.DeviceClass.CPU and order.devices == 1 else order.devices,
        max_seconds=order.max_seconds or settings.JOB_MAX_SECONDS,
        ordered_by=by,
        inherited=_inherited(picture),
        from_scratch=order.from_scratch,
    )


def _inherited(picture: Picture) -> dict[str, Any]:
    if picture.terms is None:
        return {}
    return {**picture.terms.inherited, "private": picture.outcome.is_private}
