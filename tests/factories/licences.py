"""Revisions with what examination reads from them."""

from typing import TYPE_CHECKING, Any

from tests.factories.catalog import make_repo

if TYPE_CHECKING:
    from hub.governance.models import Revision


def make_revision(repo: Any = None, **values: Any) -> "Revision":
    """The record of main's head, not examined; `values` are those of `make_repo`."""
    from hub.catalog.models import MAIN, Ref
    from hub.governance.services import examination

    repo = repo or make_repo(**values)
    head = Ref.objects.get(repo=repo, name=MAIN).target
    revision = examination.made(repo_id=repo.pk, commit=head, by="")
    assert revision is not None
    return revision


def make_card(**metadata: Any) -> bytes:
    """A README with this metadata."""
    import json

    return f"---\n{json.dumps(metadata)}\n---\n# Model\n".encode()
