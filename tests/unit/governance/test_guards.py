"""What each guard refuses, through the services that run into it."""

import datetime as dt

import pytest

from hub.accounts.errors import NotAllowed
from hub.accounts.viewer import Viewer
from hub.catalog.errors import RepoNotFound
from hub.core import clock
from hub.core.errors import InvalidInput, NotSignedIn
from hub.governance.errors import BindingChanged, NotAReviewer, PurposesApart, SeparationOfDuties, TransitionRefused
from hub.governance.models import Domain, DomainReview, Revision, Waiver
from hub.governance.selectors import reviews as selectors
from hub.governance.services import findings, reviews, suites
from tests.factories import make_org, make_repo, make_user, viewer_of
from tests.factories.governance import (
    CARD,
    FILES,
    MALWARE,
    approved,
    decide,
    examined,
    followed,
    make_reviewer,
    make_revision,
    push_files,
    rescanned,
    state_data,
    state_use,
    submitted,
)
from tests.factories.licences import MIT
from tests.factories.records import note

pytestmark = pytest.mark.django_db


def by(user):
    return Viewer(user=user)


def owner(revision):
    return by(revision.repo.created_by)


def bound(revision):
    return selectors.binding_of(selectors.fresh(revision.pk)).sha256


def test_without_a_scan_it_waits_and_a_bad_file_quarantines():
    repo = make_repo(files={"README.md": CARD, **MALWARE})
    revision = examined(repo)
    assert revision.state == "quarantined"
    repo.refresh_from_db()
    assert repo.review_state == "quarantined"
    rescanned(revision, "clean")
    assert selectors.fresh(revision.pk).state == "intake"


def test_an_odd_file_is_for_a_person_and_a_clean_one_passes():
    assert dict(make_revision(has_code=True).domains.values_list("domain", "state"))["security"] == "pending"
    assert dict(make_revision().domains.values_list("domain", "state"))["security"] == "auto-pass"


@pytest.mark.parametrize(
    "what,said", [("tier", "tier"), ("use", "intended use"), ("data", "training data"), ("licence", "licence")]
)
def test_nothing_is_submitted_with_something_missing(what, said):
    repo = make_repo(files={"README.md": b"# A\n" if what == "licence" else CARD})
    revision = examined(repo, is_stated=False)
    for name, state in (("data", state_data), ("use", state_use)):
        if name != what:
            state(repo)
    if what != "tier":
        reviews.set_tier(by=owner(revision), revision=selectors.fresh(revision.pk), tier=1)
    revision = selectors.fresh(revision.pk)
    assert len(reviews.not_ready(revision)) == 1
    assert any(said in text for text in reviews.not_ready(revision))
    with pytest.raises(TransitionRefused, match=said):
        reviews.submit(by=owner(revision), revision=revision)


def test_a_licence_file_that_says_otherwise_stops_it():
    revision = make_revision(files={"README.md": CARD.replace(b"mit", b"apache-2.0"), "LICENSE": MIT})
    with pytest.raises(TransitionRefused, match="another licence"):
        reviews.submit(by=owner(revision), revision=revision)


def test_strangers_do_not_submit():
    with pytest.raises(NotAllowed):
        reviews.submit(by=by(make_reviewer()), revision=make_revision())


def test_the_uploader_decides_nothing_of_their_own():
    user = make_reviewer()
    with pytest.raises(SeparationOfDuties, match="uploaded"):
        decide(submitted(user), user, "data")


def test_an_author_of_a_commit_decides_nothing():
    admin = make_user(is_admin=True)
    first = make_revision()
    push_files(first.repo, {"more.md": b"more"}, by=admin)
    push_files(first.repo, {"again.md": b"more"})
    second = examined(first.repo)
    reviews.set_tier(by=by(admin), revision=second, tier=1)
    second = reviews.submit(by=owner(first), revision=selectors.fresh(second.pk))
    with pytest.raises(SeparationOfDuties, match="commit"):
        decide(second, admin, "licence")


