"""What a commit can be made of. Order doesn't count: all that is deleted is deleted first."""

from dataclasses import dataclass
from typing import BinaryIO


@dataclass(frozen=True)
class AddInline:
    """Put a regular file there. `data` is its bytes, an open file with them, or the sha256 of bytes that the
    repository's scope holds (see `storage.services.store_bytes`)."""

    path: str
    data: bytes | BinaryIO | str


@dataclass(frozen=True)
class AddLfs:
    """Put a large file there, whose bytes were uploaded before. Without `size` the hub's own knowledge is taken."""

    path: str
    sha256: str
    size: int | None = None


@dataclass(frozen=True)
class CopyFile:
    """Put there what stands at `source` (a file or a folder) in `revision` of the same repository; None: the head."""

    path: str
    source: str
    revision: str | None = None


@dataclass(frozen=True)
class DeleteFile:
    """Delete the file of that path, or the folder when it is one."""

    path: str


@dataclass(frozen=True)
class DeleteFolder:
    """Delete the folder of that path with all that is in it; a slash at the end is fine."""

    path: str


Operation = AddInline | AddLfs | CopyFile | DeleteFile | DeleteFolder
