"""The pages of rules, profiles, waivers, recalls and pulls."""

import pytest
from django.test import Client

from hub.governance.models import Advisory, Profile, RecallNotice, Rule, RuleMode, Waiver
from hub.governance.services import pull_log, pulls
from tests.factories import make_repo, make_user, viewer_of
from tests.factories.policies import head_of

pytestmark = pytest.mark.django_db(transaction=True)
BACKEND = "django.contrib.auth.backends.ModelBackend"
RULE = {
    "title": "T",
    "expression": 'pull.asked == "main"',
    "message": "No main.",
    "mend": "Pin it.",
    "reason": "Why not.",
}


@pytest.fixture
def boss(admin):
    browser = Client()
    browser.force_login(admin, backend=BACKEND)
    return browser


@pytest.fixture
def browser(user):
    browser = Client()
    browser.force_login(user, backend=BACKEND)
    return browser


def test_everybody_reads_the_rules_and_administrators_change_them(boss, browser):
    assert b"P-01" in browser.get("/governance/rules").content
    assert b"Save a new version" not in browser.get("/governance/rules/P-01").content
    assert browser.post("/governance/rules", {**RULE, "code": "A-01", "action": "new"}).status_code == 422
    made = boss.post("/governance/rules", {**RULE, "code": "A-01", "action": "new"})
    assert (made.status_code, made["Location"]) == (302, "/governance/rules/A-01")
    again = boss.post("/governance/rules/A-01", {**RULE, "expression": "1 +", "action": "save"})
    assert again.status_code == 422 and b"read as CEL" in again.content
    assert boss.post("/governance/rules/A-01", {**RULE, "action": "save"}).status_code == 302
    assert Rule.objects.get(code="A-01", number=2).reason == "Why not."
    told = {"environment": "sandbox", "mode": "warn", "why": "A trial.", "action": "mode"}
    assert boss.post("/governance/rules/A-01", told).status_code == 302
    assert RuleMode.objects.get().mode == "warn" and b"A trial." in boss.get("/governance/rules/A-01").content
    assert boss.get("/governance/rules/A-99").status_code == 404


def test_a_rule_is_tried_before_it_is_saved(boss, viewer, repo):
    pulls.check_pull(viewer, head_of(repo))
    pull_log.flush_pulls()
    told = {"environment": "development", "mode": "enforce", "why": "A trial.", "action": "try-mode"}
    page = boss.post("/governance/rules/P-01", told)
    assert page.status_code == 200 and b"Dry run on 1 pulls" in page.content and RuleMode.objects.count() == 0
    tried = boss.post("/governance/rules/P-22", {**RULE, "action": "try"})
    assert b"1 stopped" in tried.content and repo.full_name.encode() in tried.content and Rule.objects.count() == 0


def test_profiles(boss, browser, org, user):
    told = {"name": "wards", "environment": "production", "tier": "3", "clearance": "none", "regions": "DE, FR"}
    assert browser.post("/governance/profiles", {**told, "owner": str(org), "action": "new"}).status_code == 302
    made = Profile.objects.get()
    assert (made.regions, made.organisation) == (["DE", "FR"], org)
    assert boss.post(f"/governance/profiles/{made.pk}", {**told, "tier": "4", "action": "save"}).status_code == 302
    assert Profile.objects.get().tier == 4
    other = Client()
    other.force_login(make_user(), backend=BACKEND)
    assert other.get(f"/governance/profiles/{made.pk}").status_code == 404
    assert browser.post("/governance/profiles", {"action": "delete", "key": made.pk}).status_code == 302
    assert not Profile.objects.exists()


def test_a_waiver_is_asked_for_granted_and_ended(boss, browser, user, repo):
    told = {"rule": "P-04", "repository": repo.full_name, "days": "20", "reason": "A trial.", "action": "ask"}
    assert browser.post("/governance/waivers", told).status_code == 302
    waiver = Waiver.objects.get()
    assert b">Grant<" in boss.get("/governance/waivers").content
    assert b">Grant<" not in browser.get("/governance/waivers").content
    assert boss.post("/governance/waivers", {"action": "grant", "key": waiver.pk}).status_code == 302
    assert b"holds" in browser.get("/governance/waivers").content
    assert browser.post("/governance/waivers", {"action": "end", "key": waiver.pk}).status_code == 302
    assert Waiver.objects.get().ended_at


def test_waivers_of_private_repositories_are_not_told(browser, viewer):
    hidden = make_repo(private=True, files={"a": b"a"})
    from hub.core import clock

    Waiver.objects.create(rule="P-01", repo=hidden, reason="r", requested_by="x", expires_at=clock.now())
    assert hidden.full_name.encode() not in browser.get("/governance/waivers").content


def test_a_recall_is_previewed_told_and_answered(boss, browser, viewer, repo):
    pulls.check_pull(viewer, head_of(repo))
    pull_log.flush_pulls()
    told = {"repository": repo.full_name, "reason": "It leaks names.", "derived": "on"}
    seen = boss.post("/governance/recalls", {**told, "action": "preview"})
    assert seen.status_code == 200 and viewer.name.encode() in seen.content and not Advisory.objects.exists()
    made = boss.post("/governance/recalls", {**told, "action": "recall"})
    assert made.status_code == 302 and b"waiting" in boss.get(made["Location"]).content
    notice = RecallNotice.objects.get()
    assert b"leaks names" in browser.get("/recalls").content
    assert browser.post("/recalls", {"action": "answer", "key": notice.pk, "answer": "Removed."}).status_code == 302
    assert b"Removed." in boss.get(made["Location"]).content
    assert browser.get("/governance/recalls").status_code == 403
    assert boss.post(made["Location"], {"action": "lift"}).status_code == 302


def test_everybody_sees_their_own_pulls(boss, browser, viewer, repo):
    pulls.check_pull(viewer, head_of(repo))
    other = make_repo(files={"a": b"a"})
    pulls.check_pull(viewer_of(make_user("zoe")), head_of(other))
    pull_log.flush_pulls()
    assert b"zoe" not in browser.get("/governance/pulls").content
    assert repo.full_name.encode() in browser.get("/governance/pulls").content
    assert b"zoe" in boss.get("/governance/pulls?outcome=allow").content
    assert repo.full_name.encode() not in boss.get("/governance/pulls?by=zoe").content