@pytest.mark.parametrize("domain", ["data", "use", "bias"])
def test_the_author_of_a_record_does_not_decide_on_it(domain):
    revision, writer = submitted(), make_reviewer()
    if domain == "bias":
        findings.file(by=by(writer), repo=revision.repo, kind="reported", body=note())
    else:
        type(writer).objects.filter(pk=writer.pk).update(is_superuser=True)
        writer.refresh_from_db()
        state_data(revision.repo, by=writer, size={"records": 1}) if domain == "data" else state_use(
            revision.repo, by=writer, users=["nurses"]
        )
    followed(revision)
    revision = selectors.fresh(revision.pk)
    with pytest.raises(SeparationOfDuties, match="record"):
        decide(revision, writer, domain)
    assert selectors.refusal_for(by(writer), revision, domain, frozenset())


def test_a_reviewer_decides_in_their_domains_alone():
    with pytest.raises(NotAReviewer, match="bias"):
        decide(submitted(), make_reviewer("licence"), "bias")
    with pytest.raises(NotSignedIn):
        reviews.decide(by=Viewer(), revision=submitted(), domain="bias", state="approved", reason="x", binding="")


def test_a_token_of_less_than_full_scope_reviews_nothing():
    user = make_reviewer()
    with pytest.raises(NotAReviewer):
        reviews.suspend(by=viewer_of(user, "write"), revision=approved(), code="other", reason="x")


def test_what_changed_since_is_named_and_nothing_is_decided():
    revision = submitted()
    shown = bound(revision)
    state_data(revision.repo, size={"records": 1})
    revision = selectors.fresh(revision.pk)
    with pytest.raises(BindingChanged, match="training data") as refused:
        reviews.decide(
            by=by(make_reviewer()), revision=revision, domain="bias", state="approved", reason="x", binding=shown
        )
    assert refused.value.detail["parts"] == ["data_record_sha256"] and not revision.decisions.exists()
    assert DomainReview.objects.get(revision=revision, domain="bias").state == "pending"


@pytest.mark.parametrize(
    "fields",
    [{"state": "conditional"}, {"conditions": ["in the EU only"]}, {"state": "auto-pass"}, {"conditions": ["x" * 501]}],
)
def test_an_odd_decision_is_refused(fields):
    with pytest.raises(InvalidInput):
        decide(submitted(), make_reviewer(), "bias", **fields)


def test_a_decision_takes_a_reason():
    revision = submitted()
    with pytest.raises(TransitionRefused, match="reason"):
        reviews.decide(
            by=by(make_reviewer()),
            revision=revision,
            domain="bias",
            state="rejected",
            reason=" ",
            binding=bound(revision),
        )


def test_conditions_make_the_whole_conditional():
    reviewer = make_reviewer()
    revision = decide(
        submitted(), reviewer, "bias", state="conditional", conditions=["Adults only"], purposes=["triage"]
    )
    revision = decide(revision, reviewer)
    assert (revision.state, revision.conditions, revision.purposes) == ("conditional", ["Adults only"], ["triage"])


def test_purposes_of_several_decisions_narrow_and_conditions_add_up():
    revision, ada, bob = submitted(), make_reviewer(), make_reviewer()
    revision = decide(revision, ada, "bias", state="conditional", conditions=["Adults"], purposes=["triage", "audit"])
    revision = decide(revision, bob, "use", state="conditional", conditions=["EU"], purposes=["audit", "teaching"])
    assert (revision.conditions, revision.purposes) == (["Adults", "EU"], ["audit"])
    with pytest.raises(PurposesApart, match="“audit” alone and for “teaching” alone"):
        decide(revision, ada, "data", purposes=["teaching"])
    revision = selectors.fresh(revision.pk)
    assert revision.purposes == ["audit"] and revision.domains.get(domain="data").state == "pending"
    assert decide(revision, ada, "data").purposes == ["audit"]
    # Whoever decides anew takes back what they named themselves.
    assert decide(revision, bob, "use").purposes == ["triage", "audit"]


def test_changes_requested_ask_and_an_answer_goes_on():
    revision = decide(submitted(), make_reviewer(), "data", state="changes-requested")
    assert revision.state == "needs-info"
    revision = reviews.answer_info(by=owner(revision), revision=revision, answer="Done.")
    assert revision.state == "in-review" and revision.domains.get(domain="data").state == "pending"


def test_a_rejected_domain_ends_the_review():
    revision = decide(submitted(), make_reviewer(), "data", state="rejected")
    assert revision.state == "rejected"
    with pytest.raises(TransitionRefused):
        decide(revision, make_reviewer(), "bias")


