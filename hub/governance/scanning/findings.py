"""What was found in one file, while it is read."""

from dataclasses import dataclass, field
from typing import Any

from hub.governance.scanning.limits import MAX_REASONS

CLEAN, SUSPICIOUS, UNSUPPORTED, ERROR, MALICIOUS = "clean", "suspicious", "unsupported", "error", "malicious"
# From best to worst.
ORDER = (CLEAN, SUSPICIOUS, UNSUPPORTED, ERROR, MALICIOUS)


class NotUnderstood(Exception):
    """Reading can't go on: the file says something that its format, or a limit, doesn't allow."""

    def __init__(self, reason: str, verdict: str = UNSUPPORTED) -> None:
        super().__init__(reason)
        self.reason, self.verdict = reason, verdict


@dataclass
class Findings:
    """The worst of it, and why. `form` is the format by content; code is what a program might run."""

    form: str = ""
    verdict: str = CLEAN
    reasons: list[str] = field(default_factory=list)
    is_pickle: bool = False
    is_code: bool = False
    members: int = 0

    def add(self, verdict: str, reason: str) -> None:
        """The reasons of the worst verdict come first; there are only so many."""
        if ORDER.index(verdict) > ORDER.index(self.verdict):
            self.verdict = verdict
            self.reasons.insert(0, reason)
        elif reason not in self.reasons:
            self.reasons.append(reason)
        del self.reasons[MAX_REASONS:]

    def take(self, inner: "Findings", name: str) -> None:
        """What was found in a part of that name counts for the whole."""
        self.is_pickle |= inner.is_pickle
        self.is_code |= inner.is_code
        for reason in inner.reasons:
            self.add(inner.verdict, f"{name}: {reason}")

    def told(self) -> dict[str, Any]:
        return {
            "verdict": self.verdict,
            "reasons": self.reasons,
            "format": self.form,
            "is_pickle": self.is_pickle,
            "is_code": self.is_code,
            "members": self.members,
        }


def worst(verdicts: Any) -> str:
    """The worst of some verdicts; clean of none."""
    return max(verdicts, key=ORDER.index, default=CLEAN)
