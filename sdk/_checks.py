"""What must hold of bytes that come, and what is said when it doesn't."""

import http.client
import time

from sdk._errors import HubUnavailableError, IntegrityError
from sdk._models import FileInfo

TRIES = 5  # Without a byte of progress.
PAUSE = 0.2  # Seconds before the second try, then twice as long each time.


def pause(failures: int) -> None:
    """Wait before the next try, the longer the more there were."""
    time.sleep(min(PAUSE * 2 ** (failures - 1), 5.0))


def check_total(file: FileInfo, response: http.client.HTTPResponse, start: int = 0) -> None:
    """The size that the answer announces must be the one that the tree lists, and a part must begin where asked."""
    total = response.getheader("Content-Length") or ""
    if response.status in (206, 416):
        span, _, total = response.getheader("Content-Range", "").removeprefix("bytes ").rpartition("/")
        if response.status == 206 and span.partition("-")[0] != str(start):
            raise HubUnavailableError(f"{file.path}: asked for bytes from {start} on, the hub sent {span or 'others'}.")
    if response.status == 416 or (total.isdigit() and int(total) != file.size):
        raise wrong(file, got=f"{total or 'no'} bytes", expected=f"{file.size} bytes")


def check_digest(file: FileInfo, got: str) -> None:
    if got != file.digest:
        raise wrong(file, got=got)


def wrong(file: FileInfo, *, got: str, expected: str = "") -> IntegrityError:
    expected = expected or file.digest
    return IntegrityError(
        f"{file.path} is damaged: the hub lists {expected}, what came is {got}. Nothing of it was kept. Tell the hub's"
        " administrator to run `headstart scrub`.",
        file=file.path,
        expected=expected,
        got=got,
    )


def broken(asked: str, error: BaseException) -> HubUnavailableError:
    return HubUnavailableError(
        f"{asked}: the connection broke {TRIES} times without progress ({error or type(error).__name__})."
        " What came is kept: pull again to go on from there."
    )
