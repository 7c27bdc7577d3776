"""How a job ends by its worker's report, and how its result comes into the catalog exactly once.

A result is taken in three parts, each of which may be repeated: it is written down once under the lease; main moves to
its commit; the job succeeds. From the first on nobody else can have the job, and the hub goes on by itself.
"""

import datetime as dt
import logging

from django.conf import settings
from django.db.models import F

from hub.accounts.viewer import Viewer
from hub.audit.services import record
from hub.catalog import services as catalog
from hub.catalog.models import Ref
from hub.core import clock
from hub.core.errors import HubError
from hub.core.transactions import write_transaction
from hub.jobs.errors import LeaseLost, ResultRefused, StepRefused
from hub.jobs.models import Attempt, Job, Kind, State, Worker
from hub.jobs.services import results
from hub.jobs.services.leases import give_back, has_result
from hub.jobs.services.steps import end, lock, lock_fenced, tell
from hub.jobs.states import Who
from hub.jobs.surroundings import shortened
from hub.storage import services as storage
from workers import contract

logger = logging.getLogger(__name__)
# Another try is made after so many faults of the job, each after a longer pause.
MAX_FAILURES = 2
# A batch is halved so often for want of memory; that is no fault.
MAX_HALVINGS = 6


def finish(*, worker: Worker, job_id: str, token: int, result: contract.JobResult) -> str:
    """Take the result; the job's state then: succeeded, or cancelled where that was asked for before. A report whose
    answer was lost may be sent again.

    Raises `LeaseLost`, `StepRefused` for a job that isn't finalizing, `ResultRefused` where what it names isn't here.
    """
    try:
        job = _take(worker, job_id, token, result)
    except LeaseLost:
        # In this order: a job that is completed between the two looks is seen by the second.
        taken = _taken_before(worker, job_id, token)
        return complete(taken) if taken else _ended_as(worker, job_id, token, "succeeded", "cancelled")
    return complete(job) if has_result(job) else job.state


def _taken_before(worker: Worker, job_id: str, token: int) -> Job | None:
    rows = Job.objects.filter(public_id=job_id, worker=worker, lease_token=token, result__isnull=False)
    return rows.filter(state=State.FINALIZING).first()


def _ended_as(worker: Worker, job_id: str, token: int, *outcomes: str) -> str:
    """After a lease was found lost: the job's state, where it is this very attempt that ended so, by a report whose
    answer was lost. Raises `LeaseLost` otherwise."""
    rows = Attempt.objects.filter(job__public_id=job_id, worker=worker, token=token, outcome__in=outcomes)
    state = rows.values_list("job__state", flat=True).first()
    if state is None:
        raise LeaseLost
    return state


def _take(worker: Worker, job_id: str, token: int, result: contract.JobResult) -> Job:
    with write_transaction():
        job = lock_fenced(worker, job_id, token)
        if has_result(job):
            return job
        if job.state != State.FINALIZING:
            raise StepRefused(f"A result comes from a job that is finalizing; this one is {job.state}.")
        if job.cancel_asked_at:
            give_back(job, "cancelled", who=Who.WORKER, text="")
            return job
        result = shortened(result)
        _check(job, token, result)
        commit = result.commit if job.kind == Kind.FINETUNE else ""
        free = Job.objects.fenced(token).filter(pk=job.pk, result__isnull=True, cancel_asked_at=None)
        if not free.update(result=result.to_json(), result_commit=commit):
            raise LeaseLost
        job.refresh_from_db()
    return job


def _check(job: Job, token: int, result: contract.JobResult) -> None:
    if job.kind == Kind.FINETUNE:
        branch = f"refs/heads/jobs/{job.public_id}-{token}"
        if not Ref.objects.filter(repo=job.out_repo_id, name=branch, target=result.commit).exists():
            raise ResultRefused(f"The commit {result.commit[:40]!r} is not what stands on the branch of this attempt.")
    sha256 = result.predictions_sha256
    if sha256 and (job.scope is None or sha256 not in storage.held(scope=job.scope, sha256s=[sha256], committed=True)):
        raise ResultRefused("The predictions that the result names were not brought. Send them first.")


