"""The words of cards: licences and their classes, tasks and their modalities, languages, with names for people."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf.locale import LANG_INFO

_DATA = Path(__file__).parent / "data"
# From the freest to the one that nobody knows.
LICENCE_CLASSES = ("permissive", "copyleft", "non-commercial", "restricted", "unknown")
MODALITIES = ("text", "image", "audio", "video", "multimodal", "tabular", "3d", "other")


@dataclass(frozen=True)
class Term:
    """`group` is the class of a licence, the modality of a task, empty for a language."""

    id: str
    name: str
    group: str = ""


@cache
def licences() -> dict[str, Term]:
    return _read("licences.csv")


@cache
def tasks() -> dict[str, Term]:
    return _read("tasks.csv")


@cache
def languages() -> dict[str, Term]:
    """By ISO 639 code, in English."""
    named = {code: info["name"] for code, info in LANG_INFO.items() if "name" in info and len(code) <= 3}
    return {code: Term(code, name) for code, name in sorted(named.items(), key=lambda item: item[1])}


def licence_class(licence: str) -> str:
    """One of `LICENCE_CLASSES`; a licence that this hub doesn't know, or none, is `unknown`."""
    found = licences().get(licence.lower())
    return found.group if found else "unknown"


def modality_of(task: str) -> str:
    """One of `MODALITIES`, or nothing for no task and for one that this hub doesn't know."""
    found = tasks().get(task)
    return found.group if found else ""


def _read(name: str) -> dict[str, Term]:
    with (_DATA / name).open(newline="", encoding="utf-8") as file:
        return {row[0]: Term(*row) for row in list(csv.reader(file))[1:]}
