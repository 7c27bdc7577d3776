"""Where the index lies: a folder for each edition, and a pointer to the one that is served."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from hub.catalog.search.schema import version
from hub.core.ids import new_object_id

_META = "meta.json"


def root() -> Path:
    """The folder of this release's indexes. Another release's can't be read, and lie beside it."""
    return Path(settings.INDEX_DIR) / version()


def current() -> Path | None:
    """The edition that is served, or None before the first is built."""
    try:
        folder = root() / (root() / "current").read_text()
    except FileNotFoundError:
        return None
    return folder if (folder / _META).exists() else None


def stamp() -> tuple[int, ...]:
    """Changes whenever there is something new to read: another edition, or a commit to this one."""
    try:
        pointer = (root() / "current").stat()
        meta = (root() / (root() / "current").read_text() / _META).stat()
    except FileNotFoundError:
        return ()
    return (pointer.st_ino, pointer.st_mtime_ns, meta.st_ino, meta.st_mtime_ns)


def new_edition() -> Path:
    folder = root() / new_object_id()
    folder.mkdir(parents=True)
    return folder


def serve(folder: Path) -> None:
    """From now on this edition is read; what is open of another one stays readable until it is let go."""
    part = root() / f"current.{os.getpid()}"
    part.write_text(folder.name)
    part.replace(root() / "current")
    (root() / "asked").unlink(missing_ok=True)


def ask_for_build() -> None:
    """The holder of the lock sees it."""
    (root() / "asked").touch()


def is_build_asked() -> bool:
    return (root() / "asked").exists()


def sweep() -> None:
    """Remove all editions but the one that is served, those of other releases too. For the holder of the lock."""
    served = current()
    for found in [*root().iterdir(), *Path(settings.INDEX_DIR).iterdir()]:
        if found.is_dir() and found not in {served, root()}:
            shutil.rmtree(found, ignore_errors=True)


@contextmanager
def writing(*, wait: bool) -> Iterator[bool]:
    """Be this host's one writer of the index; False when somebody else is, and we were not to wait."""
    root().mkdir(parents=True, exist_ok=True)
    with (Path(settings.INDEX_DIR) / "lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        yield True
