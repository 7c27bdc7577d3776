"""Fetch one file: verified, resumed where it was broken off, and there whole or not at all."""

import errno
import http.client
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from sdk import _hashes
from sdk._checks import TRIES, broken, check_digest, check_total, pause, wrong
from sdk._errors import HubUnavailableError, IntegrityError, OutOfSpaceError
from sdk._http import Session
from sdk._models import FileInfo
from sdk._ranges import LargeFile, NewSession, OnBytes, note_of

SMALL = 4 * 1024 * 1024  # Fetched into memory, without threads.


def fetch(
    file: FileInfo, url: str, target: Path, *, sessions: NewSession, asked: str, verify: bool, on_bytes: OnBytes
) -> None:
    """Bring the file to `target`, in one rename and only when its size and (with `verify`) its digest are right.

    What was received when it fails is kept in `target.incomplete` for the next call, and a resumed file is always
    verified. Raises IntegrityError (nothing is kept then), HubUnavailableError, OutOfSpaceError, NotFoundError, …
    """
    partial = target.with_name(f"{target.name}.incomplete")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with sessions() as session:
            if file.size <= SMALL and not partial.exists():
                _fetch_small(file, url, partial, session=session, asked=asked, verify=verify, on_bytes=on_bytes)
            else:
                LargeFile(file, url, partial, sessions=sessions, asked=asked, on_bytes=on_bytes).run(
                    session, verify=verify
                )
    except IntegrityError:
        _forget(partial)
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise OutOfSpaceError(f"{asked}: no space left at {target.parent}. Free some, then pull again.") from error
        raise
    partial.replace(target)
    note_of(partial).unlink(missing_ok=True)


def _fetch_small(
    file: FileInfo, url: str, partial: Path, *, session: Session, asked: str, verify: bool, on_bytes: OnBytes
) -> None:
    buffer = bytearray(file.size)
    view = memoryview(buffer)
    for attempt in _attempts(asked):
        with attempt, session.get(url, asked=asked) as response:
            check_total(file, response)
            received = _read_into(response, view)
            if received == file.size and not response.isclosed() and response.read(1):
                raise wrong(file, got=f"more than {file.size} bytes")
            if received < file.size:
                raise http.client.IncompleteRead(b"", file.size - received)
            break
    if verify:
        hasher = _hashes.sha256_hasher() if file.sha256 else _hashes.git_hasher(file.size)
        hasher.update(view)
        check_digest(file, hasher.hexdigest())
    partial.write_bytes(view)
    on_bytes(file.size)


@contextmanager
def _attempt(errors: list[BaseException]) -> Iterator[None]:
    try:
        yield
    except (HubUnavailableError, http.client.HTTPException, OSError) as error:
        errors.append(error)


def _attempts(asked: str) -> Iterator[AbstractContextManager[None]]:
    """Contexts to try in, one after the other; after the last failure its error is raised."""
    errors: list[BaseException] = []
    while len(errors) < TRIES:
        if errors:
            pause(len(errors))
        yield _attempt(errors)
    raise broken(asked, errors[-1]) from errors[-1]


def _read_into(response: http.client.HTTPResponse, view: memoryview) -> int:
    received = 0
    while received < len(view) and (count := response.readinto(view[received:])):
        received += count
    return received


def _forget(partial: Path) -> None:
    partial.unlink(missing_ok=True)
    note_of(partial).unlink(missing_ok=True)
