import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pathspec import GitIgnoreSpec

from hub.catalog.attributes import default_attributes, is_ignored_by, is_large, looks_binary

RULES = default_attributes().decode()


@pytest.mark.parametrize(
    "path", ["a.bin", "x/y/a.safetensors", "model.onnx", "saved_model/x/y", "events.out.tfevents.1"]
)
def test_usual_binaries_are_large(path: str) -> None:
    assert is_large(RULES, path, 1, b"a")


@pytest.mark.parametrize("path", ["README.md", "config.json", "bin", "safetensors.txt"])
def test_texts_are_not(path: str) -> None:
    assert not is_large(RULES, path, 9_000_000, b"text")
    assert is_large(RULES, path, 10_000_001, b"text")


def test_empty_files_never_are() -> None:
    assert not is_large(RULES, "a.bin", 0, b"")


def test_the_last_rule_wins() -> None:
    assert not is_large("*.bin filter=lfs\nsmall.bin -filter\n", "a/small.bin", 10, b"\0")
    assert is_large("# no\n[attr]x filter=lfs\n*.x text\n", "a.x", 10, b"\0")


def test_what_looks_binary() -> None:
    assert looks_binary(b"a\0") and looks_binary(b"\xff\xfe")
    assert not looks_binary("é".encode()[:1]) and not looks_binary("héé".encode())


def test_ignored() -> None:
    rules = "*.log\n!keep.log\n/build/\n"
    assert is_ignored_by(rules, "a/b.log") and is_ignored_by(rules, "build/x")
    assert not is_ignored_by(rules, "keep.log") and not is_ignored_by(rules, "a/build/x") and not is_ignored_by("", "x")


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        ("*a" * 30 + "b", "a" * 250),
        ("*[a-z]" * 30 + "0", "a" * 250),
        ("*?" * 30 + "0", "a" * 250),
        ("**a" * 30 + "b", "a" * 250),
        ("a/**/" * 20 + "b", "a/" * 99 + "c"),
        ("\\a*" * 30 + "0", "a" * 250),
    ],
)
@pytest.mark.timeout(60)  # Tried the plain way, most of these take years.
def test_no_pattern_takes_long(pattern: str, path: str) -> None:
    assert not is_ignored_by(pattern, path)
    is_large(f"{pattern} filter=lfs", path, 1, b"a")


@pytest.mark.parametrize("pattern", ["[b-a]", "[", "[]", "[!]", "\\", "a[\\]", "[z-a]*.x", "[a-\\]"])
def test_a_line_that_is_no_pattern_matches_nothing(pattern: str) -> None:
    assert not is_ignored_by(pattern, "q") and not is_large(f"{pattern} filter=lfs", "q", 1, b"a")


@pytest.mark.filterwarnings("ignore:Possible:FutureWarning")
@settings(max_examples=300, deadline=None)
@given(pattern=st.text("ab-*?./[]!\\", max_size=8), path=st.text("ab./", min_size=1, max_size=10))
def test_quick_patterns_match_what_the_plain_ones_do(pattern: str, path: str) -> None:
    try:
        plain = GitIgnoreSpec.from_lines([pattern])
    except (ValueError, re.error):
        return
    if pattern.count("**") <= 2:
        assert is_ignored_by(pattern, path) == bool(pattern and plain.match_file(path))
