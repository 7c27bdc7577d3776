"""What a job's process appends to its files, read as it comes. Nothing in them is trusted: the process may be broken,
or run what a model brought along."""

import json
import logging
import os
import re
import stat
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)
_LONGEST_LINE = 2_000
# A line that goes on for longer than this is none of ours.
_MOST_WAITING = 4 << 20
_KINDS = frozenset({"progress", "metric", "log", "device", "message"})
_SECRET = re.compile(r"\b(hs[a-z]?|hf)_[A-Za-z0-9_-]{8,}")


class Tail:
    """New whole lines of a file that grows. No link is followed: the job's process might put one there."""

    def __init__(self, path: Path) -> None:
        self._path, self.at, self._rest = path, 0, b""

    def lines(self, most: int = 1 << 20) -> list[str]:
        data = self._read(most)
        self.at += len(data)
        *whole, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > _MOST_WAITING:
            self._rest = b""
        return [line.decode(errors="replace") for line in whole]

    def _read(self, most: int) -> bytes:
        try:
            number = os.open(self._path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        except OSError:
            return b""
        if not stat.S_ISREG(os.fstat(number).st_mode):
            os.close(number)
            return b""
        with os.fdopen(number, "rb") as file:
            file.seek(self.at)
            return file.read(most)


def event(line: str) -> tuple[str, dict[str, Any], str] | None:
    """(kind, data, at); None for a line that is no event, which a broken process may write."""
    try:
        told = json.loads(line)
        kind, data, at = told["kind"], told["data"], told.get("at", "")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        log.warning("a line of events is none: %.80r", line)
        return None
    is_one = isinstance(kind, str) and kind in _KINDS and isinstance(data, dict) and _is_flat(data)
    return (kind, data, str(at)) if is_one else None


def _is_flat(value: Any, levels: int = 8) -> bool:
    """Whether it nests no deeper than anything that the contract names: what does, nobody can write down again."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels > 0 and all(_is_flat(each, levels - 1) for each in inner)


def shown(lines: list[str]) -> list[str]:
    """As people read them: of a bar that draws itself anew the last state, no secrets, none too long."""
    drawn = (line.rstrip("\r").rpartition("\r")[2].rstrip() for line in lines)
    return [_SECRET.sub(r"\1_…", line[:_LONGEST_LINE]) for line in drawn if line]
