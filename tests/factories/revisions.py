"""Revisions under governance, of which nothing else is there yet."""

from typing import TYPE_CHECKING, Any

from tests.factories.catalog import make_repo

if TYPE_CHECKING:
    from hub.governance.models import Revision


def make_revision(repo: Any = None, *, commit: str = "", by: str = "somebody", **fields: Any) -> "Revision":
    """The record of main's head (or of that commit), not examined; `fields` are set as they are (state="approved")."""
    from hub.governance.models import Revision
    from hub.governance.services import examination

    repo = repo or make_repo(files={"README.md": b"# A model\n"})
    head = commit or repo.refs.get(name="refs/heads/main").target
    made = examination.made(repo_id=repo.pk, commit=head, by=by)
    assert made is not None
    Revision.objects.filter(pk=made.pk).update(**fields)
    return Revision.objects.select_related("repo__owner").get(pk=made.pk)
