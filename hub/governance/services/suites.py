"""Write down that a job ran suites of measurements on a revision."""

from collections.abc import Iterable
from dataclasses import dataclass

from hub.audit.services import record as log
from hub.catalog.services.records import subject_of
from hub.core.transactions import write_transaction
from hub.governance.models import Domain, Revision, SuiteRun
from hub.governance.selectors.contents import measured_digest, place_of
from hub.governance.services import evidence


@dataclass(frozen=True)
class Ran:
    """A suite with its version, and the data set (owner/name) with its commit that it ran on, if on any."""

    suite: str
    version: str = ""
    dataset: str = ""
    dataset_commit: str = ""


def ran(*, revision: Revision, runs: Iterable[Ran], job: str) -> tuple[str, ...]:
    """Before: a job measured this revision. After: its suites count for it; those that weren't known of this job."""
    files = measured_digest(place_of(revision).tree)
    told = {each.suite: each for each in runs}
    with write_transaction():
        Revision.objects.select_for_update(of=("self",)).get(pk=revision.pk)
        known = set(SuiteRun.objects.filter(repo=revision.repo_id, job=job).values_list("suite", flat=True))
        fresh = sorted(set(told) - known)
        SuiteRun.objects.bulk_create(_row(revision, told[name], job, files) for name in fresh)
        if fresh:
            evidence.changed(revision, [Domain.BIAS], by="system", what=f"{', '.join(fresh)} ran")
            log(by="system", action="suite.run", subject=subject_of(revision.repo, revision.commit),
                job=job, suites=fresh)  # fmt: skip
    return tuple(fresh)


def _row(revision: Revision, run: Ran, job: str, files: str) -> SuiteRun:
    return SuiteRun(
        repo_id=revision.repo_id,
        commit=revision.commit,
        files_sha256=files,
        suite=run.suite,
        version=run.version,
        job=job,
        dataset=run.dataset,
        dataset_commit=run.dataset_commit,
    )
