"""Where bytes lie. Nothing above this package may know which backend it is.

Keys are `sha256/ab/cd/<hex>` for content and `xorbs/ab/cd/<hex>` for Xet xorbs. Bytes come in through a staged place,
that nobody reads, and get their key in one step once they are verified. Full disks are `hub.core.errors.OutOfSpace`.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, Self

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

CHUNK = 1 << 20
Bytes = bytes | bytearray | memoryview


@dataclass(frozen=True)
class LocalFile:
    """Send `length` bytes of the file from `start`; the whole content has `size` bytes."""

    path: Path
    start: int
    length: int
    size: int


@dataclass(frozen=True)
class Stream:
    """Send these chunks, `length` bytes in all; the whole content has `size` bytes."""

    chunks: Iterator[bytes]
    length: int
    size: int


@dataclass(frozen=True)
class Redirect:
    """Send the client there; that address honours Range by itself."""

    url: str


Delivery = LocalFile | Stream | Redirect


@dataclass(frozen=True)
class Stored:
    """Something that a backend lists: `name` is the key's last part, `size` what it takes on the disk."""

    key: str
    size: int
    modified_at: dt.datetime

    @property
    def name(self) -> str:
        return self.key.rpartition("/")[2]


class Staged(Protocol):
    """Room for `size` bytes on their way in. Leaving the `with` block drops a nameless one, and closes a named one."""

    name: str
    size: int

    def write_at(self, data: Bytes, offset: int) -> None: ...

    def read(self, start: int = 0, length: int | None = None) -> Iterator[bytes]: ...

    def keep_as(self, name: str) -> None:
        """Make it durable and give it a name by which `claim_staged` finds it, in place of what had that name."""

    def discard(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *error: object) -> None: ...


class Backend(Protocol):
    def stage(self, size: int) -> Staged:
        """A new, nameless place for `size` bytes, all of it allocated, that nobody else can write to."""

    def open_staged(self, name: str, size: int) -> Staged:
        """The place of that name, made when missing, to write parts to beside other writers."""

    def claim_staged(self, name: str, wait: float) -> Staged | None:
        """The place of that name, alone: no writer is left and none can come. None when there is none.

        Waits `wait` seconds for writers to finish, then raises `UploadBusy`.
        """

    def is_staged(self, name: str) -> bool: ...

    def commit(self, staged: Staged, key: str) -> None:
        """Make the staged bytes durable and give them their key in one step. What lay there is replaced."""

    def size(self, key: str) -> int | None:
        """The size of what lies there, None if nothing does."""

    def read(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]:
        """Its bytes in chunks of at most 1 MiB. Raises FileNotFoundError at once; `BytesDamaged` when it is short."""

    def deliver(self, key: str, start: int, length: int, size: int) -> Delivery:
        """How to send this range of a content of that size. Raises `BytesDamaged` if it is not there in full."""

    def delete(self, key: str) -> None:
        """Nothing lies there afterwards."""

    def list(self, prefix: str) -> Iterator[Stored]:
        """All below a folder, such as `sha256`, `xorbs/ab` or `incoming`."""

    def lock(self, key: str) -> AbstractContextManager[None]:
        """Held while a key's bytes and its row change together. Take it before a write transaction, never inside."""

    def free_space(self) -> int:
        """How many bytes can still be stored."""


def get_backend() -> Backend:
    """The backend that the settings name."""
    if settings.STORAGE_BACKEND != "local":
        raise ImproperlyConfigured(f"HEADSTART_STORAGE={settings.STORAGE_BACKEND!r} is no backend; use 'local'.")
    from hub.storage.backends.local import LocalBackend

    return LocalBackend(settings.STORAGE_DIR)


def blob_key(sha256: str) -> str:
    return f"sha256/{sha256[:2]}/{sha256[2:4]}/{sha256}"


def xorb_key(xorb_hash: str) -> str:
    return f"xorbs/{xorb_hash[:2]}/{xorb_hash[2:4]}/{xorb_hash}"
