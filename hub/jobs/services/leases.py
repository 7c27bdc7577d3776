"""A worker takes a job, keeps it, and gives it back; the hub takes it from one that is no longer heard."""

import datetime as dt
import logging
from dataclasses import dataclass
from itertools import chain
from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from hub.accounts.models import AccessToken
from hub.accounts.services import extend_token
from hub.audit.services import record
from hub.core import clock
from hub.core.transactions import write_transaction
from hub.jobs.errors import LeaseLost, StepRefused
from hub.jobs.models import Attempt, Checkpoint, Job, State, Worker
from hub.jobs.services import fairness, loans
from hub.jobs.services.steps import end, lock, lock_fenced, move
from hub.jobs.states import Who
from hub.storage import services as storage
from workers import contract

logger = logging.getLogger(__name__)
# So many leases may expire without a newer checkpoint, then the job is lost.
MAX_LOSSES = 3
_LOST = contract.Failure(
    code=contract.Code.WORKER_LOST,
    message=f"{MAX_LOSSES} workers vanished while they had this job, and none of them got further.",
    advice="See in the log how far it came. If memory was short, order it with a smaller batch or for a larger device.",
)


def claim(*, worker: Worker, hint: str = "", free: int = 1) -> contract.Lease | None:
    """The next job for this worker, with a lease on it; None while there is none for it, or it has its hands full.

    `hint` is the job that the door-bell named, `free` how many the worker could still take. Of two workers that ask at
    once each gets another job: the step from queued is taken by one alone.
    """
    turn = fairness.in_turn(worker, hint) if free > 0 else iter(())
    # All that can be found out before anybody has to wait for us: whose turn it is, and what that job needs.
    if (first := next(turn, None)) is None:
        return None
    prepared = _prepare(first)
    with write_transaction():
        # Two requests of one worker wait for each other, so that it never has more jobs than slots.
        rows = Worker.objects.select_for_update().filter(pk=worker.pk, revoked_at=None, is_draining=False)
        slots = rows.values_list("slots", flat=True).first()
        if slots is None or Job.objects.held().filter(worker=worker).count() >= max(slots, 1):
            return None
        for pk in chain([first], turn):
            ready = prepared if pk == first else _prepare(pk)
            if ready and _is_still(ready.job) and (lease := _lend(ready, worker)):
                return lease
    return None


@dataclass(frozen=True)
class _Ready:
    """A queued job as it was a moment ago, with what it opens, or why it can't be run."""

    job: Job
    loan: loans.Loan | contract.Failure


def _prepare(pk: int) -> _Ready | None:
    job = Job.objects.queued().filter(pk=pk).select_related("ordered_by").first()
    return _Ready(job, loans.loan_for(job)) if job else None


def _is_still(job: Job) -> bool:
    """Whether it is as it was when it was read, and from now on nobody else's. Every step and every lease counts one
    of the two numbers up."""
    rows = Job.objects.queued().filter(pk=job.pk, lease_token=job.lease_token, last_seq=job.last_seq)
    return rows.select_for_update(skip_locked=True).values_list("pk").first() is not None


def _lend(ready: _Ready, worker: Worker) -> contract.Lease | None:
    """Inside the transaction: the lease, or None for a job that can't be run any more, which failed by this."""
    job, loan = ready.job, ready.loan
    if isinstance(loan, contract.Failure):
        error = loan.to_json()
        move(job, State.FAILED, who=Who.HUB, text=loan.message, error=error, ended_at=clock.now(), not_before=None)
        return None
    now = clock.now()
    ends = now + dt.timedelta(seconds=settings.JOB_LEASE_SECONDS)
    job.scope = job.scope or storage.new_scope()
    token, secret = loans.lend(job, loan, AccessToken.Scope.READ, ends)
    move(
        job,
        State.CLAIMED,
        who=Who.WORKER,
        text=f"Worker {worker.name}",
        worker=worker,
        lease_token=job.lease_token + 1,
        lease_ends_at=ends,
        attempts=job.attempts + 1,
        scope=job.scope,
        started_at=job.started_at or now,
        not_before=None,
    )
    kept = [contract.Checkpoint(each.step, each.sha256, each.size) for each in _checkpoints(job)]
    Attempt.objects.create(
        job=job,
        token=job.lease_token,
        worker=worker,
        worker_name=worker.name,
        access_token=token,
        started_at=now,
        first_step=kept[0].step if kept else 0,
    )
    record(by=f"worker:{worker.name}", action="job.claim", subject=job.public_id, attempt=job.lease_token, token=token)
    return contract.Lease(
        job=loans.spec_of(job),
        token=job.lease_token,
        seconds=settings.JOB_LEASE_SECONDS,
        access_token=secret,
        attempt=job.attempts,
        checkpoint=kept[0] if kept else None,
        older=tuple(kept[1:]),
        batch_halvings=job.batch_halvings,
    )


