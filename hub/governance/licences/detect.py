"""Which licence a LICENSE or COPYING file is (L15): by fingerprints of known texts, without the texts."""

import base64
import hashlib
import json
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ENOUGH = 0.95
MAX_TEXT = 300_000
_FILE = Path(__file__).parents[1] / "data" / "licence_fingerprints.json"
_LICENCE_FILE = re.compile(r"(?:licen[cs]e|copying|unlicen[cs]e)(?:[._-][\w.-]*)?", re.I)
_NOTICE_FILE = re.compile(
    r"(?:notice|attribution|credits|third[-_]party[-_]notices?)(?:[._-][\w-]*)?(?:\.(?:txt|md))?", re.I
)
# Lines that differ from copy to copy: whose it is and since when, and rulers.
_OWN_LINE = re.compile(
    r"^[\s*#/;>|-]*(?:(?:portions )?copyright[:\s]*(?:\(c\)|©|\d{4}|[\[<{]|by\b)|\(c\)\s|©|spdx-license-identifier).*$"
    r"|^.{0,80}\b\d{4}\b.{0,20}(?:\(c\)|©).*$|^[\s*#]*all rights reserved\.?\s*$",
    re.I | re.M,
)
_WORD = re.compile(r"[a-z0-9]+")
_VERSION = re.compile(r"(\d+)\.(\d+)|([a-z]+)(\d+)$")
# Of texts that no public collection has.
_TITLES = {
    "meta llama 3 community license agreement": "llama3",
    "fair noncommercial research license": "fair-noncommercial-research-license",
    "apple machine learning research model license": "apple-amlr",
    "mistral ai research license": "mistral-research",
    "mistral ai non production license": "mistral-nonprod",
    "databricks open model license": "databricks-open-model",
}
_MAX_HEAD, _MIN_WHOLE = 400, 1_500


@dataclass(frozen=True)
class Fingerprint:
    """`licence`: the table's id. `sha256` is that of the normalised text, `words` the hashes of its different words."""

    licence: str
    sha256: str
    words: frozenset[int]


@dataclass(frozen=True)
class Detected:
    """`similarity` is 1 for the very text, else the share of words that both have in common; 0 where the title alone
    tells, as this hub has no copy to compare it with."""

    licence: str
    similarity: float


def is_licence_file(path: str) -> bool:
    """Of the top folder, by its name."""
    return bool(_LICENCE_FILE.fullmatch(path))


def is_notice_file(path: str) -> bool:
    return bool(_NOTICE_FILE.fullmatch(path))


def detect(text: str, more: Iterable[Fingerprint] = ()) -> Detected | None:
    """The licence that this text is, or None. `more`: fingerprints that administrators added; they go first."""
    one = fingerprint("", text[:MAX_TEXT])
    known = (*more, *shipped())
    for each in known:
        if each.sha256 == one.sha256:
            return Detected(each.licence, 1.0)
    if titled := _titled(text):
        return titled
    same_version = (each for each in known if _names_version(text, each.licence))
    best = max(same_version, key=lambda each: _similarity(each.words, one.words), default=None)
    if best is None or (found := _similarity(best.words, one.words)) < ENOUGH:
        return None
    return Detected(best.licence, round(found, 4))


def fingerprint(licence: str, text: str) -> Fingerprint:
    words = _WORD.findall(_OWN_LINE.sub("", text).lower())
    digest = hashlib.sha256(" ".join(words).encode()).hexdigest()
    return Fingerprint(licence, digest, frozenset(zlib.crc32(word.encode()) for word in words))


def _names_version(text: str, licence: str) -> bool:
    """Versions of one licence can have nearly the same words: a text of 3.1 says 3.1."""
    found = _VERSION.search(licence)
    if found is None:
        return True
    if found[3]:
        said = rf"{found[3]}[ -]?{found[4]}"
    else:
        said = rf"{found[1]}\.{found[2]}" if found[2] != "0" else rf"{found[1]}(\.0)?"
    return bool(re.search(rf"(?<![\d.]){said}(?!\.?\d)", text, re.I))


def _titled(text: str) -> Detected | None:
    """A whole text that begins with the title of a licence."""
    words = " ".join(_WORD.findall(text[:_MAX_HEAD].lower()))
    found = next((licence for title, licence in _TITLES.items() if title in words), "")
    return Detected(found, 0) if found and len(text) >= _MIN_WHOLE else None


@cache
def shipped() -> tuple[Fingerprint, ...]:
    rows = json.loads(_FILE.read_text(encoding="utf-8"))["texts"]
    return tuple(Fingerprint(row["licence"], row["sha256"], _unpacked(row["words"])) for row in rows)


def packed(words: Iterable[int]) -> str:
    """Hashes of words as text: four bytes each, sorted."""
    return base64.b64encode(b"".join(word.to_bytes(4, "big") for word in sorted(words))).decode()


def _unpacked(text: str) -> frozenset[int]:
    data = base64.b64decode(text)
    return frozenset(int.from_bytes(data[at : at + 4], "big") for at in range(0, len(data), 4))


def _similarity(one: frozenset[int], other: frozenset[int]) -> float:
    """Jaccard: the words in common by all words of both."""
    return len(one & other) / len(one | other) if one and other else 0.0
