"""Test rows that were in the training data: the same row, the same text but for its dress, or a long part of it."""

import hashlib
import re
import unicodedata
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

WORDS = 13  # as for GPT-3


@dataclass(frozen=True)
class Overlap:
    """Places of test rows that are in the training data: exactly, as text but for case, marks and space, by a run of
    words. Each row counts as the first of these that holds."""

    n: int
    exact: tuple[int, ...]
    normal: tuple[int, ...]
    partial: tuple[int, ...]

    @property
    def places(self) -> tuple[int, ...]:
        return tuple(sorted((*self.exact, *self.normal, *self.partial)))

    def by_method(self, words: int = WORDS) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """As records of training data call them."""
        return ("exact", self.exact), ("normalised", self.normal), (f"{words}gram", self.partial)


def plain(text: str) -> str:
    """Lower case, without marks and accents, single spaces."""
    bare = "".join(mark for mark in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(mark))
    return " ".join(re.findall(r"\w+", bare))


def digest(value: Any) -> bytes:
    """Of one input as it is: text, bytes, a file's bytes, numbers or several of these."""
    return hashlib.sha256(_told(value)).digest()


def _told(value: Any) -> bytes:
    if isinstance(value, str):
        return b"t" + value.encode()
    if isinstance(value, bytes | Path):
        return b"b" + (value if isinstance(value, bytes) else value.read_bytes())
    if isinstance(value, dict):
        return b"d" + b"".join(digest(key) + digest(value[key]) for key in sorted(value))
    if isinstance(value, np.ndarray) and value.dtype != object:
        return b"n" + np.ascontiguousarray(value, float).tobytes()
    return b"s" + b"".join(map(digest, value)) if isinstance(value, Iterable) else b"v" + repr(value).encode()


def runs(text: str, words: int = WORDS) -> set[Hashable]:
    """Every run of so many words; none in a shorter text."""
    found = plain(text).split()
    return {hash(tuple(found[at : at + words])) for at in range(len(found) - words + 1)}


def overlap(train: Sequence[Any], test: Sequence[Any], words: int = WORDS) -> Overlap:
    """Of inputs, one a row. Texts are compared three ways, everything else exactly."""
    known = {digest(value) for value in train}
    texts = [value for value in train if isinstance(value, str)]
    normal = {plain(text) for text in texts} - {""}
    parts: set[Hashable] = set().union(*(runs(text, words) for text in texts)) if texts else set()
    found: dict[str, list[int]] = {"exact": [], "normal": [], "partial": []}
    for place, value in enumerate(test):
        if kind := _kind(value, known, normal, parts, words):
            found[kind].append(place)
    return Overlap(len(test), *(tuple(found[kind]) for kind in ("exact", "normal", "partial")))


def _kind(value: Any, known: set[bytes], normal: set[str], parts: set[Hashable], words: int) -> str:
    if digest(value) in known:
        return "exact"
    if not isinstance(value, str):
        return ""
    if plain(value) in normal:
        return "normal"
    return "partial" if not runs(value, words).isdisjoint(parts) else ""
