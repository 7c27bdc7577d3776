"""How a job says how it goes: lines of events.jsonl, which the supervisor reads and numbers."""

import json
import math
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from workers.lib import clock


def note(step: int, values: Mapping[str, float]) -> None:
    """A line of the job's log: what an evaluation found."""
    told = ", ".join(f"{name} {value:.4g}" for name, value in values.items())
    sys.stdout.write(f"step {step}: {told}\n")
    sys.stdout.flush()


class Journal:
    """A `session.Reporter` that appends to a file. What can't be written is counted, never raised: a full disk must
    not end a job by its diary."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8", buffering=1)
        self.lost = 0

    def progress(self, step: int, total: int, **more: float) -> None:
        self._write("progress", step=step, total=total, **more)

    def metric(self, name: str, value: float, step: int, split: str = "") -> None:
        """A value that isn't finite has no place in JSON: it is said in words."""
        if math.isfinite(value):
            self._write("metric", name=name, step=step, value=float(value), split=split)
        else:
            self.say(f"{split} {name} at step {step} is {value}".strip(), "warning")

    def say(self, text: str, level: str = "info") -> None:
        self._write("message", level=level, text=text)

    def close(self) -> None:
        self._file.close()

    def _write(self, kind: str, **data: Any) -> None:
        try:
            self._file.write(json.dumps({"at": clock.stamp(), "kind": kind, "data": data}) + "\n")
        except OSError as error:
            self.lost += 1
            if self.lost == 1:
                sys.stderr.write(f"Events can't be written: {error}\n")
