"""A card's metadata block, changed line by line."""

import pytest

from hub.catalog.card import parse_card
from hub.catalog.card_faults import faults_of
from hub.catalog.card_text import join, set_fields, split

BLOCK = """# about
license: mit
language:
- en  # British
# the base
base_model: a/b
custom: {x: 1}
"""


def test_only_the_named_lines_change() -> None:
    changed = set_fields(BLOCK, {"license": "isc", "base_model": None, "tags": ["no", "a: b"]})
    assert changed == (
        "# about\nlicense: isc\nlanguage:\n- en  # British\n# the base\ncustom: {x: 1}\ntags:\n- 'no'\n- 'a: b'\n"
    )


def test_what_changes_nothing_is_left_alone() -> None:
    assert set_fields(BLOCK, {"license": "mit", "missing": None}) == BLOCK


@pytest.mark.parametrize(
    "block", ["{license: mit, x: 2}\n", "a: &one [1]\nlicense: mit\nx: *one\n", "? license\n: mit\n", "license: mit"]
)
def test_every_way_of_writing_ends_in_the_same_metadata(block) -> None:
    before = parse_card(join(block, "")).metadata
    for value in ("isc", None, ["a", "b"]):
        after = parse_card(join(set_fields(block, {"license": value, "a": "new"}), "")).metadata
        wanted = {**before, "license": value, "a": "new"}
        assert after == {name: each for name, each in wanted.items() if each is not None}


def test_a_card_is_cut_and_put_together_again() -> None:
    text = f"---\n{BLOCK}---\n# Title\n"
    assert split(text) == (BLOCK, "# Title\n") and join(*split(text)) == text
    assert split("# Title\n") == ("", "# Title\n") and join("", "# Title\n") == "# Title\n"


def test_faults_name_their_field() -> None:
    text = "---\nlicense: homemade\npipeline_tag: telepathy\nlanguage: [en, klingon]\nmodel-index: 3\n---\n"
    found = {(fault.field, fault.is_error) for fault in faults_of(text, "model")}
    assert found == {("license", True), ("model-index", True), ("pipeline_tag", False), ("language", False)}
