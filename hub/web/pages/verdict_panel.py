"""What the scanners said of a file in full, for its page."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hub.governance.selectors import quarantine, scans
from hub.web.pages.verdicts import Mark, mark_of, word


@dataclass(frozen=True)
class Scanner:
    name: str
    version: str
    mark: Mark
    reason: str


@dataclass(frozen=True)
class Panel:
    """`coverage` is how much of the file was read, `notes` what it means for whoever wants it."""

    mark: Mark
    coverage: str
    form: str
    rules: str
    at: Any
    scanners: tuple[Scanner, ...]
    notes: tuple[str, ...]


def panel(place: Any, path: str) -> Panel | None:
    """None while there is no verdict."""
    found = scans.file_verdicts(place.viewer, place.revision, [path]).get(path)
    if found is None:
        return None
    scanners = tuple(
        Scanner(one.scanner, one.version, word(one.verdict), _sentence(one.reason)) for one in found.opinions
    )
    return Panel(
        mark=mark_of(found),
        coverage=_coverage(found),
        form=found.form,
        rules=found.rules,
        at=found.at,
        scanners=scanners,
        notes=tuple(_notes(found)),
    )


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}." if text else "Nothing found."


def _coverage(found: Any) -> str:
    if found.read >= found.size:
        return f"All {found.size:,} bytes"
    return f"{found.read:,} of {found.size:,} bytes: what says how the rest is read"


def _notes(found: Any) -> Iterable[str]:
    if found.content in quarantine.quarantined():
        yield "Quarantined: it can't be pulled."
    if found.is_code:
        yield "It is code, or makes a loader run code. A security reviewer looks at it before the revision is approved."
    if found.is_pickle:
        yield "It is a pickle. Safetensors hold the same numbers and can't run anything."
