"""Worked cases, all through the one engine: the published ones, and others of their kind."""

import csv
import re
from pathlib import Path

import pytest

from hub.core.errors import InvalidInput
from hub.governance.licences.cases import differences, main, run

# Written from the licences' texts alone, before the rules were asked.
BY_TEXT = "licence_cases_by_text.csv"
# Written from the rules' text: choices, exceptions, versions, exact thresholds, chains, teachers, data, acceptances.
EXACT = ("licence_cases_exact.csv", "licence_cases_accepted.csv")
_DATA = Path(__file__).parents[2] / "data"
# What the published cases call a duty, and which of ours meets it: (code, part of its text).
_DUTIES = {
    "keep LICENSE+NOTICE": [("licence-copy", "LICENSE"), ("notice", "NOTICE")],
    "state changes": [("changes", "State what was changed")],
    "ship agreement": [("licence-copy", "Ship the agreement")],
    "Notice file": [("notice", "Notice file with: ")],
    '"Built with Llama"': [("display", "Built with Llama")],
    'name must start with "Llama"': [("name-prefix", "start with “Llama”")],
    "rename to Llama-...": [("mend-L6", "Rename it to bob/Llama-")],
    "credit both parents": [("notice", "mistral/7B"), ("notice", "x/chat-7b")],
    "keep Apache notice": [("licence-copy", "Apache")],
    "NC for everyone": [("non-commercial", "for everyone")],
    "ship Gemma terms": [("licence-copy", "Gemma Terms of Use")],
    "pass on prohibited-use policy": [("use-restrictions", "prohibited use policy")],
    "regenerate data with a permitting model": [("mend-L7", "Regenerate the data with a model that permits it")],
    "credit Wikipedia": [("notice", "wikipedia")],
    "reviewer decides on share-alike": [("mend-L2d", "reviewer decides on share-alike")],
    "offer corresponding source to network users": [("source", "over a network")],
    "do not publish": [("mend-L4", "Do not publish")],
    "ask licensor": [("mend-L4", "ask the licensor")],
    "obtain licence": [("mend-L0", "Obtain the licence")],
    "Notice": [("notice", "Notice file with: ")],
    "AUP": [("use-restrictions", "AUP")],
    "Powered by Stability AI": [("display", "Powered by Stability AI")],
    "credit CC-BY-SA author": [("notice", "Share Alike")],
}


def rows(name: str) -> list[dict[str, str]]:
    with (_DATA / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    "row",
    [row for name in ("licence_cases.csv", "licence_cases_more.csv", BY_TEXT, *EXACT) for row in rows(name)],
    ids=lambda row: row["case_id"],
)
def test_case(row: dict[str, str]) -> None:
    outcome = run(row)
    assert list(differences(row, outcome)) == [], outcome
    if row["expected_publish_verdict"] in ("CONFLICT", "REVIEW") and row["case_id"].startswith(("D", "F")):
        assert set(row["rules"].split(",")) <= set(outcome.broken)
    if outcome.pull_decision == "DENY":
        assert outcome.broken and outcome.why


@pytest.mark.parametrize("row", rows("licence_cases.csv"), ids=lambda row: row["case_id"])
def test_obligations_of_the_published_cases(row: dict[str, str]) -> None:
    found = run(row).obligations
    if row["expected_obligations"] == "none from outputs":
        assert found == ()
        return
    for phrase in row["expected_obligations"].split(";"):
        for code, text in _DUTIES[phrase.strip()]:
            assert any(each.code == code and text in each.text for each in found), (phrase, found)


@pytest.mark.parametrize(
    "row", [row for row in rows(BY_TEXT) if row["expected_obligations"]], ids=lambda row: row["case_id"]
)
def test_each_duty_has_a_code_and_words(row: dict[str, str]) -> None:
    outcome = run(row)
    assert all(re.fullmatch(r"[a-z-]+(L\d+d?)?", code) for code in outcome.codes)
    assert outcome.words and outcome.words != "none"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"relation": "cousin"}, "finetune"),
        ({"consumer": "commercial-martian"}, "commercial"),
        ({"consumer": "eu"}, "Say what it is for"),
        ({"parents": "apache-2.0"}, "owner/name=licence"),
        ({"has_notice": "perhaps"}, "yes or no"),
    ],
)
def test_what_cannot_be_read_is_told_with_what_can(changed: dict[str, str], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        run({**rows("licence_cases.csv")[0], **changed})


def test_acceptance_is_asked_where_the_table_has_it() -> None:
    row = next(each for each in rows("licence_cases_more.csv") if each["case_id"] == "D02")
    assert run({**row, "accepted": ""}).broken == ("L10",)
    assert run({**row, "accepted": "llama3.1"}).pull_decision == "ALLOW"


@pytest.mark.parametrize(
    "parents", ["x/mid=mit<g/g=gemma", "x/mid=mit <- g/g=gemma", "x/mid=mit (g/g=gemma)", "x/mid=mit[g/g=gemma]"]
)
def test_what_a_parent_was_made_from(parents: str) -> None:
    row = {"repo": "a/b", "declared_license": "mit", "relation": "finetune", "parents": parents, "consumer": "hobby"}
    assert run(row).effective_license == "LicenseRef-gemma" and "L14" in run(row).rules


def test_teachers_may_stand_as_parents() -> None:
    row = {"repo": "a/b", "declared_license": "mit", "relation": "distilled", "parents": "m/L=llama3"}
    assert run({**row, "consumer": "research"}).effective_license == "not licensable"


def test_the_command_tells_differences_by_its_exit_code(tmp_path: Path, capsys) -> None:
    assert main(str(_DATA / "licence_cases.csv")) == 0
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(
        "case_id,repo,relation,parents,consumer,expected_publish_verdict\nX,a/b,lora,x=mit,hobby,OK\nY,a/b,z,,,OK\n"
    )
    assert main(str(wrong)) == 1
    assert "OK was expected, it is REVIEW" in capsys.readouterr().out
