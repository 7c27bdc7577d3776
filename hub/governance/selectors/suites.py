"""Which suites of measurements count for a revision."""

from hub.governance.models import Revision, SuiteRun
from hub.governance.selectors.contents import measured_digest, place_of


def runs_at(revision: Revision) -> list[SuiteRun]:
    """Runs on this very commit, or on another one that differs in prose, results and the like alone; newest first."""
    rows = list(SuiteRun.objects.filter(repo=revision.repo_id).order_by("-at", "-pk"))
    if all(row.commit == revision.commit for row in rows):
        return rows
    own = measured_digest(place_of(revision).tree)
    return [row for row in rows if row.files_sha256 == own]


def suites_at(revision: Revision) -> set[str]:
    return {row.suite for row in runs_at(revision)}
