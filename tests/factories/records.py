"""Revisions, findings, and reviewers."""

from typing import Any

from hub.accounts.models import User
from hub.catalog.models import MAIN, Ref, Repo
from hub.governance.models import Reviewer, Revision
from hub.governance.services import examination

COMMIT = "a" * 40


def examined(repo: Repo) -> Revision:
    """Main's head as governance sees it, after its examination."""
    revision = examination.made(repo_id=repo.pk, commit=Ref.objects.get(repo=repo, name=MAIN).target, by="")
    assert revision is not None
    examination.examine(revision.pk)
    return Revision.objects.select_related("repo__owner", "data_record", "use_record", "previous").get(pk=revision.pk)


def let_review(user: User, *domains: str) -> User:
    """The user, who may decide on these domains from now on."""
    for domain in domains:
        Reviewer.objects.create(user=user, domain=domain, granted_by="system")
    return user


def note(title: str = "Worse for some", *, impact: int = 1, exposure: int = 1, **more: Any) -> dict[str, Any]:
    """What a finding says, whole."""
    return {
        "title": title,
        "harm": {"class": "quality_of_service", "mit": "1.3", "origin": "statistical"},
        "groups": [{"axis": "gender", "value": "women", "vs": "men"}],
        "severity": {"impact": str(impact), "exposure": str(exposure)},
        **more,
    }


def measurement(**more: Any) -> dict[str, Any]:
    """One measurement with all that it needs: a gap of 0.25, surely more than 0.1."""
    return {
        "job": "job_1",
        "eval": {"suite": "fair-tabular", "version": "1"},
        "dataset": {"repo": "acme/tests", "revision": COMMIT},
        "slice": "gender=women",
        "metric": "accuracy_gap",
        "value": 0.25,
        "ci": [0.15, 0.35],
        "n": 500,
        **more,
    }
