"""The rules that ship, on facts that the real examination found: nothing here is told to them."""

import pickle
from typing import Any

import pytest

from hub.catalog.selectors import revision_of
from hub.governance.models import Revision
from hub.governance.services import pulls
from tests.factories import viewer_of
from tests.factories.licences import make_card
from tests.factories.policies import make_examined, make_profile, speaking_for

pytestmark = pytest.mark.django_db(transaction=True)
MODEL = {"license": "mit"}
LLAMA, HUNYUAN, STABLE = (
    {"license": "llama3.1"},
    {"license": "tencent-hunyuan-3d-2.0"},
    {"license": "stabilityai-community"},
)
RAIL, CLOSED = {"license": "openrail"}, {"license": "cc-by-nc-4.0"}
LOADER = b"import os\nprint(os.getcwd())\n"
PEOPLE = {"data": {"people": {"pii": "direct"}}}
NONE = {"data": {"people": {"pii": "none"}}}
# The rule, what the card says beside what else there is, the profile; then what denies, or nothing.
CASES = [
    ("P-03", CLOSED, {}, {"is_commercial": True}, "doesn't allow commercial use"),
    ("P-03", CLOSED, {}, {}, ""),
    ("P-03", MODEL, {}, {"is_commercial": True}, ""),
    ("P-04", {}, {}, {}, "come to REVIEW"),
    ("P-04", MODEL, {}, {}, ""),
    ("P-05", LLAMA, {}, {"monthly_users": 800_000_000}, "800000000 monthly users"),
    ("P-05", LLAMA, {}, {"monthly_users": 700_000_000}, ""),
    ("P-05", LLAMA, {}, {}, "unknown: team.mau"),
    ("P-05", STABLE, {}, {"revenue_usd": 1_000_001}, "USD 1000001"),
    ("P-05", STABLE, {}, {"revenue_usd": 1_000_000}, ""),
    ("P-05", STABLE, {}, {}, "team.revenue_usd"),
    ("P-05", MODEL, {}, {}, ""),
    ("P-06", HUNYUAN, {}, {"regions": ["DE"]}, "excludes"),
    ("P-06", HUNYUAN, {}, {"regions": ["GB"]}, "excludes"),
    ("P-06", HUNYUAN, {}, {"regions": ["US"]}, ""),
    ("P-06", HUNYUAN, {}, {}, "unknown: team.regions"),
    ("P-07", {"license": "agpl-3.0"}, {}, {"is_commercial": True, "is_service": True}, "give out their source"),
    ("P-07", {"license": "agpl-3.0"}, {}, {"is_commercial": True}, ""),
    ("P-07", {"license": "gpl-3.0"}, {}, {"is_commercial": True, "is_service": True}, ""),
    ("P-08", LLAMA, {}, {}, "1 licence texts must be accepted"),
    ("P-08", MODEL, {}, {}, ""),
    ("P-09", MODEL, {"files": {"odd.pt": b"nothing"}}, {}, "worst verdict is"),
    ("P-09", MODEL, {}, {}, ""),
    ("P-10", MODEL, {"files": {"a.pkl": pickle.dumps([1])}}, {}, "pickle"),
    ("P-10", MODEL, {}, {}, ""),
    ("P-11", MODEL, {"files": {"modeling.py": LOADER}}, {}, "code of its own"),
    ("P-11", MODEL, {}, {}, ""),
    ("P-12", MODEL, {}, {"tier": 4}, ""),
    ("P-13", RAIL, {}, {"use_codes": ["l"]}, "l"),
    ("P-13", RAIL, {}, {"use_codes": ["annex-iii-6"]}, "annex-iii-6"),
    ("P-13", RAIL, {}, {"use_codes": ["annex-iii-4"]}, ""),
    ("P-13", MODEL, {}, {"use_codes": ["l"]}, ""),
    ("P-15", MODEL, PEOPLE, {}, "direct"),
    ("P-15", MODEL, {}, {}, "unknown"),
    ("P-15", MODEL, PEOPLE, {"clearance": "direct"}, ""),
    ("P-15", MODEL, NONE, {}, ""),
    ("P-16", MODEL, NONE, {"tier": 3}, "complete"),
    ("P-16", MODEL, NONE, {"tier": 2}, ""),
    ("P-24", MODEL, {}, {"purposes": ["triage"]}, "not among"),
    ("P-24", MODEL, {}, {"purposes": ["triage"], "default_purpose": "triage"}, ""),
]


@pytest.mark.parametrize(("code", "card", "more", "profile", "words"), CASES)
def test_a_rule_on_what_was_really_found(user: Any, code, card, more, profile, words) -> None:
    files = {"README.md": make_card(**card), **more.get("files", {})}
    revision = make_examined(user, files=files, data=more.get("data"))
    by = speaking_for(user, make_profile(**profile))
    decision = pulls.decide(by, revision_of(revision.repo, revision.commit))
    told = {reason.code: reason.text for reason in decision.reasons}
    assert (code in told, words in told.get(code, "")) == (bool(words), True), told.get(code)


def test_nothing_is_known_of_what_nobody_examined(user: Any) -> None:
    from tests.factories import make_repo

    repo = make_repo(owner=user, files={"a.txt": b"a"})
    decision = pulls.decide(speaking_for(user, make_profile(is_commercial=True)), revision_of(repo, "main"))
    told = {reason.code: reason.message for reason in decision.reasons}
    assert {"P-01", "P-03", "P-04", "P-05", "P-06", "P-08", "P-09", "P-11", "P-12", "P-15"} <= set(told)
    assert told["P-09"] == "unknown: scan.state, scan.worst" and told["P-04"] == "unknown: lineage.verdict"


def test_an_accepted_text_lets_it_pass(user: Any) -> None:
    from hub.governance.selectors.licences import lineage_facts
    from hub.governance.services import acceptances

    revision = make_examined(user, files={"README.md": make_card(**LLAMA)})
    by, at = speaking_for(user, make_profile()), revision_of(revision.repo, revision.commit)
    assert "P-08" in pulls.decide(by, at).codes
    [text] = lineage_facts(revision)["texts_to_accept"]
    acceptances.accept_shown(by=viewer_of(user), repo=revision.repo, text_sha256=text["sha256"])
    assert "P-08" not in pulls.decide(by, at).codes


@pytest.mark.parametrize(("state", "code"), [("in-review", "P-01"), ("superseded", "P-01"), ("suspended", "P-21")])
def test_how_it_stands_decides(user: Any, state: str, code: str) -> None:
    revision = make_examined(user, files={"README.md": make_card(**MODEL)})
    Revision.objects.filter(pk=revision.pk).update(state=state, purposes=["screening"])
    decision = pulls.decide(speaking_for(user, make_profile()), revision_of(revision.repo, revision.commit))
    assert {code, "P-24"} <= {reason.code for reason in decision.reasons}