def _checkpoints(job: Job) -> QuerySet[Checkpoint]:
    """The newest first; of a job that nobody had yet there are none."""
    return job.checkpoints.order_by("-step") if job.lease_token > 1 else job.checkpoints.none()


def renew(*, worker: Worker, job_id: str, token: int, progress: dict[str, Any] | None = None) -> contract.Renewal:
    """Keep the lease, and the access token with it; told back is whether to go on. Raises `LeaseLost`.

    A lease that ended isn't renewed, even when nobody took the job yet: what the hub said is over stays over.
    """
    with write_transaction():
        # The worker's row before the job's, as everywhere where both are written.
        Worker.objects.filter(pk=worker.pk).update(heard_at=clock.now())
        ends = clock.now() + dt.timedelta(seconds=settings.JOB_LEASE_SECONDS)
        rows = Job.objects.fenced(token).filter(public_id=job_id, worker=worker)
        if not rows.update(lease_ends_at=ends, **progress_fields(progress or {})):
            raise LeaseLost
        job = Job.objects.get(public_id=job_id)
        extend_token(Attempt.objects.values_list("access_token", flat=True).get(job=job, token=token), ends)
        drain = Worker.objects.filter(pk=worker.pk, is_draining=True).exists()
    return contract.Renewal(settings.JOB_LEASE_SECONDS, cancel=job.cancel_asked_at is not None, drain=drain)


def progress_fields(told: dict[str, Any]) -> dict[str, Any]:
    """The columns of a job that a progress report sets; numbers that are none are left out."""
    columns = {"step": ("step", int), "total": ("total_steps", int), "seconds_left": ("seconds_left", float)}
    fields: dict[str, Any] = {}
    for name, (column, kind) in columns.items():
        value = told.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e15:
            fields[column] = kind(value)
    return fields


def release(*, worker: Worker, job_id: str, token: int, reason: str = "") -> str:
    """Give the job back unfinished; it counts as no failure. Its state then. Raises `LeaseLost`."""
    with write_transaction():
        job = lock_fenced(worker, job_id, token)
        if has_result(job):
            raise StepRefused("The result of this job was taken already.")
        give_back(job, "released", who=Who.WORKER, text=reason[:300] or "Given back by the worker")
    return job.state


def give_back(job: Job, outcome: str, *, who: Who, text: str, **fields: Any) -> None:
    """Inside a transaction, with the job locked: cancelled, where somebody asked for that, else queued again."""
    if job.cancel_asked_at:
        end(job, State.CANCELLED, "cancelled", who=who, text=f"Cancelled by {job.cancel_asked_by}")
    else:
        end(job, State.QUEUED, outcome, who=who, text=text, rung_at=None, **fields)


def expire_leases() -> int:
    """Take back every job whose lease ended: queued again, lost for good, or cancelled. How many."""
    over = Job.objects.held().filter(lease_ends_at__lte=clock.now(), result__isnull=True)
    rows = over.order_by("lease_ends_at").values_list("pk", "lease_token")
    return sum(_expire_or_log(pk, token) for pk, token in rows)


def _expire_or_log(pk: int, token: int) -> bool:
    """One that can't be taken back stands in nobody's way."""
    try:
        return _expire(pk, token)
    except Exception:
        logger.exception("The lease of job number %d ended, and it can't be taken back.", pk)
        return False


def _expire(pk: int, token: int) -> bool:
    with write_transaction():
        # As it is now: a renewal or a result that was faster keeps the job.
        rows = Job.objects.held().filter(pk=pk, lease_token=token, lease_ends_at__lte=clock.now(), result__isnull=True)
        job = lock(rows)
        if job is None:
            return False
        losses = job.losses + 1
        if job.cancel_asked_at is None and losses >= MAX_LOSSES:
            end(job, State.LOST, "lost", who=Who.HUB, text=_LOST.message, error=_LOST.to_json(), losses=losses)
            record(by="system", action="job.lost", subject=job.public_id)
        else:
            give_back(job, "lost", who=Who.HUB, text="The worker was no longer heard", losses=losses)
    return True


def take_back(worker: Worker) -> int:
    """Inside a transaction: everything that the worker has goes back to the queue; how much that was."""
    rows = Job.objects.held().filter(worker=worker, result__isnull=True).order_by("pk")
    jobs = list(rows.select_for_update())
    for job in jobs:
        give_back(job, "released", who=Who.HUB, text=f"Worker {worker.name} was withdrawn")
    return len(jobs)


def has_result(job: Job) -> bool:
    """Whether a result was taken: from then on the job can only succeed."""
    return job.result is not None
