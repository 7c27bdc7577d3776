from pathlib import Path

import pytest

import sdk
from sdk._card import Card, parse_card, read_card


def test_a_card_is_metadata_and_text() -> None:
    card = parse_card("---\nlicense: mit\ntags: [a]\n---\n# Title\n---\nmore\n")
    assert card.metadata == {"license": "mit", "tags": ["a"]}
    assert card.text == "# Title\n---\nmore\n"
    assert parse_card(str(card)) == card


@pytest.mark.parametrize("text", ["", "# Only words\n", "--- not a block\n"])
def test_a_card_without_metadata_is_text(text: str) -> None:
    assert parse_card(text) == Card({}, text)
    assert str(parse_card(text)) == text


def test_windows_lines_and_an_empty_block_are_read() -> None:
    assert parse_card("---\r\nlicense: mit\r\n---\r\nx").metadata == {"license": "mit"}
    assert parse_card("---\n---\nx") == Card({}, "x")


@pytest.mark.parametrize("block", ["- a list", "a: [", "words"])
def test_what_is_no_mapping_is_refused(block: str) -> None:
    with pytest.raises(sdk.InvalidInputError):
        parse_card(f"---\n{block}\n---\n")


@pytest.mark.parametrize(
    ("metadata", "license"),
    [
        ({}, None),
        ({"license": "mit"}, "mit"),
        ({"license": ["mit", "bsd"]}, "mit, bsd"),
        ({"license": "other", "license_name": "own"}, "own"),
        ({"license": "other"}, "other"),
    ],
)
def test_the_licence_is_told(metadata: dict[str, object], license: str | None) -> None:
    assert Card(metadata).license == license


def test_a_field_set_to_none_goes() -> None:
    assert Card({"a": 1, "b": 2}).merged({"a": None, "c": 3}).metadata == {"b": 2, "c": 3}


def test_no_file_is_an_empty_card(tmp_path: Path) -> None:
    assert read_card(tmp_path / "README.md") == Card()
