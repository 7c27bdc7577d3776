"""Each rule that ships: a case that it denies, one that it lets pass, and a fact that is missing."""

import datetime as dt
from copy import deepcopy
from pathlib import Path

import pytest

from hub.governance.policy.context import plain, regions
from hub.governance.policy.engine import Answer, BadExpression, evaluate, program
from hub.governance.policy.rules import shipped
from hub.governance.policy.verdicts import judge, said

NOW = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
FINE = {
    "subject": {"name": "ada", "is_signed_in": True, "reviews_security": False},
    "team": {
        "commercial": True, "service": True, "regions": ["EEA", "EU", "DE"], "mau": 10, "revenue_usd": 10,
        "clearance": "none", "purposes": [], "use": {"tier": 3, "codes": ["b"]}, "acceptances_missing": 0,
    },
    "env": "production",
    "rev": {
        "state": "approved", "tier": 3, "purposes": [], "executes_code": True, "code_hashes": ["a"], "reason": "",
        "approved_code_hashes": ["a", "b"], "expires_at": NOW + dt.timedelta(days=1),
    },
    "license": {"declared": "mit", "name_fits": True, "notice_complete": True, "is_more_permissive": False},
    "lineage": {
        "verdict": "OK", "effective": "MIT", "commercial": "yes", "min_mau_limit": 100, "min_revenue_limit": None,
        "excluded_territories": ["CN"], "network_copyleft": False, "use_restriction_codes": ["a"],
        "required_prefix": "Llama",
    },
    "data": {"pii": "none", "completeness": 0.7},
    "bias": {"open_critical": 0, "open_high": 0, "suites_missing": []},
    "scan": {"state": "done", "worst": "clean", "has_pickle": False},
    "pull": {"asked": "main", "commit": "c" * 40, "is_pinned": True, "purpose": "triage", "closed_to_eu": False},
    "approval": {"approver": "bob", "uploader": "ada", "authors": ["ada"], "waiver_author": "", "domain": "bias"},
    "repo": {"name": "Llama-mine"},
    "advisories": ["deprecated"],
    "advisory": {},
    "waivers": [],
    "now": NOW,
}  # fmt: skip
# The rule, where a fact is set to what it denies, and a fact that it can't do without.
CASES = [
    ("P-01", "rev.state", "in-review", "rev.state"),
    ("P-01", "rev.state", "superseded", "rev.state"),
    ("P-02", "pull.is_pinned", False, "pull.is_pinned"),
    ("P-03", "lineage.commercial", "no", "lineage.commercial"),
    ("P-04", "lineage.verdict", "CONFLICT", "lineage.verdict"),
    ("P-04", "lineage.verdict", "REVIEW", "lineage.verdict"),
    ("P-05", "team.mau", 101, "team.mau"),
    ("P-05", "lineage.min_revenue_limit", 9, "team.mau"),
    ("P-06", "lineage.excluded_territories", ["EU"], "team.regions"),
    ("P-07", "lineage.network_copyleft", True, "lineage.network_copyleft"),
    ("P-08", "team.acceptances_missing", 1, "team.acceptances_missing"),
    ("P-09", "scan.worst", "error", "scan.worst"),
    ("P-09", "scan.state", "scanning", "scan.state"),
    ("P-10", "scan.has_pickle", True, "scan.has_pickle"),
    ("P-11", "rev.code_hashes", ["z"], "rev.approved_code_hashes"),
    ("P-12", "bias.open_critical", 1, "bias.open_critical"),
    ("P-12", "bias.open_high", 1, "bias.open_high"),
    ("P-13", "team.use.codes", ["a"], "lineage.use_restriction_codes"),
    ("P-14", "bias.suites_missing", ["wino"], "bias.suites_missing"),
    ("P-15", "data.pii", "unknown", "data.pii"),
    ("P-16", "data.completeness", 0.69, "data.completeness"),
    ("P-17", "rev.expires_at", NOW - dt.timedelta(days=30), None),
    ("P-18", "approval.approver", "ada", "approval.approver"),
    ("P-18", "approval.waiver_author", "bob", "approval.uploader"),
    ("P-19", "license.name_fits", False, "license.name_fits"),
    ("P-19", "license.notice_complete", False, "license.notice_complete"),
    ("P-20", "license.is_more_permissive", True, "license.is_more_permissive"),
    ("P-21", "rev.state", "suspended", "rev.state"),
    ("P-22", "advisories", ["recalled"], "advisories"),
    ("P-23", "scan.worst", "malicious", "subject.reviews_security"),
    ("P-24", "rev.purposes", ["screening"], "rev.purposes"),
    ("P-24", "team.purposes", ["screening"], "team.purposes"),
    ("P-25", "bias.suites_missing", ["fair-tabular"], "bias.suites_missing"),
    ("P-26", "pull.closed_to_eu", True, "pull.closed_to_eu"),
]