def granted(revision, rule):
    now = clock.now()
    told = {"requested_by": "ada", "approved_by": "bob", "approved_at": now, "reason": "x"}
    return Waiver.objects.create(rule=rule, repo=revision.repo, expires_at=now + dt.timedelta(days=2), **told)


def test_a_waiver_of_somebody_else_lets_a_domain_pass_until_it_ends():
    revision, reviewer = submitted(), make_reviewer()
    with pytest.raises(TransitionRefused, match="waiver"):
        decide(revision, reviewer, "bias", state="waived")
    granted(revision, "P-15"), granted(revision, "P-01")
    with pytest.raises(TransitionRefused, match="rule on bias"):
        decide(revision, reviewer, "bias", state="waived")
    waiver = granted(revision, "P-14")
    revision = decide(decide(revision, reviewer, "bias", state="waived"), reviewer)
    assert revision.state == "approved" and reviews.lapse_waivers() == 0
    Waiver.objects.filter(pk=waiver.pk).update(ended_at=clock.now())
    assert reviews.lapse_waivers() == 1
    assert selectors.fresh(revision.pk).state == "in-review"


def test_tier_three_takes_two_and_licence_and_bias_by_different_ones():
    ada, bob = make_reviewer(), make_reviewer()
    revision = decide(submitted(tier=3), ada)
    assert revision.state == "in-review" and any("two different" in text for text in selectors.missing(revision))
    revision = decide(revision, bob, "use")
    assert revision.state == "in-review" and any("licence and bias" in text for text in selectors.missing(revision))
    assert decide(revision, bob, "bias").state == "approved"


def test_tier_four_takes_the_owner_too():
    admin, uploader = make_user(), make_user()
    org = make_org(admin=admin, write=uploader)
    repo = make_repo(owner=str(org), files={"README.md": CARD, "a.md": b"a"})
    repo.created_by = uploader
    revision = examined(repo, by=uploader.username)
    Revision.objects.filter(pk=revision.pk).update(uploader=uploader.username)
    revision = reviews.set_tier(by=by(uploader), revision=selectors.fresh(revision.pk), tier=4)
    revision = reviews.submit(by=by(uploader), revision=revision)
    revision = decide(decide(revision, make_reviewer(), "licence"), make_reviewer())
    assert selectors.missing(revision) == ("Tier 4 takes the owner's sign-off",)
    fields = {"revision": revision, "reason": "We stand by it.", "binding": bound(revision)}
    with pytest.raises(NotAReviewer):
        reviews.sign_off(by=by(uploader), **fields)
    reviews.sign_off(by=by(admin), **fields)
    assert selectors.fresh(revision.pk).state == "approved"


def test_who_suspended_does_not_reinstate_at_tier_three():
    ada, bob = make_reviewer(), make_reviewer()
    revision = decide(decide(submitted(tier=3), ada, "licence", "data"), bob)
    revision = reviews.suspend(by=by(ada), revision=revision, code="bias", reason="I heard of something.")
    with pytest.raises(SeparationOfDuties):
        reviews.reinstate(by=by(ada), revision=revision, reason="Nothing.", binding=bound(revision))
    assert (
        reviews.reinstate(by=by(bob), revision=revision, reason="Nothing.", binding=bound(revision)).state == "approved"
    )


def test_what_changed_while_suspended_is_reviewed_again():
    ada = make_reviewer()
    revision = reviews.suspend(by=by(ada), revision=approved(), code="data", reason="x")
    state_data(revision.repo, size={"records": 1})
    revision = selectors.fresh(revision.pk)
    with pytest.raises(TransitionRefused, match="training data"):
        reviews.reinstate(by=by(ada), revision=revision, reason="x", binding=bound(revision))
    followed(revision)
    revision = reviews.reopen_review(by=by(ada), revision=selectors.fresh(revision.pk), reason="Look again.")
    assert revision.state == "in-review" and decide(revision, ada).state == "approved"


def test_a_review_that_was_never_approved_is_not_reinstated_as_such():
    revision = reviews.suspend(by=by(make_reviewer()), revision=submitted(), code="legal", reason="x")
    with pytest.raises(TransitionRefused, match="wasn't approved"):
        reviews.reinstate(by=by(make_reviewer()), revision=revision, reason="x", binding=bound(revision))
    with pytest.raises(InvalidInput):
        reviews.suspend(by=by(make_reviewer()), revision=submitted(), code="mood", reason="x")


