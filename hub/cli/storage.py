"""`headstart gc`, `scrub`."""

import sys
from typing import TYPE_CHECKING

import click

from hub.cli.base import fail, note, with_hub

if TYPE_CHECKING:
    from hub.storage.services import GarbageReport

_SORTS = {
    "blob": "files",
    "xet_file": "Xet files",
    "xorb": "xorbs",
    "upload": "unfinished uploads",
    "file": "files on disk that nothing knows",
}


@click.command()
@click.option("--dry-run", is_flag=True, help="Only show what would be freed.")
@click.option("--yes", is_flag=True, help="Free it without asking.")
@with_hub
def gc(dry_run: bool, yes: bool) -> None:
    """Free the bytes that no repository needs any more. Shows them first."""
    from hub.storage import services

    found = services.collect_garbage(dry_run=True)
    _show(found)
    if dry_run or not found.items:
        return
    if not yes and not sys.stdin.isatty():
        note("Nothing was freed. To free it: headstart gc --yes")
        return
    if not yes:
        click.confirm("Free it?", abort=True)
    freed = services.collect_garbage(dry_run=False)
    click.echo(f"Freed {len(freed.items)} things, {_size(freed.bytes)}.")


@click.command()
@with_hub
def scrub() -> None:
    """Read everything stored again, and compare it with its hash. Ends with an error when something is damaged."""
    from hub.storage import services

    report = services.scrub()
    click.echo(f"Read {report.checked} things, {_size(report.bytes)}.")
    for finding in report.findings:
        click.echo(f"{finding.condition}: {finding.sort} {finding.name}")
        for sha256 in finding.blobs:
            click.echo(f"  can't be served: sha256 {sha256}")
    for name in report.healed:
        click.echo(f"reads well again: {name}")
    if report.orphans:
        size = _size(sum(size for _, size in report.orphans))
        click.echo(f"{len(report.orphans)} files, {size}, are known to nothing; headstart gc frees them in time.")
    if report.findings:
        note("Push the damaged files again (the hub mends itself from a good copy), or restore them from a backup.")
        fail()


def _show(report: "GarbageReport") -> None:
    if not report.items:
        click.echo("There is nothing to free.")
        return
    for item in report.items:
        click.echo(f"{_size(item.size):>10}  {item.sort:9} {item.name}")
    for sort, words in _SORTS.items():
        if count := report.count(sort):
            click.echo(f"{count} {words}: {_size(report.bytes_of(sort))}")
    click.echo(f"In all {_size(report.bytes)} would be freed.")


def _size(count: float) -> str:
    """Bytes as people read them: 1.5 MiB."""
    for unit in ("B", "KiB", "MiB", "GiB"):
        if count < 1024:
            return f"{count:.0f} {unit}" if unit == "B" else f"{count:.1f} {unit}"
        count /= 1024
    return f"{count:.1f} TiB"
