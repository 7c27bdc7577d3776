"""Checkpoint folders as tar files: the same folder gives the same bytes."""

import hashlib
import os
import stat
import tarfile
from pathlib import Path

_CHUNK = 1 << 20


class NotPlain(Exception):
    """There is something other than files and folders: a link, a pipe, a device."""


def plain_files(folder: Path) -> list[Path]:
    """All files below, sorted. Raises NotPlain for anything that could lead out of the folder: what a job's process
    left is read by others who may see more than it could."""
    found = []
    for place, folders, files in os.walk(folder, followlinks=False):
        for name in (*folders, *files):
            path = Path(place, name)
            mode = path.lstat().st_mode
            if stat.S_ISREG(mode):
                found.append(path)
            elif not stat.S_ISDIR(mode):
                raise NotPlain(f"{path.relative_to(folder)} is neither a file nor a folder")
    return sorted(found)


def pack(folder: Path, to: Path) -> tuple[str, int]:
    """Write the tar file; its sha256 and size. Raises NotPlain, or FileNotFoundError where the folder goes away."""
    with tarfile.open(to, "w", format=tarfile.PAX_FORMAT) as tar:
        for path in plain_files(folder):
            # A link that took the file's place meanwhile is not followed.
            with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
                info = _anonymous(tar.gettarinfo(arcname=path.relative_to(folder).as_posix(), fileobj=file))
                tar.addfile(info, file)
    return sha256_of(to), to.stat().st_size


def unpack(archive: Path, to: Path) -> Path:
    """Unpack beside `to`, then rename, so that `to` is whole or not there. Raises NotPlain for what `pack` doesn't
    make: another worker wrote it, and it may be anything."""
    part = to.with_name(f".{to.name}.part")
    part.mkdir(parents=True)
    try:
        # "r:": never compressed, so that what is unpacked is no larger than what came.
        with tarfile.open(archive, "r:") as tar:
            for member in tar:
                if not member.isreg() or member.issparse():
                    raise NotPlain(f"{member.name!r} is no plain file")
                tar.extract(member, part, filter="data")
    except tarfile.TarError as error:
        raise NotPlain(f"it can't be unpacked: {error}") from error
    part.rename(to)
    return to


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _anonymous(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.mtime, info.mode = 0, 0o644
    return info
