"""Words for association tests where no data set brings its own: our choice, after the questions of WEAT 1, 6 to 8."""

from collections.abc import Mapping
from dataclasses import dataclass

SETS: Mapping[str, tuple[str, ...]] = {
    "flowers": ("rose", "tulip", "daisy", "lily", "orchid", "violet", "poppy", "sunflower"),
    "insects": ("ant", "wasp", "flea", "cockroach", "mosquito", "moth", "beetle", "spider"),
    "pleasant": ("joy", "love", "peace", "wonderful", "friend", "laughter", "happy", "lovely"),
    "unpleasant": ("agony", "terrible", "horrible", "nasty", "evil", "war", "awful", "failure"),
    "men": ("man", "boy", "father", "brother", "uncle", "husband", "he", "his"),
    "women": ("woman", "girl", "mother", "sister", "aunt", "wife", "she", "her"),
    "career": ("office", "salary", "business", "manager", "profession", "corporation", "promotion", "company"),
    "family": ("home", "children", "marriage", "parents", "wedding", "relatives", "household", "cousins"),
    "science": ("physics", "chemistry", "laboratory", "experiment", "astronomy", "technology", "biology", "engine"),
    "arts": ("poetry", "painting", "dance", "sculpture", "theatre", "novel", "music", "drama"),
    "young": ("teenager", "youngster", "student", "youth", "newcomer", "beginner"),
    "old": ("pensioner", "grandparent", "veteran", "elder", "senior", "retiree"),
}


@dataclass(frozen=True)
class Test:
    """Two targets and two attributes: are the first two nearer to each other than crosswise?"""

    name: str
    targets: tuple[tuple[str, ...], tuple[str, ...]]
    attributes: tuple[tuple[str, ...], tuple[str, ...]]
    axis: str
    labels: tuple[str, str, str, str]


def _test(axis: str, *names: str) -> Test:
    first, second, one, other = (SETS[name] for name in names)
    named = (names[0], names[1], names[2], names[3])
    return Test(f"{names[0]}/{names[1]} with {names[2]}/{names[3]}", (first, second), (one, other), axis, named)


# The first says whether the embedding knows what words mean at all; it is no bias.
TESTS = (
    _test("", "flowers", "insects", "pleasant", "unpleasant"),
    _test("gender", "men", "women", "career", "family"),
    _test("gender", "men", "women", "science", "arts"),
    _test("age", "young", "old", "pleasant", "unpleasant"),
)
