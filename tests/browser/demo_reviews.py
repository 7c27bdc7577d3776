"""Reviews in the demo, each gone its whole way: one approved and pushed since, others at every stage of the desk."""

import datetime as dt
from typing import Any

from hub.accounts import services as accounts
from hub.accounts.models import User
from hub.accounts.viewer import Viewer
from hub.catalog import services as catalog
from hub.catalog.models import MAIN, Repo
from hub.catalog.operations import AddInline
from hub.core import clock
from hub.governance.models import Domain, DomainReview, Revision
from hub.governance.selectors.licences import licence_facts
from hub.governance.selectors.reviews import binding_of, fresh
from hub.governance.services import data, licences, people, reviews, uses
from hub.governance.states import CLOSED
from tests.browser.demo_records import examined

CONDITION = "Not for decisions about single people without a human who can overrule it."
READ = {
    "security": "Read scripts/train.py: it trains, and loads nothing from elsewhere.",
    "licence": "The text is that of the card; what it was made from allows it.",
    "data": "Half of it is unknown, and it says so.",
    "bias": "Ran the suite of 40 pairs again: the gap is as stated.",
    "use": "The limits are plain, and those who use it read them first.",
}
ROW = {
    "kind": "public",
    "modality": "image",
    "consent": {"basis": "consent", "evidence": "Published by those who wrote the digits."},
    "people": {"has_persons": False, "pii": "none"},
    "licence": {"declared": "CC-BY-4.0", "source_url": "https://example.org/digits"},
    "contamination": {"unknown": "no test set was compared with it yet"},
}


def make() -> None:
    _appoint()
    minilm = _repo("headstart/all-minilm-l6-v2")
    approve(put_up(minilm, tier=3), purposes=["search", "triage support"])
    changed = {"config.json": b'{"hidden_size": 32, "num_hidden_layers": 8}', "docs/limits.md": b"# Limits\n"}
    operations = [AddInline(path=path, data=content) for path, content in changed.items()]
    catalog.commit(by=_viewer("grace"), repo=minilm, revision=MAIN, operations=operations, title="Eight layers")
    again = examined(minilm)
    reviews.assign(by=_viewer("hopper"), revision=again, to=_viewer("ada").user)
    reviews.comment(by=_viewer("ada"), revision=again, text="I take security; bias is for hopper.")
    _others()
    for repo in Repo.objects.select_related("owner").exclude(revisions__isnull=False):
        examined(repo)


def _others() -> None:
    """What waits at each stage."""
    asked = put_up(_recorded("headstart/resnet50"), days=6)
    reviews.ask(by=_viewer("hopper"), revision=asked, question="Which 43 people wrote the digits?")
    put_up(_recorded("vision-team/defect-detector"), tier=4, days=21)
    put_up(_recorded("vision-team/sweep-02"), tier=1, days=1)
    bad = approve(put_up(_recorded("vision-team/sweep-01")))
    reviews.suspend(by=_viewer("hopper"), revision=bad, code="bias", reason="A bias finding: gap of 12 points.")
    approve(put_up(_recorded("vision-team/sweep-03")))
    ending = approve(put_up(_recorded("headstart/digits"), tier=1))
    Revision.objects.filter(pk=ending.pk).update(expires_at=clock.now() + dt.timedelta(days=12))


def put_up(repo: Repo, *, tier: int = 2, days: int = 3) -> Revision:
    """The record of main's head, examined and put up by grace some days ago."""
    by, revision = _viewer("grace"), examined(repo)
    if not licence_facts(revision)["is_known"]:
        read = "The card and the LICENSE file agree; none of the collections forbids it."
        licences.conclude(by=_viewer("hopper"), revision=revision, expression="Apache-2.0", reason=read)
    reviews.evidence_changed(revision_id=revision.pk, by="grace", what="The records were filled in.")
    reviews.set_tier(by=by, revision=fresh(revision.pk), tier=tier)
    reviews.submit(by=by, revision=fresh(revision.pk), message="It is ready: the card and the records are whole.")
    Revision.objects.filter(pk=revision.pk).update(submitted_at=clock.now() - dt.timedelta(days=days))
    return fresh(revision.pk)


def approve(revision: Revision, purposes: list[str] | None = None) -> Revision:
    """By two people, with a condition from one of them."""
    for row in DomainReview.objects.filter(revision=revision).exclude(state__in=CLOSED):
        is_bias = row.domain == Domain.BIAS
        conditions: dict[str, Any] = {"state": "conditional", "conditions": [CONDITION]} if is_bias else {}
        reviews.decide(
            by=_viewer("hopper" if is_bias else "ada"),
            revision=fresh(revision.pk),
            domain=row.domain,
            reason=READ[row.domain],
            binding=binding_of(fresh(revision.pk)).sha256,
            purposes=purposes or ["quality control"],
            **{"state": "approved", **conditions},
        )
    return fresh(revision.pk)


def _appoint() -> None:
    for name in ("ada", "hopper"):
        for domain in Domain.values:
            people.grant_reviewer(by=accounts.SYSTEM, user=_user(name), domain=domain)
    for domain in (Domain.LICENCE, Domain.BIAS):
        people.grant_reviewer(by=accounts.SYSTEM, user=_user("grace"), domain=domain)


def _recorded(name: str) -> Repo:
    """The repository with all that a submission takes."""
    repo = _repo(name)
    examined(repo)
    data.record(
        by=accounts.SYSTEM, repo=repo, body={"training_data": [{"dataset": {"repo": "headstart/digits"}, **ROW}]}
    )
    uses.record(by=accounts.SYSTEM, repo=repo, body={"intended": ["Reading single digits"], "do_not_use_for": []})
    return repo


def _viewer(name: str) -> Viewer:
    return Viewer(user=_user(name))


def _user(name: str) -> User:
    return User.objects.get(username=name)


def _repo(key: str) -> Repo:
    return Repo.objects.select_related("owner").get(key=key)
