"""What a job leaves in the hub while it runs: checkpoints to go on from, and its predictions."""

from hub.core.errors import InvalidInput, TooLarge
from hub.core.transactions import write_transaction
from hub.jobs.errors import LeaseLost
from hub.jobs.models import FINAL, Attempt, Checkpoint, Job, Worker
from hub.jobs.services.steps import lock, lock_fenced
from hub.storage import services as storage
from hub.storage.models import Scope
from hub.storage.services.pieces import Body, pieces_of
from workers.contract import MAX_PREDICTIONS

# The newest, and the one before it, should the newest turn out to be of no use.
_KEPT = 2


def checkpoint(*, worker: Worker, job_id: str, token: int, step: int, sha256: str, size: int, body: Body) -> Checkpoint:
    """Take a checkpoint, whole: its row is there only once its bytes are, verified. What is two checkpoints old goes.

    A newer step than any before ends the count of lost workers. Raises `LeaseLost`, and what storage raises.
    """
    if not 0 <= step < 1 << 62:
        raise InvalidInput("A checkpoint is of a step from 0 up.")
    _bring(_scope(worker, job_id, token), sha256, size, body)
    with write_transaction():
        job = lock_fenced(worker, job_id, token)
        scope = _scope_of(job)
        newest = job.checkpoints.order_by("-step").values_list("step", flat=True).first()
        storage.keep(scope=scope, sha256s=[sha256])
        before = set(job.checkpoints.values_list("sha256", flat=True))
        fields = {"attempt": token, "sha256": sha256, "size": size}
        # Of former attempts what is newer was of no use: this one went on from an older one, or anew.
        job.checkpoints.filter(step__gt=step).exclude(attempt=token).delete()
        made, _ = Checkpoint.objects.update_or_create(job=job, step=step, defaults=fields)
        kept = job.checkpoints.order_by("-step").values_list("pk", flat=True)[:_KEPT]
        job.checkpoints.exclude(pk__in=list(kept)).delete()
        if newest is None or step > newest:
            Job.objects.filter(pk=job.pk).update(losses=0)
        Attempt.objects.filter(job=job, token=token).update(last_step=step)
        left = set(job.checkpoints.values_list("sha256", flat=True))
    storage.let_go(scope=scope, sha256s=before - left)
    return made


def predictions(*, worker: Worker, job_id: str, token: int, sha256: str, size: int, body: Body) -> None:
    """Take predictions.parquet, in place of any before. Raises `LeaseLost`, `TooLarge`, and what storage raises."""
    if size > MAX_PREDICTIONS:
        raise TooLarge(f"Predictions take up to {MAX_PREDICTIONS >> 20} MiB; these have {size:,} bytes.")
    _bring(_scope(worker, job_id, token), sha256, size, body)
    with write_transaction():
        job = lock_fenced(worker, job_id, token)
        scope = _scope_of(job)
        storage.keep(scope=scope, sha256s=[sha256])
        left = storage.named(scope=scope) - set(job.checkpoints.values_list("sha256", flat=True)) - {sha256}
    storage.let_go(scope=scope, sha256s=left)


def drop_checkpoints(job: Job) -> int:
    """Of a job that is over, with all else that its result doesn't name; how many went."""
    with write_transaction():
        held = lock(Job.objects.filter(pk=job.pk, state__in=FINAL))
        gone = held.checkpoints.all().delete()[0] if held else 0
    if held and held.scope is not None:
        kept = {(held.result or {}).get("predictions_sha256", "")}
        storage.let_go(scope=held.scope, sha256s=storage.named(scope=held.scope) - kept)
    return gone


def _scope(worker: Worker, job_id: str, token: int) -> Scope:
    """Before anything is received: of the job that this worker has by that token. Raises `LeaseLost`."""
    rows = Job.objects.fenced(token).filter(public_id=job_id, worker=worker).select_related("scope")
    job = rows.first()
    if job is None:
        raise LeaseLost
    return _scope_of(job)


def _scope_of(job: Job) -> Scope:
    if job.scope is None:
        raise LeaseLost("The storage of this job is gone.")
    return job.scope


def _bring(scope: Scope, sha256: str, size: int, body: Body) -> None:
    plan = storage.begin_upload(scope=scope, sha256=sha256, size=size, single=True)
    if plan.is_present:
        # Read all the same: what stays unread would be taken for the next request.
        for _ in pieces_of(body, size):
            pass
        return
    storage.receive_part(upload_id=plan.upload_id, number=1, body=body, length=size)
    storage.finish_upload(upload_id=plan.upload_id)
