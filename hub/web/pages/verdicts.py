"""What the scanners said of a file, in a word beside it and in full on its page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hub.governance.selectors import scans

_TONES = {"clean": "ok", "suspicious": "warn", "unsupported": "warn", "error": "warn", "malicious": "bad"}
_SCANNING = "Scanning"


@dataclass(frozen=True)
class Mark:
    """A word and its tone; `title` says why. `is_code`: it is code, or makes a loader run code."""

    label: str
    tone: str = ""
    title: str = ""
    is_code: bool = False


def is_scanning(place: Any) -> bool:
    states = scans.scan_states(place.viewer, place.revision, [place.revision.commit])
    return states.get(place.revision.commit, ("", ""))[0] == scans.SCANNING


def marks(place: Any, paths: Iterable[str], *, scanning: bool) -> Mapping[str, Mark]:
    """One for each path; one query."""
    wanted = list(paths)
    found = scans.file_verdicts(place.viewer, place.revision, wanted)
    return {path: mark_of(found[path]) if path in found else unknown(scanning=scanning) for path in wanted}


def unknown(*, scanning: bool) -> Mark:
    return Mark(_SCANNING, "", "Its scan is on the way") if scanning else Mark("Not scanned")


def of_commits(place: Any, commits: Iterable[str]) -> dict[str, Mark]:
    """What the list of versions says beside a commit: that it is being scanned, or that its scan found something."""
    states = scans.scan_states(place.viewer, place.revision, commits)
    told = {commit: _of_commit(*state) for commit, state in states.items()}
    return {commit: mark for commit, mark in told.items() if mark}


def word(verdict: str) -> Mark:
    return Mark(scans.label_of(verdict), _TONES[verdict])


def mark_of(found: Any) -> Mark:
    return Mark(found.label, _TONES[found.verdict], found.reason, found.is_code)


def _of_commit(state: str, worst: str) -> Mark | None:
    if state == scans.SCANNING:
        return Mark(_SCANNING, "", "Its files are being read")
    return word(worst) if worst and worst != "clean" else None
