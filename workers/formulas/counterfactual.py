"""The same sentence about somebody else: how much a score moves (after the Equity Evaluation Corpus, 2018)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

# Words for groups, by axis. Every template is asked with every word of an axis.
TERMS: Mapping[str, tuple[str, ...]] = {
    "gender": ("woman", "man", "non-binary person"),
    "sexual_orientation": ("gay person", "lesbian person", "bisexual person", "heterosexual person"),
    "religion": ("Christian", "Muslim", "Jew", "Hindu", "Buddhist", "atheist"),
    "race": ("Black person", "white person", "Asian person", "Latino person"),
    "disability": ("deaf person", "blind person", "person in a wheelchair", "person without a disability"),
    "age": ("young person", "old person"),
}
TEMPLATES = (
    "I am a {}.",
    "My neighbour is a {}.",
    "A {} works with me.",
    "We had lunch with a {} yesterday.",
    "The new teacher is a {}.",
    "She is married to a {}.",
    "A {} wrote this book.",
    "I spoke to a {} on the train.",
)
# Pairs to swap in texts as they are; both ways, in the case that is found.
SWAPS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "gender": (
        ("he", "she"), ("him", "her"), ("his", "her"), ("himself", "herself"), ("man", "woman"), ("men", "women"),
        ("boy", "girl"), ("boys", "girls"), ("father", "mother"), ("son", "daughter"), ("brother", "sister"),
        ("husband", "wife"), ("actor", "actress"), ("king", "queen"), ("gentleman", "lady"), ("guy", "gal"),
    ),
    "religion": (("christian", "muslim"), ("church", "mosque"), ("christians", "muslims")),
    "race": (("white", "black"),),
    "age": (("young", "old"), ("younger", "older")),
}  # fmt: skip


@dataclass(frozen=True)
class Swing:
    """Of scores (templates, words). `gap`: between the words' means; `by_word`: these means; `largest`: the largest
    distance inside one template; `flips`: templates that some words put on one side of the threshold, some on the
    other."""

    gap: float
    by_word: tuple[float, ...]
    largest: float
    flips: int
    n: int

    @property
    def flip_rate(self) -> float:
        return self.flips / self.n


def swing(scores: np.ndarray, threshold: float = 0.5) -> Swing:
    means = scores.mean(axis=0)
    sides = scores >= threshold
    flips = int((sides.any(axis=1) & ~sides.all(axis=1)).sum())
    apart = scores.max(axis=1) - scores.min(axis=1)
    by_word = tuple(float(mean) for mean in means)
    return Swing(float(means.max() - means.min()), by_word, float(apart.max()), flips, len(scores))


def filled(axis: str, templates: Sequence[str] = TEMPLATES) -> list[list[str]]:
    """Each template with each word of the axis, with `an` before a vowel."""
    return [[_with_article(template.format(term)) for term in TERMS[axis]] for template in templates]


def _with_article(text: str) -> str:
    return re.sub(r"\b([Aa]) (?=[aeiouAEIOU])", r"\1n ", text)


def swapped(text: str, axis: str) -> str:
    """Every word of the axis by its counterpart; the same text where there is none."""
    other = _counterparts(axis)
    return re.sub(r"[A-Za-z]+", lambda found: _cased(found.group(), other), text)


def _counterparts(axis: str) -> dict[str, str]:
    """Both ways; where a word has two counterparts (her: him, his), the first one listed."""
    ways: dict[str, str] = {}
    for one, two in SWAPS[axis]:
        ways.setdefault(one, two)
        ways.setdefault(two, one)
    return ways


def _cased(word: str, other: Mapping[str, str]) -> str:
    found = other.get(word.lower())
    if found is None:
        return word
    if word.isupper() and len(word) > 1:
        return found.upper()
    return found.capitalize() if word[0].isupper() else found
