"""Filters in words: labels, folds, ranges, and addresses that say them again."""

import pytest

from hub.catalog.query import RANGES, parse_query
from hub.catalog.selectors.search import FacetValue
from hub.web.pages import facets, lists
from hub.web.pages.ranges import range_label, ranges_of


def _facet(values: int, chosen: tuple[str, ...] = (), name: str = "library") -> facets.Facet | None:
    found = [FacetValue(f"v{at}", 100 - at, f"v{at}" in chosen) for at in range(values)]
    return next(iter(facets.build({name: found}, {name: chosen} if chosen else {}, [name])), None)


def test_eight_values_are_shown_and_the_rest_is_one_step_away() -> None:
    facet = _facet(12)
    assert facet and (len(facet.shown), len(facet.more), facet.more_words) == (8, 4, "Show all 12")


def test_a_facet_says_when_it_has_more_than_it_tells() -> None:
    facet = _facet(60)
    assert facet and facet.more_words == "Show the 60 most frequent"


def test_a_fold_never_hides_a_single_value() -> None:
    facet = _facet(9)
    assert facet and (len(facet.shown), len(facet.more)) == (9, 0)


def test_a_facet_without_values_is_left_out() -> None:
    assert _facet(0) is None


def test_what_is_chosen_comes_first_and_stays_even_when_nothing_has_it() -> None:
    facet = _facet(12, chosen=("v11", "gone"))
    assert facet and facet.is_open
    assert [(each.value, each.count, each.is_chosen) for each in facet.shown[:2]] == [
        ("gone", None, True),
        ("v11", 89, True),
    ]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("task", "image-classification", "Image classification"),
        ("task", "my-own-task", "my own task"),
        ("licence", "mit", "MIT"),
        ("language", "de", "German"),
        ("licence_class", "non-commercial", "Non-commercial"),
        ("review", "in-review", "In review"),
        ("bias", "high", "High"),
        ("owner", "ada", "ada"),
    ],
)
def test_values_in_words(name, value, words) -> None:
    assert facets.label_of(name, value) == words


def test_every_choice_has_an_element_of_its_own() -> None:
    facet = _facet(12)
    assert facet and len({choice.id for choice in (*facet.shown, *facet.more)}) == 12


def test_ranges_stand_again_as_typed() -> None:
    size, *_ = ranges_of("dataset", {"size_min": ["2GB"], "parameters_min": ["7M"]})
    assert [bound.value for bound in size.bounds] == ["2GB", ""]
    assert {each.name for each in ranges_of("model", {})} == set(RANGES)


def test_ranges_in_words() -> None:
    assert range_label("parameters", (7_000_000, None)) == "Parameters: at least 7 M"
    assert range_label("size", (None, 2 * 10**9)) == "Download size: at most 2 GB"
    assert range_label("size", (0, 10)) == "Download size: 0 B to 10 B"


GIVEN = {
    "q": ["two words"],
    "task": ["a", "b"],
    "tag": ["license:mit"],
    "parameters_min": ["7M"],
    "size_max": ["1.5GB"],
    "benchmark": ["imdb/accuracy"],
    "score_min": ["0.9"],
    "sort": ["likes"],
}


def test_an_address_says_the_whole_query_again() -> None:
    query = parse_query("model", GIVEN)
    state = lists.state_of(query)
    again = {
        name: [str(each) for each in value] if isinstance(value, tuple) else [str(value)]
        for name, value in state.items()
    }
    assert parse_query("model", again) == query


def test_each_badge_takes_away_one_filter() -> None:
    query = parse_query("model", GIVEN)
    badges = {link.label: link.url for link in lists._applied(query, lists.state_of(query))}
    assert list(badges) == [
        "“two words”",
        "Task: a",
        "Task: b",
        "Tag: license:mit",
        "Parameters: at least 7 M",
        "Download size: at most 1.5 GB",
        "imdb/accuracy ≥ 0.9",
    ]
    assert "task=b" in badges["Task: a"] and "task=a" not in badges["Task: a"]
    assert "score_min" not in badges["imdb/accuracy ≥ 0.9"] and "sort=likes" in badges["imdb/accuracy ≥ 0.9"]
