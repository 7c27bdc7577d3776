"""How a job says how it goes: lines of events.jsonl, which the supervisor reads and numbers."""

import json
import math
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from workers.lib import clock

# Seconds.
TOGETHER = 0.25


def note(step: int, values: Mapping[str, float]) -> None:
    """A line of the job's log: what an evaluation found."""
    told = ", ".join(f"{name} {value:.4g}" for name, value in values.items())
    sys.stdout.write(f"step {step}: {told}\n")
    sys.stdout.flush()


class Journal:
    """A `session.Reporter` that appends to a file. What can't be written is counted, never raised: a full disk must
    not end a job by its diary.

    Where steps take milliseconds, metrics wait for each other: those of a quarter of a second are one write. A message
    or progress brings along all that waits.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)
        self._waiting = list[tuple[datetime, str, dict[str, Any]]]()
        self._written_at = 0.0
        self.lost = 0

    def progress(self, step: int, total: int, **more: float) -> None:
        self._tell("progress", step=step, total=total, **more)
        self._flush()

    def metric(self, name: str, value: float, step: int, split: str = "") -> None:
        """A value that isn't finite has no place in JSON: it is said in words."""
        if math.isfinite(value):
            self._tell("metric", name=name, step=step, value=float(value), split=split)
            if clock.monotonic() - self._written_at > TOGETHER:
                self._flush()
        else:
            self.say(f"{split} {name} at step {step} is {value}".strip(), "warning")

    def say(self, text: str, level: str = "info") -> None:
        self._tell("message", level=level, text=text)
        self._flush()

    def close(self) -> None:
        self._flush()
        self._file.close()

    def _tell(self, kind: str, **data: Any) -> None:
        self._waiting.append((clock.now(), kind, data))

    def _flush(self) -> None:
        if not self._waiting:
            return
        told, self._waiting, self._written_at = self._waiting, [], clock.monotonic()
        lines = (json.dumps({"at": clock.stamp(at), "kind": kind, "data": data}) + "\n" for at, kind, data in told)
        try:
            self._file.write("".join(lines).encode())
        except OSError as error:
            self.lost += len(told)
            if self.lost == len(told):
                sys.stderr.write(f"Events can't be written: {error}\n")
