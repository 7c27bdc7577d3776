"""Nobody gets their own work approved, and nobody acts as two: the ways around that were tried."""

import datetime as dt

import pytest

from hub.accounts.viewer import Viewer
from hub.core import clock
from hub.governance.errors import SeparationOfDuties, TransitionRefused
from hub.governance.models import ChangePlan, Domain, DomainReview, Revision
from hub.governance.selectors import reviews as selectors
from hub.governance.services import reviews, waivers
from hub.governance.services.reviews.planned import covered, plans_for
from tests.factories import governance as factory
from tests.factories import make_repo, make_user
from tests.factories.governance import CARD, decide, followed, make_reviewer, push_files, state_data

pytestmark = pytest.mark.django_db
MORE = CARD + b"More words.\n"


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
    state_data(revision.repo, size={"records": 7})
    Revision.objects.filter(pk=revision.pk).update(tier=1)
    followed(revision)
    revision = reviews.resume(by=owner, revision=selectors.fresh(revision.pk))
    revision = reviews.submit(by=owner, revision=selectors.fresh(revision.pk))
    assert selectors.fresh(revision.pk).state == "in-review"


def test_a_former_author_does_not_decide_after_a_colleague_touched_the_record():
    uploader, author = make_user(), make_user(is_admin=True)
    revision = factory.submitted(uploader)
    state_data(revision.repo, by=author, size={"records": 7})
    state_data(revision.repo, by=uploader, size={"records": 8})
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
        by=by(make_user()), rule="P-14", repo=revision.repo, reason="We need it.", days=5, commit=revision.commit
    )
    waivers.grant_waiver(by=by(make_reviewer()), waiver=waiver, conditions=[])
    assert selectors.holds_waiver(selectors.fresh(revision.pk), "bias")
    assert not selectors.holds_waiver(selectors.fresh(revision.pk), "licence")
    Revision.objects.filter(pk=revision.pk).update(binding="0" * 64)
    assert not selectors.holds_waiver(selectors.fresh(revision.pk), "bias")


@pytest.mark.parametrize("owner", ["stranger", "approver"])
def test_no_plan_approves_what_its_approver_or_a_stranger_made(owner):
    uploader, approver = make_user(), make_reviewer()
    first = factory.approved(uploader)
    envelope = {"relations": ["quantized"], "changes": ["prose"], "licence": "same"}
    ends = clock.now() + dt.timedelta(days=9)
    plan = ChangePlan.objects.create(
        revision=first, title="Secret", envelope=envelope, proposed_by=uploader.username, expires_at=ends,
        approved_by=approver.username, approved_at=clock.now(),
    )  # fmt: skip
    if owner == "stranger":
        card = CARD.replace(b"---\n#", f"base_model: {first.repo.full_name}\n---\n#".encode())
        copy = factory.examined(make_repo(files={"README.md": card}))
        assert plan.pk not in [found.pk for found, _ in plans_for(copy)]
    else:
        push_files(first.repo, {"README.md": MORE}, by=make_user(is_admin=True))
        second = factory.examined(first.repo, by=approver.username)
        assert covered(plan, second, Domain.values) == []
