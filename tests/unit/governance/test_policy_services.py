"""Profiles, rules, waivers, advisories, recalls, dry runs: who may, what holds, what is written."""

import pytest

from hub.accounts.errors import NotAllowed
from hub.accounts.viewer import Viewer
from hub.core.errors import Conflict, InvalidInput
from hub.governance.errors import NotAReviewer, PullDenied, SeparationOfDuties
from hub.governance.models import PullRecord, RecallNotice, Reviewer, Revision
from hub.governance.policy.engine import BadExpression
from hub.governance.selectors.policies import policies, policy_version
from hub.governance.selectors.profiles import profiles_of_tokens
from hub.governance.services import dry_runs, profiles, pull_log, pulls, recalls, rules, waivers
from tests.factories import make_org, make_repo, make_user, viewer_of
from tests.factories.policies import head_of, make_profile, make_settled, pinned, speaking_for

pytestmark = pytest.mark.django_db(transaction=True)
RULE = {"code": "A-01", "title": "No models of ada", "message": "No.", "mend": "Ask.", "reason": "We tried it."}


@pytest.fixture
def boss(admin):
    return viewer_of(admin)


def test_a_rule_of_our_own_watches_until_it_is_switched_on(boss, viewer, repo):
    first = policy_version()
    rules.save_rule(by=boss, expression='pull.asked == "main"', **RULE)
    assert pulls.decide(viewer, head_of(repo)).noticed[-1] == "A-01"
    rule = policies().rules["A-01"]
    rules.set_mode(by=boss, rule=rule, mode="enforce", environment="development", reason="It works.")
    decision = pulls.decide(viewer, head_of(repo))
    assert [reason.code for reason in decision.reasons] == ["A-01"] and decision.reasons[0].by == boss.name
    assert policy_version() == first + 2


@pytest.mark.parametrize("expression", ["1 +", "foo == 1", "a" * 2000, "(" * 30 + "true" + ")" * 30])
def test_what_is_no_expression_is_no_rule(boss, expression):
    with pytest.raises(BadExpression):
        rules.save_rule(by=boss, expression=expression, **RULE)


def test_only_administrators_change_rules(viewer):
    with pytest.raises(NotAReviewer):
        rules.save_rule(by=viewer, expression="true", **RULE)


def test_a_dry_run_says_who_would_be_stopped(boss, viewer, repo):
    pulls.check_pull(viewer, head_of(repo))
    pull_log.flush_pulls()
    draft = rules.draft(**{**{k: v for k, v in RULE.items() if k != "reason"}, "expression": 'pull.asked == "main"'})
    found = dry_runs.dry_run(by=boss, rule=draft, modes={"development": "enforce"})
    assert found.looked_at == 1
    assert [(one.by, one.profile, one.repo_name) for one in found.stopped] == [(viewer.name, "default", repo.full_name)]
    assert dry_runs.dry_run(by=boss, rule=draft, modes={"development": "warn"}).changes == ()


def test_an_organisation_keeps_its_own_profiles(user, viewer, boss):
    org = make_org(admin=user)
    made = profiles.save_profile(by=viewer, name="wards", organisation=org, environment="production", tier=3)
    assert policies().profiles[made.pk].tier == 3
    with pytest.raises(NotAReviewer):
        profiles.save_profile(by=viewer_of(make_user()), name="theirs", organisation=org)
    with pytest.raises(NotAReviewer):
        profiles.save_profile(by=viewer, name="of the hub")
    with pytest.raises(Conflict):
        profiles.save_profile(by=viewer, name="wards", organisation=org)
    with pytest.raises(InvalidInput):
        rules.set_mode(
            by=viewer, rule=policies().rules["P-01"], mode="off", profile=made, reason="We would rather not."
        )


def test_a_token_speaks_for_a_profile_of_ones_own_organisation(user, viewer):
    other = profiles.save_profile(by=viewer, name="own", organisation=make_org(admin=user))
    stranger = viewer_of(make_user(), "read")
    with pytest.raises(NotAReviewer):
        profiles.give_profile(by=stranger, token=stranger.token, profile=other)
    mine = viewer_of(user, "read")
    profiles.give_profile(by=mine, token=mine.token, profile=other)
    assert pulls.decide(mine, head_of(make_repo(files={"a": b"a"}))).profile == "own"


