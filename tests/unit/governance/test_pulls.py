"""Decisions on pulls: outcome, words, record."""

import pytest

from hub.audit.models import AuditEvent
from hub.governance.errors import PullDenied
from hub.governance.models import Advisory, PolicyChange, PullRecord, Revision
from hub.governance.selectors import pull_facts
from hub.governance.services import pull_log, pulls
from tests.factories import make_repo
from tests.factories.policies import head_of, make_malicious, make_profile, make_settled, pinned, speaking_for

pytestmark = pytest.mark.django_db(transaction=True)
KNOWN = {
    "license": {"declared": "mit"},
    "lineage": {
        "verdict": "OK",
        "effective": "MIT",
        "commercial": "yes",
        "min_mau_limit": None,
        "min_revenue_limit": None,
        "excluded_territories": [],
        "network_copyleft": False,
        "use_restriction_codes": [],
        "texts_to_accept": [],
    },
    "data": {"completeness": 0.9, "pii": "none"},
    "bias": {"open_critical": 0, "open_high": 0, "suites_missing": []},
    "scan": {"state": "done", "worst": "clean", "has_pickle": False, "executes_code": False, "code_hashes": []},
    "rev": {"executes_code": False, "code_hashes": [], "approved_code_hashes": [], "decided_by": "rita"},
}


@pytest.fixture
def facts(monkeypatch):
    """What the other parts of governance say of every revision."""
    told = {name: dict(value) for name, value in KNOWN.items()}
    for name, value in told.items():
        monkeypatch.setitem(pull_facts.SOURCES, name, lambda _, value=value, **more: value)
    return told


def test_an_ordinary_token_pulls_what_nobody_examined(viewer, repo):
    decision = pulls.check_pull(viewer, head_of(repo))
    assert (decision.outcome, decision.environment, decision.profile) == ("allow", "development", "default")
    assert decision.warnings == () and "P-09" in decision.noticed


def test_an_ordinary_pull_warns_once_at_most(viewer, user, facts):
    repo = make_repo(owner=user, files={"a.txt": b"a"})
    make_settled(repo, state="in-review")
    assert pulls.decide(viewer, head_of(repo)).advice == ""
    facts["data"]["pii"] = "unknown"
    facts["lineage"]["verdict"] = "REVIEW"
    pulls.forget()
    assert pulls.decide(viewer, head_of(repo)).advice == ""
    facts["lineage"]["verdict"] = "CONFLICT"
    facts["scan"]["worst"] = "unsupported"
    pulls.forget()
    [told] = pulls.decide(viewer, head_of(repo)).warnings
    assert "Licences that conflict (P-04), Files that no scan found clean (P-09)" in told.brief
    assert len(told.brief) < 250


def test_production_takes_approved_commits_only(user, repo, facts):
    by = speaking_for(user, make_profile())
    revision = make_settled(repo, state="in-review")
    with pytest.raises(PullDenied) as refused:
        pulls.check_pull(by, head_of(repo))
    assert "P-01" in refused.value.message and "P-02" in refused.value.message and "rita" in refused.value.message
    assert "Ask for its review" in refused.value.message
    Revision.objects.filter(pk=revision.pk).update(state="approved")
    decision = pulls.check_pull(by, pinned(repo), purpose="triage")
    assert (decision.outcome, decision.reasons) == ("allow", ())


def test_pulls_and_denials_are_recorded_with_names(user, repo, facts):
    by = speaking_for(user, make_profile())
    revision = make_settled(repo, state="in-review")
    with pytest.raises(PullDenied):
        pulls.check_pull(by, pinned(repo), client="tests/1")
    assert list(PullRecord.objects.values_list("by", "outcome", "client")) == [(user.username, "deny", "tests/1")]
    Revision.objects.filter(pk=revision.pk).update(state="approved")
    for _ in range(3):
        pulls.check_pull(by, pinned(repo))
    pulls.check_pull(by, pinned(repo), files=0)
    pull_log.flush_pulls()
    pulls.check_pull(by, pinned(repo))
    pull_log.flush_pulls()
    allowed = PullRecord.objects.get(outcome="allow")
    assert (allowed.by, allowed.files, allowed.commit) == (user.username, 4, revision.commit)
    logged = list(AuditEvent.objects.filter(action__startswith="pull.").values_list("actor", "action"))
    assert logged == [(user.username, "pull.deny"), (user.username, "pull.allow")]


def test_conditions_and_waivers_come_along(user, repo, facts):
    make_settled(repo, state="conditional", conditions=["Keep a person in the loop."])
    decision = pulls.decide(speaking_for(user, make_profile()), pinned(repo))
    assert (decision.outcome, decision.conditions) == ("conditions", ("Keep a person in the loop.",))


def test_do_not_use_reaches_everybody_with_the_replacement(viewer, repo, facts):
    make_settled(repo, state="approved")
    Advisory.objects.create(repo=repo, kind="do-not-use", reason="Leaks names.", replacement="acme/other", by="root")
    PolicyChange.objects.create(kind="advisory")
    decision = pulls.decide(viewer, head_of(repo))
    assert decision.is_denied and decision.replacement == "acme/other"
    assert "Leaks names" in decision.reasons[0].text and "root" in decision.reasons[0].text


def test_quarantined_files_are_for_security_reviewers(viewer, admin, repo, facts):
    make_settled(repo, state="in-review")
    make_malicious(head_of(repo), "README.md")
    from tests.factories import viewer_of

    told = pulls.decide(viewer, head_of(repo), path="README.md")
    assert "README.md is quarantined: It runs code." in told.reasons[0].message
    assert pulls.decide(viewer, head_of(repo), path="other.txt").is_denied
    assert not pulls.decide(viewer_of(admin), head_of(repo), path="README.md").is_denied


def test_a_card_is_read_unless_it_is_quarantined(viewer, admin, repo, monkeypatch):
    from tests.factories import viewer_of

    make_settled(repo, state="suspended")
    pulls.check_known(viewer, head_of(repo), "README.md")
    monkeypatch.setattr(pulls.quarantine, "quarantined_below", lambda _: {"README.md": "a pickle that runs code"})
    with pytest.raises(PullDenied):
        pulls.check_known(viewer, head_of(repo), "README.md")
    pulls.check_known(viewer_of(admin), head_of(repo), "README.md")


def test_a_decision_that_fails_is_a_denial(viewer, repo, monkeypatch):
    def fail(*_):
        raise RuntimeError

    monkeypatch.setattr(pulls, "judge", fail)
    assert [reason.code for reason in pulls.decide(viewer, head_of(repo)).reasons] == ["P-00"]


def test_a_known_revision_costs_one_query(user, repo, facts, django_assert_num_queries):
    by, at = speaking_for(user, make_profile()), pinned(repo)
    make_settled(repo, state="approved")
    pulls.decide(by, at)
    with django_assert_num_queries(1):
        assert pulls.decide(by, at).outcome == "allow"
