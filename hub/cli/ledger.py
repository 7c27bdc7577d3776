"""`headstart audit`."""

from datetime import datetime
from pathlib import Path
from typing import IO

import click

from hub.cli.base import fail, note, with_hub
from hub.cli.environment import data_option

_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def audit() -> None:
    """The ledger: what was done on this hub, hashed into a chain and signed by the day."""


@audit.command("verify")
@click.argument("export", type=click.File(encoding="utf-8"), required=False)
@click.option("--key", "keys", multiple=True, type=click.File(encoding="utf-8"), help="Believe only these public keys.")
@data_option
def verify(export: IO[str] | None, keys: tuple[IO[str], ...], data: Path | None) -> None:
    """Check the ledger from end to end. With EXPORT that file alone, without a hub or a database.

    Ends with an error when an event or a signed root is not as it was written.
    """
    if export is not None:
        _verify_export(export, [key.read() for key in keys])
        return
    _verify_live(data=data)


@with_hub
def _verify_live() -> None:
    from hub.audit import selectors, services

    broken, problems = services.first_broken(), services.broken_roots()
    state = selectors.state()
    click.echo(f"{state.number} events, {state.roots} signed days, the last {state.sealed_until or 'none yet'}.")
    _say(broken, problems)


def _verify_export(export: IO[str], keys: list[str]) -> None:
    from proofs import export as exports
    from proofs.keys import BadProof

    try:
        found = exports.check(export, keys or None)
    except BadProof as error:
        raise click.ClickException(f"{export.name}: {error}") from error
    click.echo(f"{found.events} events, {found.first} to {found.last}, {found.roots} signed days.")
    for key in found.keys:
        click.echo(f"key {key}")
    if not keys:
        note("The keys are those that the file brings. Compare them with the hub's, or name the hub's with --key.")
    _say(found.broken, list(found.problems))


def _say(broken: int | None, problems: list[str]) -> None:
    if broken is not None:
        click.echo(f"Event {broken} is not as it was written.")
    for problem in problems:
        click.echo(problem)
    if broken is not None or problems:
        fail()
    click.echo("Everything is as it was written.")


@audit.command("export")
@click.argument("file", type=click.File("w", encoding="utf-8", lazy=False))
@click.option("--since", type=_DAY, metavar="DAY", help="From this UTC day on. Default: from the first.")
@click.option("--until", type=_DAY, metavar="DAY", help="Up to this UTC day. Default: to the last.")
@with_hub
def export_ledger(file: IO[str], since: datetime | None, until: datetime | None) -> None:
    """Write the ledger's events, signed roots and public keys to FILE (- for standard output), as JSON lines."""
    from hub.audit import selectors, services
    from hub.core.transactions import write_transaction

    with write_transaction():
        services.record(by="system", action="ledger.export", subject="hub")
    lines = -1
    for line in selectors.export_lines(since.date() if since else None, until.date() if until else None):
        file.write(line)
        lines += 1
    note(f"{lines} events and roots. Check them anywhere: headstart audit verify FILE")
