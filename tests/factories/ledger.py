"""What governance tests begin with."""

from typing import TYPE_CHECKING, Any

from hub.catalog.models import MAIN, Ref, Repo
from tests.factories.catalog import make_repo

if TYPE_CHECKING:
    from hub.governance.models import Decision, Revision


def head_of(repo: Repo) -> str:
    return Ref.objects.get(repo=repo, name=MAIN).target


def make_revision(repo: Repo | None = None, **fields: Any) -> "Revision":
    """The record of main's head."""
    from hub.governance.models import Revision
    from hub.governance.services import examination

    repo = repo or make_repo(files={"README.md": b"# A model\n"})
    made = examination.made(repo_id=repo.pk, commit=head_of(repo), by="")
    assert made is not None
    Revision.objects.filter(pk=made.pk).update(**fields)
    return Revision.objects.select_related("repo__owner").get(pk=made.pk)


def make_decision(revision: "Revision", **fields: Any) -> "Decision":
    from hub.governance.models import Decision

    told = {"domain": "licence", "state": "approved", "by": "rita", "reason": "The text fits.", "binding": "b" * 64}
    return Decision.objects.create(revision=revision, **{**told, **fields})
