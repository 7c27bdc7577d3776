"""The one way in which a job's state changes: a step of the table, a conditional update, an event, the attempt's end.

All inside the caller's write transaction. `lock` comes first: whoever waits there looks at the job anew, as the one
before left it. The update then repeats what must hold, so that nothing rests on the lock alone.
"""

import datetime as dt
from typing import Any

from django.db.models import F, QuerySet

from hub.accounts.services import end_token
from hub.core import clock
from hub.core.tasks import enqueue
from hub.jobs.errors import LeaseLost, StepRefused
from hub.jobs.models import FINAL, HELD, Attempt, Job, JobEvent, State, Worker
from hub.jobs.states import Who, step_between


def lock(rows: QuerySet[Job]) -> Job | None:
    """The only job of these, held against others until the transaction ends; None where there is none (any more)."""
    return rows.select_for_update().first()


def lock_fenced(worker: Worker, job_id: str, token: int) -> Job:
    """The job that the worker has by that token, locked. Raises `LeaseLost` for everything else: ended, expired,
    claimed again, somebody else's, never there."""
    job = lock(Job.objects.fenced(token).filter(public_id=job_id, worker=worker))
    if job is None:
        raise LeaseLost
    return job


def move(job: Job, after: State, *, who: Who, text: str = "", **fields: Any) -> None:
    """Take a locked job to another state, with `fields` set along with it, and tell its event stream.

    Raises `StepRefused` where the table has no such step, or somebody moved the job meanwhile.
    """
    before, token = job.state, job.lease_token
    step_between(before, after, who)
    rows = Job.objects.filter(pk=job.pk, state=before, lease_token=token, last_seq=job.last_seq)
    fields = {"state": str(after), "last_seq": job.last_seq + 1, **fields}
    if not rows.update(**fields):
        raise StepRefused("Somebody changed this job meanwhile. Look at it again.")
    _take_over(job, fields)
    data = {"state": str(after), "before": str(before)} | ({"text": text} if text else {})
    attempt = job.lease_token if job.state in HELD else 0
    JobEvent.objects.create(job=job, seq=job.last_seq, attempt=attempt, kind="state", data=data)


def _take_over(job: Job, fields: dict[str, Any]) -> None:
    """What was written to the row; what the database worked out is read back."""
    computed = [name for name, value in fields.items() if hasattr(value, "resolve_expression")]
    for name in fields.keys() - computed:
        setattr(job, name, fields[name])
    if computed:
        job.refresh_from_db(fields=computed)


def tell(job: Job, text: str, level: str = "info") -> None:
    """A message of the hub's own in the stream of a locked job."""
    Job.objects.filter(pk=job.pk).update(last_seq=F("last_seq") + 1)
    job.refresh_from_db(fields=["last_seq"])
    JobEvent.objects.create(job=job, seq=job.last_seq, kind="message", data={"level": level, "text": text})


def end(job: Job, after: State, outcome: str, *, who: Who, text: str = "", **fields: Any) -> None:
    """End the attempt that has the locked job, and its lease: nothing more comes under its token, and the access token
    made for it opens nothing any more. `outcome` as `Attempt.outcome`; `fields` go to the job."""
    now = clock.now()
    used = _end_attempt(job, outcome, now, fields.get("error") or {})
    if after in FINAL:
        fields["ended_at"] = now
        enqueue("jobs.tidy", job=job.public_id)
    else:
        enqueue("jobs.ring", job=job.public_id)
    move(
        job,
        after,
        who=who,
        text=text,
        lease_token=job.lease_token + 1,
        lease_ends_at=None,
        worker=None,
        device_seconds=job.device_seconds + used * job.devices,
        seconds_left=None,
        **fields,
    )


def _end_attempt(job: Job, outcome: str, now: dt.datetime, error: dict[str, Any]) -> float:
    """How long the worker had the job, in seconds: until now, or until its lease ended."""
    attempt = Attempt.objects.get(job=job, token=job.lease_token)
    until = min(now, job.lease_ends_at or now)
    Attempt.objects.filter(pk=attempt.pk).update(ended_at=until, outcome=outcome, error=error, last_step=job.step)
    end_token(attempt.access_token)
    return max(0.0, (until - attempt.started_at).total_seconds())
