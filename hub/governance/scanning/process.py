"""Scan files in a process of its own, which has no more of this machine than it needs to read them.

It is given bytes when it asks for them, and answers with verdicts. Whatever becomes of it, each file gets an answer.
"""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hub.governance.scanning.findings import ERROR
from hub.governance.scanning.limits import MAX_PIECE
from hub.governance.scanning.rules import DATE

_ROOT = Path(__file__).resolve().parents[3]
_PROGRAM = "import sys; sys.path.insert(0, sys.argv.pop(1)); from hub.governance.scanning.child import main; main()"
_FAILED = (1 << 64) - 1
_MAX_LINE = 1 << 20
# More files that end the process than any honest revision has: the others wait for the next try.
MOST_ENDED = 8


@dataclass(frozen=True)
class Limits:
    """`seconds` for one file by the clock; `cpu_seconds` for the whole process; `memory` in bytes of address space."""

    seconds: float = 120
    cpu_seconds: int = 900
    memory: int = 1_536 << 20


@dataclass(frozen=True)
class File:
    """What to scan: `read(start, length)` gives its bytes."""

    path: str
    size: int
    read: Callable[[int, int], bytes]


class _Ended(Exception):
    """The process is gone, or was ended; the message says why."""


def scan_files(files: Iterable[File], limits: Limits | None = None) -> Iterator[dict[str, Any]]:
    """A report for each file, in their order. One that ends its process is an error, and the next gets a new one."""
    child: _Child | None = None
    limits, ended = limits or Limits(), 0
    try:
        for file in files:
            if ended >= MOST_ENDED:
                yield failed(file.size, f"{ended} files of this revision ended the scanner, so this one waits")
                continue
            child = child or _Child(limits)
            try:
                yield child.scan(file)
            except _Ended as error:
                child.end()
                child, ended = None, ended + 1
                yield failed(file.size, str(error))
    finally:
        if child:
            child.end()


def failed(size: int, reason: str) -> dict[str, Any]:
    opinion = {"scanner": "headstart", "version": DATE, "verdict": ERROR, "reason": reason}
    coverage = {"read": 0, "of": size, "format": "", "is_pickle": False, "is_code": False, "members": 0}
    return {"verdict": ERROR, "opinions": [opinion], "coverage": coverage}


class _Child:
    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        arguments = [str(_ROOT), str(limits.memory), str(limits.cpu_seconds)]
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-W", "ignore", "-c", _PROGRAM, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LC_ALL": "C.UTF-8"},
            cwd="/",
            start_new_session=True,
            bufsize=0,
        )
        self._left = b""
        # A process that doesn't read must not hold us up.
        os.set_blocking(self._process.stdin.fileno(), False)  # type: ignore[union-attr]

    def scan(self, file: File) -> dict[str, Any]:
        deadline = time.monotonic() + self._limits.seconds
        self._send(json.dumps({"path": file.path[-1_000:], "size": file.size}).encode() + b"\n", deadline)
        while True:
            message = self._message(deadline)
            if "report" in message:
                return _checked(message["report"])
            self._answer(file, message, deadline)

    def end(self) -> None:
        """The process, and whatever it may have started, is gone afterwards."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                with suppress(OSError):
                    pipe.close()
        self._process.wait()

    def _answer(self, file: File, message: dict[str, Any], deadline: float) -> None:
        start, length = message["read"]
        if type(start) is not int or type(length) is not int or not 0 <= start <= file.size or length > MAX_PIECE:
            raise _Ended("the scanner asked for bytes that there are not")
        try:
            data = file.read(start, max(0, length))
        except Exception:  # noqa: BLE001 - whatever storage raises, the file is not clean, and others are scanned.
            self._send(_FAILED.to_bytes(8, "little"), deadline)
            return
        self._send(len(data).to_bytes(8, "little") + data, deadline)

    def _message(self, deadline: float) -> dict[str, Any]:
        while b"\n" not in self._left:
            self._wait(deadline, self._process.stdout, for_writing=False)
            data = os.read(self._process.stdout.fileno(), 1 << 16)  # type: ignore[union-attr]
            if not data or len(self._left) > _MAX_LINE:
                raise _Ended("the scanner ended on this file, at a limit of memory or time")
            self._left += data
        line, _, self._left = self._left.partition(b"\n")
        try:
            message = json.loads(line)
        except ValueError as error:
            raise _Ended("the scanner gave no answer") from error
        if not isinstance(message, dict) or not message.keys() & {"read", "report"}:
            raise _Ended("the scanner gave no answer")
        return message

    def _send(self, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        while view:
            self._wait(deadline, self._process.stdin, for_writing=True)
            try:
                view = view[os.write(self._process.stdin.fileno(), view[:65_536]) :]  # type: ignore[union-attr]
            except BlockingIOError:
                continue
            except BrokenPipeError as error:
                raise _Ended("the scanner ended on this file, at a limit of memory or time") from error

    def _wait(self, deadline: float, pipe: Any, *, for_writing: bool) -> None:
        left = deadline - time.monotonic()
        lists: tuple[list[Any], list[Any], list[Any]] = ([], [pipe], []) if for_writing else ([pipe], [], [])
        if left <= 0 or not any(select.select(*lists, left)):
            raise _Ended(f"the scan took more than {self._limits.seconds:g} seconds")


def _checked(report: Any) -> dict[str, Any]:
    """What the process says is what it may say: it read what an enemy wrote."""
    if not isinstance(report, dict) or set(report) != {"verdict", "opinions", "coverage"}:
        raise _Ended("the scanner gave no answer")
    return report
