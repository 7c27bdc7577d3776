"""The records that hold for a revision."""

from hub.catalog.models import MAIN, Ref, Repo
from hub.governance.models import Record, Revision

_FURTHEST = 50
FIELDS = {Record.Kind.LICENCE: "licence_record", Record.Kind.DATA: "data_record", Record.Kind.USE: "use_record"}


def head_of(repo: Repo) -> Revision | None:
    """The governance record of main's head; None where it isn't made yet."""
    target = Ref.objects.filter(repo=repo, name=MAIN).values("target")
    found = Revision.objects.filter(repo=repo, commit__in=target)
    return found.select_related("repo__owner", "data_record", "use_record", "previous").first()


def is_head(revision: Revision) -> bool:
    return Ref.objects.filter(repo=revision.repo_id, name=MAIN, target=revision.commit).exists()


def record_of(revision: Revision, kind: str) -> Record | None:
    """The record that holds for this revision by itself."""
    record: Record | None = getattr(revision, FIELDS[Record.Kind(kind)])
    return record


def inherited_record(revision: Revision, kind: str) -> Record | None:
    """What the revisions before it say, the nearest first."""
    before = revision.previous
    for _ in range(_FURTHEST):
        if before is None:
            return None
        if record := record_of(before, kind):
            return record
        before = before.previous
    return None
