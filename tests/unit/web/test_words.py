"""Numbers and times in words; facts out of metadata of any shape."""

import datetime as dt

import pytest

from hub.core import clock
from hub.web.pages import facts, words


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (17_240_000_000, "17.2 GB"), (999_950, "1 MB")]
)
def test_sizes(count, said) -> None:
    assert words.size(count) == said


@pytest.mark.parametrize(
    ("count", "said"), [(7, "7"), (22_713_216, "22.7 M"), (134_515_008, "135 M"), (1_500_000_000, "1.5 B")]
)
def test_counts(count, said) -> None:
    assert words.short(count) == said


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("ada/film-reviews", ["ada/film-reviews"]),
        ("vision-team/defect-detector", ["vision-team/", "defect-detector"]),
        ("ada/" + "long-" * 9, ["ada/", "long-long-long-long-lon…"]),
        ("IMDB reviews · plain · test", ["IMDB reviews · plain ·", "test"]),
    ],
)
def test_names_beside_bars(name, lines) -> None:
    assert words.in_lines(name) == lines


def test_times() -> None:
    now = clock.now()
    assert words.ago(now) == "just now"
    assert words.ago(now - dt.timedelta(hours=1, seconds=1)) == "1 hour ago"
    assert words.ago(now + dt.timedelta(days=30, seconds=9)) == "in 30 days"


@pytest.mark.parametrize("value", [None, 7, True, [], {}, "", [[1]], {"a": {"b": 1}}, [None, {"x": 1}]])
def test_no_shape_of_metadata_breaks_a_page(value) -> None:
    keys = ("license", "license_name", "license_link", "base_model", "datasets", "model-index", "headstart")
    metadata = dict.fromkeys(keys, value)
    facts.licence(metadata, lambda path: path)
    facts.results(metadata)
    assert facts.biases(metadata, []) is not None


def test_the_name_of_another_licence() -> None:
    metadata = {"license": "other", "license_name": "openrail-x", "license_link": "LICENSE.md"}
    assert facts.licence(metadata, lambda path: f"/blob/{path}") == facts.Licence(
        "openrail-x", "/blob/LICENSE.md", "unknown"
    )
    assert facts.licence({**metadata, "license_link": "javascript:alert(1)"}, str).url == ""
