"""`headstart scan`: read files as the hub would, without one."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hub.cli.base import fail

if TYPE_CHECKING:
    from hub.governance.scanning.process import File


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
def scan(paths: tuple[Path, ...]) -> None:
    """Say of each file whether it is clean, and why not. Ends with an error unless all of them are.

    Folders are read with all below them. Nothing is run, and nothing leaves this machine.
    """
    from hub.governance.scanning.process import scan_files

    found = sorted({file for path in paths for file in _below(path)})
    all_clean = True
    for path, report in zip(found, scan_files(_opened(path) for path in found), strict=True):
        verdict = report["verdict"]
        all_clean = all_clean and verdict == "clean"
        reasons = [f"{one['scanner']}: {one['reason']}" for one in report["opinions"] if one["reason"]]
        click.echo(f"{verdict:<11} {path}" + "".join(f"\n            {reason}" for reason in reasons))
    if not all_clean:
        fail()


def _below(path: Path) -> Iterator[Path]:
    """Files only: a link is not followed out of the folder."""
    if not path.is_dir():
        yield path
        return
    for folder, _, names in os.walk(path):
        yield from (Path(folder, name) for name in names if not Path(folder, name).is_symlink())


def _opened(path: Path) -> "File":
    from hub.governance.scanning.process import File

    def read(start: int, length: int) -> bytes:
        with path.open("rb") as file:
            file.seek(start)
            return file.read(length)

    return File(str(path), path.stat().st_size, read)