def test_revoking_takes_two_administrators():
    ada, bob = make_user(is_admin=True), make_user(is_admin=True)
    revision = approved()
    with pytest.raises(NotAReviewer):
        reviews.revoke(by=by(make_reviewer()), revision=revision, reason="x")
    for _ in range(2):
        assert reviews.revoke(by=by(ada), revision=revision, reason="It leaks.").state == "approved"
    assert reviews.revoke(by=by(bob), revision=revision, reason="It does.").state == "revoked"
    with pytest.raises(TransitionRefused):
        reviews.suspend(by=by(ada), revision=revision, code="other", reason="x")


def test_private_repositories_are_not_there_for_strangers():
    repo = make_repo(private=True, files={"README.md": CARD})
    revision = examined(repo)
    for call in (
        lambda who: selectors.revision_of(who, repo, revision.commit),
        lambda who: selectors.picture_of(who, revision),
        lambda who: reviews.comment(by=who, revision=revision, text="x"),
        lambda who: reviews.suspend(by=who, revision=revision, code="other", reason="x"),
    ):
        with pytest.raises(RepoNotFound):
            call(by(make_reviewer()))


def test_the_tier_is_the_owners_before_and_the_reviewers_during_the_review():
    revision, reviewer = submitted(has_code=True), make_reviewer()
    with pytest.raises(TransitionRefused):
        reviews.set_tier(by=owner(revision), revision=revision, tier=2)
    revision = decide(revision, reviewer, "licence", "use", "data")
    revision = reviews.set_tier(by=by(reviewer), revision=revision, tier=3, reason="Patients see it.")
    assert dict(revision.domains.values_list("domain", "state")) == {
        "security": "pending", "licence": "stale", "data": "approved", "bias": "pending", "use": "pending"
    }  # fmt: skip
    assert revision.binding == bound(revision)
    with pytest.raises(InvalidInput):
        reviews.set_tier(by=by(reviewer), revision=revision, tier=5)


def test_assign_comment_withdraw_resume_retire():
    revision, reviewer = submitted(), make_reviewer()
    assert reviews.assign(by=by(reviewer), revision=revision, to=reviewer).assigned_to == reviewer
    with pytest.raises(NotAReviewer):
        reviews.assign(by=by(reviewer), revision=revision, to=make_user())
    assert reviews.comment(by=by(make_user()), revision=revision, text=" Nice. ").text == "Nice."
    revision = reviews.withdraw(by=owner(revision), revision=revision, reason="Not yet.")
    revision = reviews.resume(by=owner(revision), revision=revision)
    assert revision.state == "intake"
    done = approved()
    assert reviews.retire(by=owner(done), revision=done, reason="A better one is there.").state == "retired"


def test_a_reviewer_rejects_what_is_quarantined_with_a_reason():
    revision = examined(make_repo(files={"README.md": CARD, **MALWARE}))
    with pytest.raises(NotAReviewer):
        reviews.reject_quarantined(by=by(make_reviewer("bias")), revision=revision, reason="x")
    assert reviews.reject_quarantined(by=by(make_reviewer()), revision=revision, reason="Malware.").state == "rejected"


def test_the_facts_for_rules_say_where_it_stands():
    facts = selectors.review_facts(approved())
    assert facts["state"] == "approved" and facts["tier"] == 1 and facts["expires_at"] and facts["decided_by"]
    assert set(Domain.values) == {"security", "licence", "data", "bias", "use"}


def test_a_tier_that_takes_measurements_is_not_approved_without_them():
    card = b"---\nlicense: mit\npipeline_tag: tabular-classification\n---\n# A model\n"
    revision = submitted(tier=3, files={**FILES, "README.md": card})
    reviewer = make_reviewer("bias")
    with pytest.raises(TransitionRefused, match=r"P-25: .*fair-tabular"):
        decide(revision, reviewer, "bias")
    suites.ran(revision=revision, runs=[suites.Ran("fair-tabular", "1")], job="job_1")
    assert suites.ran(revision=revision, runs=[suites.Ran("fair-tabular", "1")], job="job_1") == ()
    decide(revision, reviewer, "bias")
    assert DomainReview.objects.get(revision=revision, domain="bias").state == "approved"
