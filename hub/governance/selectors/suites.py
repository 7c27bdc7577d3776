"""Which suites of measurements count for a revision."""

from hub.core.prepared import Prepared
from hub.governance.models import Revision, SuiteRun
from hub.governance.selectors.contents import measured_digest, place_of

_RUNS = Prepared(lambda repo: SuiteRun.objects.filter(repo=repo).values_list("suite", "commit", "files_sha256"))


def runs_at(revision: Revision) -> list[SuiteRun]:
    """Runs on this very commit, or on another one that differs in prose, results and the like alone; newest first."""
    rows = list(SuiteRun.objects.filter(repo=revision.repo_id).order_by("-at", "-pk"))
    held = _files_at(revision, {(row.commit, row.files_sha256) for row in rows})
    return [row for row in rows if row.files_sha256 in held]


def suites_at(revision: Revision) -> set[str]:
    """Those of `runs_at`."""
    rows = _RUNS(revision.repo_id)
    held = _files_at(revision, {(commit, files) for _, commit, files in rows})
    return {suite for suite, _, files in rows if files in held}


def _files_at(revision: Revision, runs: set[tuple[str, str]]) -> set[str]:
    """Of the digests of these runs, those that hold for the revision; its tree is read only where one is of another."""
    if all(commit == revision.commit for commit, _ in runs):
        return {files for _, files in runs}
    return {measured_digest(place_of(revision).tree)}
