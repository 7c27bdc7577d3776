"""Bring the libraries that browsers load, by name, version and digest: `python -m hub.web.vendor`.

What it writes is kept in the repository, so that a hub serves it without asking anybody. A line that points to a source
map is left out: the map is not served, and the hashed names of static files would miss it.
"""

import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "static" / "web" / "vendor"
_SOURCE_MAP = re.compile(rb"^//# sourceMappingURL=.*$\n?", re.MULTILINE)


@dataclass(frozen=True)
class Library:
    """`file` is the path inside the npm package, `sha256` that of the file as it is written here."""

    name: str
    package: str
    version: str
    file: str
    sha256: str
    licence: str
    licence_file: str = "LICENSE"

    @property
    def target(self) -> Path:
        return FOLDER / f"{self.name}{Path(self.file).suffix}"

    @property
    def licence_target(self) -> Path:
        return FOLDER / f"{self.name}.LICENCE.txt"


LIBRARIES = (
    Library(
        name="htmx",
        package="htmx.org",
        version="4.0.1",
        file="dist/htmx.min.js",
        sha256="a0abb04f2f45a1f89d1d4844023245537e5e6014c87b144553e0607b4cc32130",
        licence="0BSD",
    ),
    # Bars over names, legends and tooltips are its own: uPlot, a third of its size, is made for lines over numbers and
    # leaves these to its users. Loaded only where a chart stands.
    Library(
        name="chart",
        package="chart.js",
        version="4.6.1",
        file="dist/chart.umd.min.js",
        sha256="c17f2ce49fb9c71ef7fb39c03f868804ac5ab34730149976eebe6b7f807bef0c",
        licence="MIT",
        licence_file="LICENSE.md",
    ),
    Library(
        name="dagre",
        package="@dagrejs/dagre",
        version="3.1.3",
        file="dist/dagre.esm.js",
        sha256="cf85ac740ad206f01209bf030b903df8bebac87b965042de02b54d7e6a1e4055",
        licence="MIT",
    ),
    # The browser's own sha256 takes a file whole and is absent on plain http; this one takes it in pieces.
    Library(
        name="hash-wasm",
        package="hash-wasm",
        version="4.13.0",
        file="dist/sha256.umd.min.js",
        sha256="0ab0ba5a8242ca02d4403e08a60b9308cb7322a175c3a5c3071c595fad1e65de",
        licence="MIT",
    ),
)


def served(data: bytes) -> bytes:
    """The file of a package as this site serves it."""
    return _SOURCE_MAP.sub(b"", data)


def bring(library: Library, folder: Path) -> None:
    """Pack `library` into `folder` (npm checks it against the registry's digest), check it against ours, write it.

    Raises `ValueError` when the file is not the one on record.
    """
    command = ["npm", "pack", "--silent", f"{library.package}@{library.version}"]
    packed = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.split()[-1]
    with tarfile.open(folder / packed) as archive:
        data, licence = (_member(archive, path) for path in (library.file, library.licence_file))
    data = served(data)
    if (found := hashlib.sha256(data).hexdigest()) != library.sha256:
        raise ValueError(
            f"{library.package}@{library.version}: {library.file} has sha256 {found}, not the one on record."
        )
    FOLDER.mkdir(exist_ok=True)
    library.target.write_bytes(data)
    library.licence_target.write_bytes(licence)


def _member(archive: tarfile.TarFile, path: str) -> bytes:
    found = archive.extractfile(f"package/{path}")
    if found is None:
        raise ValueError(f"The package has no file {path}.")
    return found.read()


def main() -> None:
    for library in LIBRARIES:
        with tempfile.TemporaryDirectory() as folder:
            bring(library, Path(folder))
        sys.stdout.write(
            f"{library.name} {library.version} ({library.licence}): {library.target.stat().st_size} bytes\n"
        )


if __name__ == "__main__":
    main()
