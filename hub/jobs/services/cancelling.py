"""Cancel a job in any state, and try an ended one again."""

from django.db.models import QuerySet

from hub.accounts.errors import NotAllowed
from hub.accounts.models import AccessToken, Role
from hub.accounts.viewer import Viewer
from hub.audit.services import record
from hub.core import clock
from hub.core.tasks import enqueue
from hub.core.transactions import write_transaction
from hub.jobs.errors import NoSuchJob, StepRefused
from hub.jobs.models import HELD, Job, State
from hub.jobs.services.budgets import check_budget
from hub.jobs.services.loans import is_lent
from hub.jobs.services.steps import lock, move, tell
from hub.jobs.states import Who
from workers.contract import DeviceClass


def may_change(viewer: Viewer, job: Job) -> bool:
    """Whether the viewer may cancel the job and try it again: who ordered it, whoever may write for its owner, and
    administrators; by a token only with the scope to write."""
    if viewer.is_admin:
        return True
    if not viewer.scope_includes(AccessToken.Scope.WRITE) or is_lent(viewer):
        return False
    role = viewer.role_in(job.owner_id)
    return viewer.user == job.ordered_by or (role is not None and role.includes(Role.WRITE))


def cancel(*, by: Viewer, job: Job) -> Job:
    """A queued job is cancelled at once, a held one as soon as its worker stopped or its lease ended; again changes
    nothing. Raises `NoSuchJob`, `NotAllowed`, and `StepRefused` for one that is over or whose result was taken."""
    check_change(by, job)
    with write_transaction():
        held = _locked(job)
        if held.cancel_asked_at and (held.state in HELD or held.state == State.CANCELLED):
            return held
        asked = {"cancel_asked_at": clock.now(), "cancel_asked_by": _name(by)}
        if held.state == State.QUEUED:
            move(held, State.CANCELLED, who=Who.PERSON, text=_by(by), ended_at=clock.now(), **asked)
            enqueue("jobs.tidy", job=held.public_id)
        elif not _open(held).update(**asked):
            raise StepRefused(f"This job can't be cancelled any more: it is {held.get_state_display().lower()}.")
        else:
            tell(held, f"Cancel asked for by {_name(by)}")
        record(by=_name(by), action="job.cancel", subject=held.public_id, state=str(held.state))
    held.refresh_from_db()
    return held


def retry(*, by: Viewer, job: Job) -> Job:
    """Queue a failed, cancelled or lost job again; it goes on from its newest checkpoint, if that is still kept.
    Raises `NoSuchJob`, `NotAllowed`, `StepRefused`, and `OverBudget` as an order would."""
    check_change(by, job)
    check_budget(job.owner, DeviceClass(job.device_class))
    with write_transaction():
        held = _locked(job)
        move(
            held,
            State.QUEUED,
            who=Who.PERSON,
            text=f"Tried again by {_name(by)}",
            error={},
            failures=0,
            losses=0,
            ended_at=None,
            cancel_asked_at=None,
            cancel_asked_by="",
            not_before=None,
            rung_at=None,
        )
        record(by=_name(by), action="job.retry", subject=held.public_id)
        enqueue("jobs.ring", job=held.public_id)
    return held


def _open(job: Job) -> QuerySet[Job]:
    return Job.objects.held().filter(pk=job.pk, result__isnull=True)


def check_change(by: Viewer, job: Job) -> None:
    """Raises `NoSuchJob`, `NotAllowed`."""
    if not Job.objects.visible_to(by).filter(pk=job.pk).exists():
        raise NoSuchJob
    if not may_change(by, job):
        raise NotAllowed("Only who ordered this job, or who may write for its owner, can change it.")


def _locked(job: Job) -> Job:
    held = lock(Job.objects.filter(pk=job.pk))
    if held is None:
        raise NoSuchJob
    return held


def _by(by: Viewer) -> str:
    return f"Cancelled by {_name(by)}"


def _name(by: Viewer) -> str:
    return by.name or "system"
