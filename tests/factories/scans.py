"""Revisions under governance."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hub.governance.models import Revision


def make_revision(repo: Any) -> "Revision":
    """The governance record of main's head, not examined yet."""
    from hub.catalog.selectors.revisions import revision_of
    from hub.governance.services import examination

    made = examination.made(repo_id=repo.pk, commit=revision_of(repo, "main").commit, by="somebody")
    assert made is not None
    return made
