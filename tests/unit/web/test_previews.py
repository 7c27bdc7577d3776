"""Files and rows as pages show them."""

import json
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.web.pages.cells import cell
from hub.web.pages.previews import coloured, decoded, show
from tests.factories import make_repo

PLACE = SimpleNamespace(at=("model", "ada/m", "main"))


def shown(data: bytes, path: str):
    return show(SimpleNamespace(data=data, size=len(data), sha256=None, path=path), PLACE, path)


@pytest.mark.parametrize(
    ("path", "view"),
    [
        ("a.wav", "audio"),
        ("a.MP3", "audio"),
        ("a.mp4", "video"),
        ("a.svg", "image"),
        ("a.bin", "none"),
        ("a.tsv", "grid"),
    ],
)
def test_views(path: str, view: str) -> None:
    assert shown(b"\0\1a\tb\n1\t2\n", path).view == view


def test_encodings() -> None:
    assert decoded("ä".encode("utf-16")) == ("ä", "UTF-16 text.")
    assert decoded("Käse und Brötchen".encode("latin-1")) == ("Käse und Brötchen", "Not UTF-8: read as Latin-1.")
    assert decoded(bytes(range(128, 160)) * 9)[0] is None
    assert decoded(b"a\0b")[0] is None


def test_long_lines_are_cut_and_said() -> None:
    lines, note = coloured("x" * 5_000, "a.txt")
    assert len(lines[0]) < 2_100 and note == "Lines of more than 2,000 characters are cut."


def test_json_in_one_line_gets_lines() -> None:
    found = shown(json.dumps({"a": list(range(200))}).encode(), "a.json")
    assert len(found.lines) > 100 and found.cut == "Line breaks were added."
    assert shown(b'{"a": 1', "a.json").view == "text"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(json_values)
def test_any_value_is_a_short_cell(value: object) -> None:
    assert len(cell(value).text) < 700


@given(st.binary(max_size=300), st.sampled_from(["a.csv", "a.jsonl", "a.json", "a.parquet", "a.md", "a.py", "a"]))
def test_any_bytes_have_a_view(data: bytes, path: str) -> None:
    assert shown(data, path).view in {"grid", "text", "markdown", "none"}


def test_halves_of_characters_can_be_shown() -> None:
    half = json.dumps({"\ud800": ["\udfff"], "b": "\ud800"}).encode()
    for path in ("a.json", "a.jsonl"):
        found = shown(half + b" " * 300, path)
        str(found).encode()
        assert found.grid or found.lines


def test_pages_of_rows(client, user) -> None:
    rows = "n,t\n" + "\n".join(f"{n},word{n}" for n in range(250))
    make_repo(name="d", owner=user, kind="dataset", files={"data/train.csv": rows.encode(), "README.md": b"# D\n"})
    at = f"/datasets/{user.username}/d"
    first = client.get(f"{at}/rows/main/data/train.csv").content.decode()
    assert "Rows 1 to 100" in first and "word99" in first and "word100" not in first and "whole number" in first
    following = first.partition(f"{at}/rows/main/data/train.csv?")[2].partition('"')[0].replace("&amp;", "&")
    second = client.get(f"{at}/rows/main/data/train.csv?{following}").content.decode()
    assert "word100" in second and "word99<" not in second
    card = client.get(at).content.decode()
    assert "First rows" in card and "word9" in card and f'{at}/rows/main/data/train.csv"' in card


def test_a_gated_data_set_shows_no_rows_to_strangers(client, user) -> None:
    repo = make_repo(name="d", owner=user, kind="dataset", files={"train.csv": b"n,t\n1,secret\n"})
    type(repo).objects.filter(pk=repo.pk).update(gate="manual")
    for page in ("", "/commit/main", "/tree/main", "/compare/main...main", "/data", "/licence"):
        response = client.get(f"/datasets/{repo.full_name}{page}")
        assert response.status_code == 200 and b"secret" not in response.content
    assert client.get(f"/datasets/{repo.full_name}/rows/main/train.csv").status_code == 403
