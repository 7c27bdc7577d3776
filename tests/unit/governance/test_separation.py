"""Nobody gets their own work approved, and nobody acts as two: the ways around that were tried."""

import pytest

from hub.accounts.viewer import Viewer
from hub.governance.errors import SeparationOfDuties, TransitionRefused
from hub.governance.models import Domain, DomainReview, Revision
from hub.governance.selectors import reviews as selectors
from hub.governance.selectors import shares
from hub.governance.services import examination, licences, reviews, waivers
from hub.governance.services.reviews import settling
from tests.factories import governance as factory
from tests.factories import make_user
from tests.factories.governance import CARD, USE, decide, make_record, make_reviewer, push_files

pytestmark = pytest.mark.django_db
MORE = CARD + b"More words.\n"


@pytest.fixture(autouse=True)
def only_the_review(monkeypatch):
    """Scans and records are what the factory says."""

    def take(revision, given):
        before = next(iter(selectors.earlier(revision)), None)
        fields = {}
        for kind, body in {"data": {"training_data": []}, "use": USE}.items():
            held = getattr(before, f"{kind}_record") if before else None
            fields[f"{kind}_record"] = given.get(kind) or held or make_record(revision.repo, kind, body)
        Revision.objects.filter(pk=revision.pk).update(**fields)

    monkeypatch.setattr(factory, "_take_records", take)
    monkeypatch.setattr(examination, "STEPS", (licences.examine, settling.examine))
    monkeypatch.setattr(shares, "data_facts", lambda at: {"missing": []})


def by(user):
    return Viewer(user=user)


def states(revision):
    return dict(DomainReview.objects.filter(revision=revision).values_list("domain", "state"))


def bound(revision):
    return selectors.binding_of(selectors.fresh(revision.pk)).sha256


def superseded_then_stale(domain):
    """Two approved commits, and what the newer one's approval rested on in that domain has gone."""
    first = factory.approved()
    push_files(first.repo, {"README.md": MORE})
    second = factory.examined(first.repo)
    assert (selectors.fresh(first.pk).state, second.state) == ("superseded", "approved")
    DomainReview.objects.filter(revision=second, domain=domain).update(state="stale")
    Revision.objects.filter(pk=second.pk).update(state="in-review")
    return first, second


@pytest.mark.parametrize("domain", ["licence", "data", "bias", "use"])
def test_a_word_more_brings_no_approval_back_that_has_gone(domain):
    first, _ = superseded_then_stale(domain)
    push_files(first.repo, {"README.md": MORE + b"And more.\n"})
    third = factory.examined(first.repo)
    assert third.state == "in-review"
    assert states(third)[domain] == "pending"


@pytest.mark.parametrize("state", ["rejected", "changes-requested"])
def test_a_word_more_does_not_undo_a_refusal(state):
    first = factory.approved()
    push_files(first.repo, {"README.md": MORE, "LICENSE-extra": b"x"})
    second = factory.examined(first.repo)
    second = decide(second, make_reviewer(), "bias", state=state)
    push_files(first.repo, {"README.md": MORE + b"And more.\n"})
    third = factory.examined(first.repo)
    assert states(third)["bias"] == "pending"


def test_the_uploader_does_not_reinstate_what_somebody_suspended():
    uploader = make_reviewer()
    revision = factory.approved(uploader, reviewer=make_reviewer())
    revision = reviews.suspend(by=by(make_reviewer()), revision=revision, code="bias", reason="It harms.")
    with pytest.raises(SeparationOfDuties):
        reviews.reinstate(by=by(uploader), revision=revision, reason="No.", binding=bound(revision))
    with pytest.raises(SeparationOfDuties):
        reviews.reopen_review(by=by(uploader), revision=revision, reason="No.")


def test_what_is_reopened_is_not_approved_by_itself():
    revision = factory.approved()
    revision = reviews.suspend(by=by(make_reviewer()), revision=revision, code="bias", reason="It harms.")
    revision = reviews.reopen_review(by=by(make_reviewer()), revision=revision, reason="Let's look.")
    reviews.examine(revision)
    assert selectors.fresh(revision.pk).state == "in-review"


def test_an_uploader_who_reviews_does_not_lower_the_tier_of_their_own():
    uploader = make_reviewer()
    revision = factory.submitted(uploader, tier=4)
    with pytest.raises(SeparationOfDuties):
        reviews.set_tier(by=by(uploader), revision=revision, tier=1)
    assert selectors.fresh(revision.pk).tier == 4


def test_the_owner_does_not_lower_the_tier_after_decisions():
    revision = factory.submitted(tier=3)
    owner = by(revision.repo.created_by)
    revision = decide(revision, make_reviewer())
    assert revision.state == "in-review"
    revision = reviews.withdraw(by=owner, revision=revision)
    revision = reviews.resume(by=owner, revision=revision)
    with pytest.raises((SeparationOfDuties, TransitionRefused)):
        reviews.set_tier(by=owner, revision=revision, tier=1)


def test_what_changed_while_it_was_withdrawn_is_not_approved_unseen():
    revision = decide(factory.submitted(tier=3), make_reviewer())
    owner = by(revision.repo.created_by)
    revision = reviews.withdraw(by=owner, revision=revision)
    made = make_record(revision.repo, "data", {"training_data": ["another"]})
    Revision.objects.filter(pk=revision.pk).update(data_record=made, tier=1)
    reviews.evidence_changed(revision_id=revision.pk, by="", what="It changed.")
    revision = reviews.resume(by=owner, revision=selectors.fresh(revision.pk))
    revision = reviews.submit(by=owner, revision=selectors.fresh(revision.pk))
    assert selectors.fresh(revision.pk).state == "in-review"


def test_a_former_author_does_not_decide_after_a_colleague_touched_the_record():
    uploader, author = make_user(), make_reviewer()
    revision = factory.submitted(uploader)
    make_record(revision.repo, "data", {"training_data": ["theirs"]}, by=author.username)
    made = make_record(revision.repo, "data", {"training_data": ["theirs", "x"]}, by=uploader.username)
    Revision.objects.filter(pk=revision.pk).update(data_record=made)
    revision = selectors.fresh(revision.pk)
    assert author.username in selectors.record_authors(revision, Domain.DATA)


def test_who_wrote_it_grants_no_waiver_for_the_whole_repository():
    uploader = make_reviewer()
    revision = factory.submitted(uploader)
    waiver = waivers.ask_waiver(by=by(make_user()), rule="P-01", repo=revision.repo, reason="We need it.", days=5)
    with pytest.raises(SeparationOfDuties):
        waivers.grant_waiver(by=by(uploader), waiver=waiver, conditions=[])


def test_a_waiver_of_the_whole_repository_ends_when_what_it_rests_on_changes():
    revision = factory.submitted()
    waiver = waivers.ask_waiver(
        by=by(make_user()), rule="P-01", repo=revision.repo, reason="We need it.", days=5, commit=revision.commit
    )
    waivers.grant_waiver(by=by(make_reviewer()), waiver=waiver, conditions=[])
    assert selectors.holds_waiver(selectors.fresh(revision.pk))
    Revision.objects.filter(pk=revision.pk).update(binding="0" * 64)
    assert not selectors.holds_waiver(selectors.fresh(revision.pk))