# The nearest to what a rule denies that it lets pass: limits that are just met, and what makes the same fact harmless.
NEAREST = [
    ("P-01", {"rev.state": "conditional"}),
    ("P-01", {"rev.state": "expired"}),
    ("P-01", {"rev.state": "in-review", "env": "development"}),
    ("P-02", {"pull.is_pinned": False, "env": "development"}),
    ("P-03", {"lineage.commercial": "no", "team.commercial": False}),
    ("P-03", {"lineage.commercial": "conditional"}),
    ("P-04", {"lineage.verdict": "REVIEW", "env": "development"}),
    ("P-04", {"lineage.verdict": "CONFLICT", "env": "sandbox"}),
    ("P-04", {"lineage.verdict": "NEEDS_ATTRIBUTION"}),
    ("P-05", {"team.mau": 100}),
    ("P-05", {"lineage.min_revenue_limit": 10}),
    ("P-06", {"lineage.excluded_territories": ["GB"]}),
    ("P-06", {"lineage.excluded_territories": [], "team.regions": ["CN"]}),
    ("P-07", {"lineage.network_copyleft": True, "team.service": False}),
    ("P-07", {"lineage.network_copyleft": True, "team.commercial": False}),
    ("P-08", {"team.acceptances_missing": 0}),
    ("P-09", {"scan.worst": "suspicious"}),
    ("P-10", {"scan.has_pickle": True, "env": "development"}),
    ("P-11", {"rev.code_hashes": ["z"], "rev.executes_code": False}),
    ("P-11", {"rev.code_hashes": ["a", "b"]}),
    ("P-12", {"bias.open_high": 1, "team.use.tier": 2}),
    ("P-13", {"team.use.codes": ["aa", "A"]}),
    ("P-14", {"bias.suites_missing": ["wino"], "team.use.tier": 2}),
    ("P-15", {"data.pii": "direct", "team.clearance": "direct"}),
    ("P-15", {"data.pii": "pseudonymous"}),
    ("P-16", {"data.completeness": 0.69, "team.use.tier": 2}),
    ("P-17", {"rev.expires_at": NOW}),
    ("P-18", {"approval.approver": "adam"}),
    ("P-19", {"repo.name": "mine"}),
    ("P-20", {"license.declared": "gpl-3.0"}),
    ("P-21", {"rev.state": "superseded"}),
    ("P-22", {"advisories": ["deprecated"]}),
    ("P-23", {"scan.worst": "malicious", "subject.reviews_security": True}),
    ("P-23", {"scan.worst": "unsupported"}),
    ("P-24", {"rev.purposes": ["screening", "triage"], "team.purposes": ["triage"]}),
    ("P-24", {"rev.purposes": ["screening"], "env": "development"}),
    ("P-25", {"bias.suites_missing": ["x"], "rev.tier": 2}),
    ("P-25", {"bias.suites_missing": ["x"], "approval.domain": "data"}),
    ("P-26", {"pull.closed_to_eu": True, "team.regions": ["NO", "EEA"]}),
]


def with_fact(path, value):
    return with_facts({path: value})


def with_facts(changes):
    facts = deepcopy(FINE)
    for path, value in changes.items():
        set_fact(facts, path, value)
    return facts


def set_fact(facts, path, value):
    *parents, last = path.split(".")
    at = facts
    for name in parents:
        at = at[name]
    if value is None:
        del at[last]
    else:
        at[last] = value


@pytest.mark.parametrize("code", list(shipped()))
def test_a_rule_lets_pass_what_is_fine(code):
    assert not evaluate(shipped()[code].expression, FINE).holds


@pytest.mark.parametrize(("code", "path", "value", "_"), CASES)
def test_a_rule_denies_what_it_is_for(code, path, value, _):
    answer = evaluate(shipped()[code].expression, with_fact(path, value))
    assert (answer.holds, answer.unknown) == (True, ())


@pytest.mark.parametrize(("code", "changes"), NEAREST)
def test_a_rule_lets_pass_what_is_just_within(code, changes):
    assert evaluate(shipped()[code].expression, with_facts(changes)) == Answer(False)


@pytest.mark.parametrize(("code", "needed"), sorted({(case[0], case[3]) for case in CASES if case[3]}))
def test_a_missing_fact_denies_and_is_named(code, needed):
    facts = with_fact(needed, None)
    if code == "P-23":
        facts["scan"]["worst"] = "malicious"
    answer = evaluate(shipped()[code].expression, facts)
    assert answer.holds and needed in answer.unknown


def test_every_rule_has_a_case():
    assert {case[0] for case in CASES} == {case[0] for case in NEAREST} == set(shipped())


def test_an_approval_that_ended_warns_for_a_fortnight():
    rule = shipped()["P-17"]
    for days, mode in ((1, "warn"), (14, "warn"), (15, "enforce")):
        facts = with_fact("rev.expires_at", NOW - dt.timedelta(days=days))
        assert [one.mode for one in judge([rule], facts, lambda _: "enforce")] == [mode]


def test_what_a_person_reads_has_the_facts_in_it():
    assert said("{rev.state}, {team.regions}, {data.nothing}", FINE) == "approved, EEA, EU, DE, unknown"


@pytest.mark.parametrize("text", ["", "true" * 400, "(" * 21 + "true" + ")" * 21, "os.path == 1", "1 +"])
def test_what_could_grow_or_is_strange_is_refused(text):
    with pytest.raises(BadExpression):
        program(text)


def test_an_expression_that_is_no_yes_or_no_denies():
    assert evaluate("team.mau", FINE).unknown


def test_facts_are_plain_and_bounded():
    assert plain({"a": (1, 2), "b": {"c": object}})["a"] == [1, 2]
    assert len(plain({"a": range(10_000)})["a"]) == 200
    assert regions(["de"]) == ["DE", "EEA", "EU"] and regions(["NO"]) == ["EEA", "NO"] and regions([]) == []


def test_the_docs_list_them_as_they_are():
    words = {"enforce": "denies", "warn": "warns", "monitor": "records"}
    rows = [[each.code, each.stage, each.title, *map(words.get, each.modes.values())] for each in shipped().values()]
    lines = (Path(__file__).resolve().parents[3] / "docs/rules.md").read_text().splitlines()
    assert [line.strip("| ").split(" | ") for line in lines if line.startswith("| P-")] == rows
