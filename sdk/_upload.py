"""Send large files: in parts, several at once, straight from the file by the kernel, and only what the hub hasn't got.

The calls are git-lfs's, as huggingface_hub makes them too; the hub adds to its answer which parts it `received`, so a
push that was broken off goes on where it was. Why not Xet or huggingface_hub's uploader: docs/adr/0011-sdk-upload.md.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sdk._checks import TRIES, pause
from sdk._errors import HubUnavailableError, NotFoundError, from_status
from sdk._http import FilePart, Sessions

AT_ONCE = 4
OBJECTS_A_CALL = 200
# Beside the time to send: the hub reads a file of many parts once more before it says yes.
VERIFIED_A_SECOND = 50_000_000
OnBytes = Callable[[int], None]


@dataclass(frozen=True)
class Large:
    """A file to send, or content in memory, by the digest that the hub will check."""

    content: Path | bytes
    sha256: str
    size: int


@dataclass(frozen=True)
class _Part:
    url: str
    start: int
    length: int

    def of(self, content: Path | bytes) -> FilePart | bytes:
        if isinstance(content, bytes):
            return content[self.start : self.start + self.length]
        return FilePart(content, self.start, self.length)


@dataclass
class _Sending:
    """One file on its way: the parts that are missing, and where to say that all were sent."""

    file: Large
    parts: list[_Part]
    complete_at: str | None
    lock: threading.Lock = field(default_factory=threading.Lock)
    left: int = 0

    def is_last(self) -> bool:
        with self.lock:
            self.left -= 1
            return not self.left


def upload(files: Sequence[Large], batch_url: str, *, sessions: Sessions, asked: str, on_bytes: OnBytes) -> None:
    """Bring all of them to the hub, verified by it. What arrived when this fails is there for the next call.

    Raises OutOfSpaceError, AuthError, InvalidInputError (a file changed meanwhile), HubUnavailableError, …
    """
    for start in range(0, len(files), OBJECTS_A_CALL):
        some = files[start : start + OBJECTS_A_CALL]
        progress, failures, total = _Progress(on_bytes), 0, sum(file.size for file in some)
        while True:
            sendings = _ask(some, batch_url, sessions=sessions, asked=asked)
            if progress.reach(total - sum(part.length for one in sendings for part in one.parts)):
                failures = 0
            try:
                _send_all(sendings, sessions=sessions, asked=asked, progress=progress)
                break
            except (HubUnavailableError, NotFoundError):
                failures += 1
                if failures >= TRIES:
                    raise
                pause(failures)


class _Progress:
    """Tells how much is there; what is sent a second time is told once."""

    def __init__(self, on_bytes: OnBytes) -> None:
        self._on_bytes = on_bytes
        self._lock = threading.RLock()
        self._at = self._told = 0

    def reach(self, at: int) -> bool:
        """Whether that is further than ever before."""
        with self._lock:
            self._at, grown = at, at - self._told
            if grown > 0:
                self._told = at
                self._on_bytes(grown)
            return grown > 0

    def add(self, count: int) -> None:
        with self._lock:
            self.reach(self._at + count)


def _ask(files: Sequence[Large], url: str, *, sessions: Sessions, asked: str) -> list[_Sending]:
    """What is still to be sent, and where; nothing for files that the hub has."""
    by_sha256 = {file.sha256: file for file in files}
    objects = [{"oid": file.sha256, "size": file.size} for file in by_sha256.values()]
    with sessions() as session:
        body = {"operation": "upload", "transfers": ["multipart"], "hash_algo": "sha256", "objects": objects}
        told: Any = session.post_json(url, body, asked=asked)
    sendings = []
    for item in told["objects"]:
        if error := item.get("error"):
            raise from_status(error["code"], "", error["message"], asked=asked, hub=sessions.hub)
        if action := item.get("actions", {}).get("upload"):
            sendings.append(_sending(by_sha256[item["oid"]], action))
    return sendings


def _sending(file: Large, action: Mapping[str, Any]) -> _Sending:
    header = action.get("header", {})
    if "chunk_size" not in header:
        return _Sending(file, [_Part(action["href"], 0, file.size)], None, left=1)
    size, received = int(header["chunk_size"]), set(header.get("received", "").split(","))
    numbers = [number for number in header if number.isdigit() and number not in received]
    parts = []
    for number in sorted(numbers, key=int):
        start = (int(number) - 1) * size
        parts.append(_Part(header[number], start, min(size, file.size - start)))
    return _Sending(file, parts, action["href"], left=len(parts))


def _send_all(sendings: Sequence[_Sending], *, sessions: Sessions, asked: str, progress: _Progress) -> None:
    stop = threading.Event()

    def send(sending: _Sending, number: int) -> None:
        if stop.is_set():
            return
        with sessions() as session:
            if number < len(sending.parts):
                part = sending.parts[number]
                session.put(part.url, part.of(sending.file.content), asked=asked)
                progress.add(part.length)
            if sending.complete_at and (not sending.parts or sending.is_last()):
                patience = 60 + sending.file.size / VERIFIED_A_SECOND
                session.post_json(sending.complete_at, {"oid": sending.file.sha256}, asked=asked, timeout=patience)

    jobs = [(one, number) for one in sendings for number in range(max(1, len(one.parts)))]
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="headstart-push") as pool:
        futures = [pool.submit(send, *job) for job in jobs]
        try:
            wait(futures, return_when=FIRST_EXCEPTION)
        finally:
            stop.set()
        for future in futures:
            future.result()
