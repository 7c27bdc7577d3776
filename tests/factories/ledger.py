"""What governance tests begin with."""

from typing import TYPE_CHECKING, Any

from hub.catalog.models import MAIN, Ref, Repo

if TYPE_CHECKING:
    from hub.governance.models import Decision, Revision


def head_of(repo: Repo) -> str:
    return Ref.objects.get(repo=repo, name=MAIN).target


def make_decision(revision: "Revision", **fields: Any) -> "Decision":
    from hub.governance.models import Decision

    told = {"domain": "licence", "state": "approved", "by": "rita", "reason": "The text fits.", "binding": "b" * 64}
    return Decision.objects.create(revision=revision, **{**told, **fields})
