"""`headstart gc`, `scrub`, `reindex`."""

import sys

import click

from hub.cli.base import fail, note, with_hub


@click.command()
@click.option("--dry-run", is_flag=True, help="Only show what would be freed.")
@click.option("--yes", is_flag=True, help="Free it without asking.")
@with_hub
def gc(dry_run: bool, yes: bool) -> None:
    """Free the bytes that no repository needs any more. Shows them first."""
    from hub.storage import services

    found = services.collect_garbage(dry_run=True)
    click.echo(found.text)
    if dry_run or not found.count:
        return
    if not yes and not sys.stdin.isatty():
        note("Nothing was freed. To free it: headstart gc --yes")
        return
    if not yes:
        click.confirm("Free it?", abort=True)
    click.echo(services.collect_garbage(dry_run=False).text)


@click.command()
@with_hub
def scrub() -> None:
    """Read everything stored again, and compare it with its hash. Ends with an error when something is damaged."""
    from hub.storage import services

    report = services.scrub()
    click.echo(report.text)
    if report.damaged:
        fail()


@click.command()
@with_hub
def reindex() -> None:
    """Rebuild what is derived from the repositories' files: cards, tags, the search index."""
    from hub.catalog import services

    click.echo(f"{services.reindex()} repositories indexed anew.")
