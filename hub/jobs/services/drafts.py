"""Where a result goes: a branch of its own for each attempt, so that two attempts never write to the same place."""

import contextlib
import datetime as dt

from django.conf import settings

from hub.accounts.models import AccessToken
from hub.accounts.services import SYSTEM, end_token
from hub.accounts.viewer import Viewer
from hub.audit.services import record
from hub.catalog import services as catalog
from hub.catalog.errors import RefExists, RepoExists, RepoMoved, RepoNotFound, RevisionNotFound
from hub.catalog.models import MAIN, Ref, Repo
from hub.catalog.selectors import find_repo, find_repos
from hub.core import clock
from hub.core.errors import HubError
from hub.core.transactions import write_transaction
from hub.jobs.errors import LeaseLost, ResultRefused, StepRefused
from hub.jobs.models import Attempt, Job, Kind, State, Worker
from hub.jobs.services import loans
from hub.jobs.services.steps import lock_fenced
from workers import contract


def draft(*, worker: Worker, job_id: str, token: int) -> contract.Draft:
    """A branch for the result, and a token for its repository alone in place of the one before. The repository
    is made where it isn't there. Asked again, the branch is the same and the token another.

    Raises `LeaseLost`, `StepRefused` for a job that pushes nothing or isn't that far, `ResultRefused` with what
    hinders who ordered it from writing there.
    """
    job = _finalizing(worker, job_id, token)
    by = Viewer(user=job.ordered_by)
    repo = _out(by, job)
    branch = f"jobs/{job.public_id}-{token}"
    # One that is there was made by a call whose answer was lost.
    with contextlib.suppress(RefExists):
        catalog.create_branch(by=by, repo=repo, name=branch)
    head = Ref.objects.get(repo=repo, name=f"refs/heads/{branch}").target
    secret = _open(worker, job, token, repo, branch)
    return contract.Draft(repo=repo.full_name, branch=branch, parent=head, access_token=secret)


def delete_branches(job: Job) -> int:
    """Of all attempts of a job that is over, but for one that alone has the result; how many went."""
    if job.out_repo is None:
        return 0
    repo, gone = job.out_repo, 0
    head = Ref.objects.get(repo=repo, name=MAIN).target
    refs = Ref.objects.filter(repo=repo, name__startswith=f"refs/heads/jobs/{job.public_id}-")
    for name, target in list(refs.values_list("name", "target")):
        if target != job.result_commit or catalog.is_ancestor(repo, target, head):
            with contextlib.suppress(RevisionNotFound):
                catalog.delete_branch(by=SYSTEM, repo=repo, name=name)
                gone += 1
    return gone


def _finalizing(worker: Worker, job_id: str, token: int) -> Job:
    """Looked at before anything is made; `_open` looks again under a lock."""
    rows = Job.objects.fenced(token).filter(public_id=job_id, worker=worker)
    job = rows.select_related("ordered_by__namespace", "owner", "base", "dataset").first()
    if job is None:
        raise LeaseLost
    if job.kind != Kind.FINETUNE or job.state != State.FINALIZING:
        raise StepRefused("Only a fine-tune that is finalizing gets a branch for its result.")
    return job


def _out(by: Viewer, job: Job) -> Repo:
    out = str(job.spec.get("out", ""))
    try:
        repo = _found_or_made(by, job, out)
        catalog.check_write(by, repo)
    except HubError as error:
        text = f"The result can't go to {out}: {error.message} Have that mended, then try the job again."
        raise ResultRefused(text) from error
    return repo


def _found_or_made(by: Viewer, job: Job, out: str) -> Repo:
    """Under its new name where it was moved meanwhile."""
    owner, _, name = out.partition("/")
    try:
        return find_repo(by, "model", owner, name)
    except RepoMoved as moved:
        return find_repo(by, "model", *str(moved.detail["to"]).split("/", 1))
    except RepoNotFound:
        with contextlib.suppress(RepoExists):
            return catalog.create_repo(by=by, kind="model", owner=owner, name=name, private=_is_private(by, job))
        return find_repo(by, "model", owner, name)


def _is_private(by: Viewer, job: Job) -> bool:
    """Public only where the order says so and everything it was made from is; what is gone meanwhile is not."""
    if (job.spec.get("inherited") or {}).get("private", True):
        return True
    spec = loans.spec_of(job)
    sources = [each for each in (spec.base, *spec.candidates, *spec.datasets) if each is not None]
    wanted = {(each.kind, each.repo) for each in sources}
    found = find_repos(by, wanted)
    return found.keys() != wanted or any(repo.is_private for repo in found.values())


def _open(worker: Worker, job: Job, token: int, repo: Repo, branch: str) -> str:
    """The secret of a token for the repository of the result, and nothing else: it may write."""
    with write_transaction():
        held = lock_fenced(worker, job.public_id, token)
        attempt = Attempt.objects.get(job=held, token=token)
        end_token(attempt.access_token)
        opened = loans.Loan((repo.public_id,))
        ends = held.lease_ends_at or clock.now() + dt.timedelta(seconds=settings.JOB_LEASE_SECONDS)
        public_id, secret = loans.lend(held, opened, AccessToken.Scope.WRITE, ends)
        Attempt.objects.filter(pk=attempt.pk).update(access_token=public_id, branch=branch)
        Job.objects.filter(pk=held.pk).update(out_repo=repo)
        subject = f"models/{repo.full_name}"
        record(by=f"worker:{worker.name}", action="job.draft", subject=subject, job=job.public_id, token=public_id)
    return secret