def test_only_who_keeps_a_profile_takes_a_token_out_of_it(user, viewer, boss):
    """Its owner chooses once: from production no token goes to a sandbox by its owner's hand."""
    org, root = make_org(admin=user), boss
    theirs = profiles.save_profile(by=viewer, name="wards", organisation=org, environment="production")
    sandbox = profiles.save_profile(by=root, name="play", environment="sandbox")
    live = profiles.save_profile(by=root, name="live", environment="production")
    member = make_user()
    own = viewer_of(member, "admin")
    profiles.give_profile(by=own, token=own.token, profile=live)
    for chosen in (sandbox, None, live):
        with pytest.raises(NotAReviewer, match="administrator of this hub"):
            profiles.give_profile(by=Viewer(user=member), token=own.token, profile=chosen)
    profiles.give_profile(by=root, token=own.token, profile=sandbox)
    mine = viewer_of(user, "read")
    profiles.give_profile(by=mine, token=mine.token, profile=theirs)
    with pytest.raises(NotAReviewer, match=f"an admin of {org}"):
        profiles.give_profile(by=mine, token=mine.token, profile=sandbox)
    profiles.give_profile(by=Viewer(user=user), token=mine.token, profile=None)
    assert profiles_of_tokens([own.token.pk, mine.token.pk]) == {own.token.pk: "play"}


def test_a_waiver_takes_two_people_and_ends_with_the_binding(user, viewer, repo):
    revision = make_settled(repo, state="in-review", binding="a" * 64)
    by, other = speaking_for(user, make_profile()), make_user()
    Reviewer.objects.create(user=other, domain="licence", granted_by="root")
    Reviewer.objects.create(user=user, domain="licence", granted_by="root")
    asked = waivers.ask_waiver(
        by=viewer, rule="P-01", repo=repo, commit=revision.commit, reason="A trial on paper.", days=30
    )
    with pytest.raises(SeparationOfDuties):
        waivers.grant_waiver(by=viewer, waiver=asked, conditions=[])
    waivers.grant_waiver(by=viewer_of(other), waiver=asked, conditions=["On paper only."])
    held = pulls.decide(by, pinned(repo))
    assert "P-01" not in held.codes and "On paper only." in " ".join(held.conditions)
    Revision.objects.filter(pk=revision.pk).update(binding="b" * 64)
    assert "P-01" in pulls.decide(by, pinned(repo)).codes
    Revision.objects.filter(pk=revision.pk).update(binding="a" * 64)
    waivers.end_waiver(by=viewer, waiver=asked)
    assert "P-01" in pulls.decide(by, pinned(repo)).codes


@pytest.mark.parametrize("days", [0, 91])
def test_a_waiver_holds_for_ninety_days_at_most(viewer, repo, days):
    with pytest.raises(InvalidInput):
        waivers.ask_waiver(by=viewer, rule="P-01", repo=repo, reason="Long enough.", days=days)


def test_an_owner_deprecates_and_lifts(viewer, repo):
    made = recalls.advise(by=viewer, repo=repo, kind="deprecated", reason="Old.", replacement="acme/new")
    decision = pulls.decide(viewer, head_of(repo))
    assert decision.outcome == "allow" and decision.warnings[0].code == "deprecated"
    assert decision.replacement == "acme/new"
    recalls.lift(by=viewer, advisory=made)
    assert pulls.decide(viewer, head_of(repo)).replacement == ""
    with pytest.raises(NotAllowed):
        recalls.advise(by=viewer_of(make_user()), repo=repo, kind="deprecated", reason="Not mine.")


def test_a_recall_reaches_what_was_made_from_it_and_who_pulled_it(boss, viewer, repo):
    card = f"---\nbase_model: {repo.full_name}\n---\n".encode()
    child = make_repo(files={"README.md": card})
    pulls.check_pull(viewer, head_of(child))
    pull_log.flush_pulls()
    made = recalls.recall(by=boss, repo=repo, reason="It leaks names.", derived=True)
    for one in (repo, child):
        with pytest.raises(PullDenied, match="leaks names"):
            pulls.check_pull(viewer, head_of(one))
    notice = RecallNotice.objects.get(user=viewer.user)
    assert notice.advisory.cause == made
    recalls.acknowledge(by=viewer, notice=notice, answer="Removed from both servers.")
    with pytest.raises(Conflict):
        recalls.acknowledge(by=viewer, notice=notice, answer="Again.")
    recalls.lift(by=boss, advisory=made)
    assert pulls.check_pull(viewer, head_of(child)).outcome == "allow"
    assert PullRecord.objects.filter(outcome="deny").count() == 2
