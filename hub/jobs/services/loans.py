"""What a worker may open for a job: the repositories it is about, in the name of who ordered it, while it lasts."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from hub.accounts.models import AccessToken, User
from hub.accounts.services import lend_token
from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo
from hub.catalog.selectors import find_repos
from hub.jobs.models import Attempt, Job
from hub.jobs.selectors.trusted import is_code_approved
from workers.contract import Code, Failure, JobSpec, Source


@dataclass(frozen=True)
class Loan:
    """Public ids of the repositories that a job reads."""

    repositories: tuple[str, ...]


def loan_for(job: Job) -> Loan | Failure:
    """What the job reads, if who ordered it may still see all of it; else why the job can't be run."""
    orderer = job.ordered_by
    if not orderer.is_active:
        return _gone("The account that ordered it was blocked.")
    spec = spec_of(job)
    sources = [source for source in (spec.base, *spec.candidates, *spec.datasets) if source]
    wanted = dict.fromkeys((source.kind, source.repo) for source in sources)
    found = find_repos(Viewer(user=orderer), wanted)
    for asked in wanted:
        if asked not in found:
            return _gone(f"{asked[1]} is gone, or {orderer.username} may no longer see it.")
    if spec.base and spec.base.trust_code and not _is_trusted(orderer, spec.base, found):
        return _untrusted(spec.base.repo)
    return Loan(tuple(dict.fromkeys(found[asked].public_id for asked in wanted)))


def lend(job: Job, loan: Loan, scope: AccessToken.Scope, ends: dt.datetime) -> tuple[str, str]:
    """Inside a transaction: public id and secret of a token for these repositories; both empty where there are none,
    since a token without a list would open all."""
    if not loan.repositories:
        return "", ""
    token, secret = lend_token(
        user=job.ordered_by,
        label=f"Job {job.public_id}",
        scope=scope,
        repositories=list(loan.repositories),
        expires_at=ends,
    )
    return token.public_id, secret


def is_lent(viewer: Viewer) -> bool:
    """Whether the viewer speaks by a token that was made for a job: that one is for its repositories alone."""
    return viewer.token is not None and Attempt.objects.filter(access_token=viewer.token.public_id).exists()


def spec_of(job: Job) -> JobSpec:
    """The order, with the job's id."""
    return JobSpec.from_json({"kind": job.kind, **job.spec, "id": job.public_id})


def _is_trusted(orderer: User, base: Source, found: Mapping[tuple[str, str], Repo]) -> bool:
    return is_code_approved(Viewer(user=orderer), found[base.kind, base.repo], base.commit)


def _untrusted(name: str) -> Failure:
    return Failure(
        code=Code.REMOTE_CODE_REQUIRED,
        message=f"{name} needs code of its own to be run, and its approval no longer stands.",
        advice="Ask for a review, or use a model without code.",
    )


def _gone(message: str) -> Failure:
    return Failure(
        code=Code.HUB_REFUSED, message=message, advice="Order it again with a model and data that you can see."
    )
