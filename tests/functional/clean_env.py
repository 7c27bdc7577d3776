"""A fresh environment with this program and what it declares that it needs, as `pip install ".[extra]"` makes one.

The packages are those that are installed beside the tests, by reference: nothing is downloaded. What isn't declared
isn't there, and what is there has the pinned version.
"""

import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

SITE = f"lib/python{sys.version_info.major}.{sys.version_info.minor}/site-packages"


def make(place: Path, source: Path, extra: str) -> None:
    """`source` is built to a wheel, as a build in a container does it, and installed into `place`."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", place], check=True)
    pip = [sys.executable, "-m", "pip", "--python", place / "bin/python"]
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*build, "-w", place / "wheels", source], check=True, cwd=place)
    [wheel] = (place / "wheels").iterdir()
    subprocess.run([*pip, "install", "-q", "--no-deps", "--no-index", "--no-compile", wheel], check=True)
    own = Distribution.at(next((place / SITE).glob("headstart-*.dist-info")))
    lines = (source / "constraints.txt").read_text().splitlines()
    pins = {canonicalize_name(name): pin for name, found, pin in (line.partition("==") for line in lines) if found}
    for found in needed(own, extra):
        version = found.version.partition("+")[0]
        assert pins[canonicalize_name(found.name)] == version, f"{found.name} {version} is not the pinned version"
        refer(found, place / SITE)
    subprocess.run([*pip, "check"], check=True)


def needed(own: Distribution, extra: str) -> Iterator[Distribution]:
    """What this program needs with an extra, and what that needs, each once."""
    known: set[tuple[str, str]] = set()
    waiting = [(own, extra), (own, "")]
    while waiting:
        owner, of = waiting.pop()
        for requirement in map(Requirement, owner.requires or []):
            if requirement.marker is not None and not requirement.marker.evaluate({"extra": of}):
                continue
            found = distribution(requirement.name)
            assert requirement.specifier.contains(found.version, prereleases=True), f"{owner.name} needs {requirement}"
            for each in {"", *requirement.extras}:
                if (key := (canonicalize_name(found.name), each)) not in known:
                    known.add(key)
                    waiting.append((found, each))
                    yield from [found] if not each else []


def refer(found: Distribution, site: Path) -> None:
    """Its folders and files, where it lies; a folder that several packages share is taken file by file."""
    for file in found.files or []:
        if ".." in file.parts or file.is_absolute() or file.parts[0] == "__pycache__":
            continue
        at = site / file
        if not at.exists():
            at.parent.mkdir(parents=True, exist_ok=True)
            at.symlink_to(Path(str(file.locate())).resolve())
