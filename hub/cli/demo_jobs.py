"""The measurement that a demo approval rests on: ordered as everybody orders one, done by whichever worker there is."""

import time
from typing import TYPE_CHECKING, Any

import click

from hub.cli.demo_stories import Measurement

if TYPE_CHECKING:
    from hub.accounts.viewer import Viewer
    from hub.governance.models import Revision
    from hub.jobs.models import Job

_POLL = 1.0


def measure(wanted: Measurement, revision: "Revision", by: "Viewer", *, mark: str, give_up_at: float) -> None:
    """Order it once, wait for it, and see to it that the review knows. Where it is refused, or no worker does it in
    time, nothing is measured, and that is said."""
    from hub.jobs.errors import OrderRefused
    from hub.jobs.services import following

    try:
        job = _ordered_before(revision, by) or _order(wanted, revision, by, mark)
    except OrderRefused as refused:
        click.echo(f"{revision.repo.name} is not measured yet. {refused.message}", err=True)
        return
    if _waited(job, give_up_at) == "succeeded":
        following.result_made(job_id=job.pk)
    else:
        click.echo(f"{revision.repo.name} is not measured yet: see /jobs/{job.public_id}.", err=True)


def _ordered_before(revision: "Revision", by: "Viewer") -> "Job | None":
    """Of this very commit, still open or done."""
    from hub.jobs.models import State
    from hub.jobs.selectors.jobs import list_jobs

    ended_badly = (State.FAILED, State.CANCELLED, State.LOST)
    found = list_jobs(by, kind="evaluate", repo=revision.repo.full_name).jobs
    mine = (job for job in found if job.ordered_by == by.user and job.base_commit == revision.commit)
    return next((job for job in mine if job.state not in ended_badly), None)


def _order(wanted: Measurement, revision: "Revision", by: "Viewer", mark: str) -> "Job":
    from hub.jobs.order_reading import read_order
    from hub.jobs.services import orders

    told: dict[str, Any] = {
        "kind": "evaluate",
        "base": revision.repo.full_name,
        "base_revision": revision.commit,
        "dataset": f"{revision.repo.owner.name}/{wanted.dataset}",
        "recipe": wanted.recipe,
        "suites": list(wanted.suites),
        "config": wanted.suites,
        "title": f"{mark}{', '.join(wanted.suites)} of {revision.repo.name}",
    }
    return orders.order(by=by, order=read_order(told))


def _waited(job: "Job", give_up_at: float) -> str:
    """Its state once it is over, or at the end of the patience."""
    from hub.jobs.selectors.jobs import standing_of

    state, is_over = standing_of(job)
    while not is_over and time.monotonic() < give_up_at:
        time.sleep(_POLL)
        state, is_over = standing_of(job)
    return state