def complete(job: Job) -> str:
    """Go on after a result was taken; what was done already isn't done again. The job's state then."""
    note = _publish(job) if job.result_commit else ""
    with write_transaction():
        held = lock(Job.objects.filter(pk=job.pk, state=State.FINALIZING, result__isnull=False))
        if held is None or held.result is None:
            return Job.objects.values_list("state", flat=True).get(pk=job.pk)
        told = held.result
        if note:
            told = {**told, "notes": [*told.get("notes", ()), note]}
            tell(held, note, "warning")
        end(held, State.SUCCEEDED, "succeeded", who=Who.HUB, result=told, error={})
        results.write(job=held, result=contract.JobResult.from_json(told))
        record(by="system", action="job.succeeded", subject=held.public_id, commit=held.result_commit)
    return held.state


def _publish(job: Job) -> str:
    """Bring main of the result's repository to its commit; why not, where that can't be."""
    if job.out_repo is None:
        return "The repository of the result was deleted before it was there."
    try:
        if catalog.advance(by=Viewer(user=job.ordered_by), repo=job.out_repo, commit=job.result_commit):
            return ""
    except HubError as error:
        return f"The result stays on its branch: {error.message}"
    return "Main went on to other commits meanwhile, so the result stays on its branch."


def complete_taken() -> int:
    """Complete what a hub that ended half way left: how many jobs."""
    left = Job.objects.filter(state=State.FINALIZING, result__isnull=False, lease_ends_at__lte=clock.now())
    return sum(_completed(job) for job in left.select_related("out_repo__owner", "ordered_by"))


def _completed(job: Job) -> bool:
    """One that can't be completed stands in nobody's way."""
    try:
        return complete(job) == State.SUCCEEDED
    except Exception:
        logger.exception("The result of %s was taken, and it can't be completed.", job.public_id)
        return False


def fail(*, worker: Worker, job_id: str, token: int, failure: contract.Failure, retry: bool | None = None) -> str:
    """End the attempt: the job is queued again where that may help, else it failed. Its state then.

    `retry` False: the worker knows that another try won't help. A report whose answer was lost may be sent again.
    Raises `LeaseLost`.
    """
    try:
        return _fail(worker, job_id, token, failure, may_try=retry is not False)
    except LeaseLost:
        return _ended_as(worker, job_id, token, "failed", "cancelled")


def _fail(worker: Worker, job_id: str, token: int, failure: contract.Failure, *, may_try: bool) -> str:
    error = failure.to_json()
    with write_transaction():
        job = lock_fenced(worker, job_id, token)
        if has_result(job):
            raise StepRefused("The result of this job was taken already.")
        fields = _another_try(job, failure) if may_try else None
        tell(job, failure.message[:2_000], "error")
        if job.cancel_asked_at or fields is not None:
            text = f"Tried again after: {failure.message}"[:300]
            give_back(job, "failed", who=Who.WORKER, text=text, error=error, **(fields or {}))
        else:
            end(job, State.FAILED, "failed", who=Who.WORKER, text=failure.message[:300], error=error)
            record(by=f"worker:{worker.name}", action="job.failed", subject=job.public_id, code=failure.code[:40])
    return job.state


def _another_try(job: Job, failure: contract.Failure) -> dict[str, object] | None:
    """What another try begins with; None where none is made."""
    if failure.code == contract.Code.OUT_OF_MEMORY:
        return {"batch_halvings": F("batch_halvings") + 1} if job.batch_halvings < MAX_HALVINGS else None
    try:
        is_worth_it = contract.Code(failure.code).is_worth_another_try
    except ValueError:
        is_worth_it = False
    if not is_worth_it or job.failures >= MAX_FAILURES:
        return None
    pause = dt.timedelta(seconds=settings.JOB_PAUSE_SECONDS) * (job.failures + 1)
    return {"failures": job.failures + 1, "not_before": clock.now() + pause}


def cancelled(*, worker: Worker, job_id: str, token: int) -> str:
    """The worker stopped, as it was asked to; the job's state then. Raises `LeaseLost`, `StepRefused` where nobody
    asked."""
    try:
        return _stopped(worker, job_id, token)
    except LeaseLost:
        return _ended_as(worker, job_id, token, "cancelled")


def _stopped(worker: Worker, job_id: str, token: int) -> str:
    with write_transaction():
        job = lock_fenced(worker, job_id, token)
        if job.cancel_asked_at is None or has_result(job):
            raise StepRefused("Nobody asked to cancel this job, or its result was taken before. Go on, or release it.")
        give_back(job, "cancelled", who=Who.WORKER, text="")
    return job.state
