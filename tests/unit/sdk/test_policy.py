"""What the hub's rules say reaches whoever pulls; what the hub knows of a model can be asked."""

import warnings

import pytest
from click.testing import CliRunner

import sdk
from sdk.cli import main
from tests.unit.sdk.fake_hub import FakeHub

REASON = {"rule": "P-22", "title": "Recalled", "message": "It leaks names.", "mend": "Use a/b.", "decidedBy": "rita"}
SAID = {"outcome": "allow", "profile": "wards", "environment": "production", "purpose": "triage"}


@pytest.fixture(autouse=True)
def net(hub: FakeHub) -> FakeHub:
    hub.add("ann/net", README__md=b"---\nlicense: mit\n---\n# Net\n", model__bin=b"w" * 5000)
    return hub


def test_a_denial_says_rule_fact_person_and_replacement(hub: FakeHub) -> None:
    told = {"outcome": "deny", "message": "Denied: it leaks names.", "reasons": [REASON], "replacement": "a/b"}
    hub.told["decision"] = told
    with pytest.raises(sdk.PolicyDeniedError, match=r"it leaks names\. Use a/b instead\.") as refused:
        sdk.pull("ann/net", purpose="triage")
    found = refused.value
    assert (found.rule, found.reason, found.decided_by) == ("P-22", "It leaks names.", "rita")
    assert (found.mend, found.replacement) == ("Use a/b.", "a/b")
    assert hub.count("purpose=triage") == 1 and hub.count("/resolve/") == 0
    shown = CliRunner().invoke(main, ["pull", "ann/net", "--purpose", "triage"])
    assert shown.exit_code == 4 and "it leaks names" in shown.output


def test_what_passes_with_words_warns_and_is_kept(hub: FakeHub) -> None:
    old = {**REASON, "rule": "deprecated", "title": "Deprecated", "message": "Old."}
    hub.told["decision"] = {**SAID, "outcome": "conditions", "conditions": ["Keep a person in."], "warnings": [old]}
    with pytest.warns(sdk.PolicyWarning) as told:
        pulled = sdk.pull("ann/net", purpose="triage")
    assert [one.category for one in told] == [sdk.DeprecatedModelWarning, sdk.PolicyWarning]
    assert [str(one.message) for one in told] == [
        "ann/net: Deprecated. Old. Use a/b.",
        "ann/net: on the condition: Keep a person in.",
    ]
    assert {one.filename for one in told} == {__file__}
    assert pulled.decision is not None and pulled.decision.conditions == ("Keep a person in.",)


def test_nothing_is_said_where_there_is_nothing_to_say(hub: FakeHub) -> None:
    hub.told["decision"] = SAID
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert sdk.pull("ann/net").decision == sdk.Decision("allow", "wards", "production", "triage")


def test_a_lockfile_is_synced_for_a_purpose(hub: FakeHub, tmp_path) -> None:
    path = tmp_path / "headstart.lock"
    sdk.lock(path, ["ann/net"])
    hub.told["decision"] = SAID
    assert CliRunner().invoke(main, ["sync", "--file", str(path), "--purpose", "triage"]).exit_code == 0
    assert hub.count("purpose=triage") == 1
    sdk.sync(path, purpose="triage")
    assert hub.count("purpose=triage") == 1


def test_facts_are_what_the_hub_knows(hub: FakeHub) -> None:
    commit = hub.commit("ann/net")
    licence = {"declared": "mit", "concluded": "", "effective": "MIT", "verdict": "OK", "isExamined": True}
    findings = [{"severity": "high", "open": True}, {"severity": "critical", "open": False}]
    hub.told |= {
        "licence": licence,
        "data-record": {"completeness": 0.5, "pii": "none", "missing": ["size"], "unknown": []},
        "findings": {"items": findings, "withheld": 0},
        "use-record": {"tier": 2, "record": {"intended": ["triage"]}},
        "scan": {"state": "done", "worst": "clean", "count": 2, "clean": 2},
    }
    found = sdk.facts("ann/net")
    assert (found.commit, found.licence.verdict, found.data.missing) == (commit, "OK", ("size",))
    assert (found.bias, found.use.intended) == (type(found.bias)(1, "high"), ("triage",))
    assert (found.review.state, found.scan.worst) == ("unreviewed", "clean")
    hub.told[f"reviews/{commit}"] = {
        "state": "approved", "tier": 2, "purposes": ["triage"], "conditions": [], "expiresAt": None
    }  # fmt: skip
    assert sdk.facts("ann/net").review.purposes == ("triage",)
