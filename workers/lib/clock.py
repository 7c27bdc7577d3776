"""Time: what is told to others in UTC, what is measured here by a clock that never jumps."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)


def stamp(at: datetime | None = None) -> str:
    """That time, or now, as ISO 8601 in UTC with milliseconds."""
    return (at or now()).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def monotonic() -> float:
    """Seconds that only count up: for leases and limits, which a clock set back or forth must not touch."""
    return time.monotonic()
