"""access: how one stands before a gate, ask, accept licence texts."""

from typing import Any

import click

import sdk
from sdk.cli._options import hub_options, json_option, kind_option, print_json


@click.group()
def access() -> None:
    """Gated models: how you stand, ask, accept licence texts."""


@access.command()
@click.argument("name")
@kind_option
@hub_options
@json_option
def status(*, as_json: bool, **options: Any) -> None:
    """Say how you stand before the gate of a model."""
    found = sdk.access(**options)
    if as_json:
        print_json(found)
        return
    rows = {
        "gate": found.gate or "none",
        "pull": "yes" if found.may_read else "no",
        "request": found.status + (f" ({found.reason})" if found.reason else ""),
        "until": found.expires_at,
        "asks": "; ".join(name + ("" if needed else " (optional)") for name, needed in found.asks.items()),
        "texts": "; ".join(f"{one.licence}{' (accepted)' if one.accepted else ''}" for one in found.texts),
        "page": found.page,
    }
    for label, value in rows.items():
        click.echo(f"{label + ':':<9} {value or '-'}")


@access.command()
@click.argument("name")
@click.option("--field", "-f", "given", multiple=True, metavar="NAME=VALUE", help="Answer a question. Repeatable.")
@click.option("--reason", metavar="TEXT", help="Why you need it, for its owner.")
@click.option("--organisation", metavar="NAME", help="For all members of an organisation that you administer.")
@kind_option
@hub_options
@json_option
def request(*, given: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """Ask to be let through the gate of a model."""
    if wrong := [each for each in given if "=" not in each]:
        raise click.BadParameter(f"{wrong[0]!r}: write NAME=VALUE.", param_hint="--field")
    fields = {name: value for name, _, value in (each.partition("=") for each in given)}
    found = sdk.request_access(fields=fields, **options)
    if as_json:
        print_json(found)
    else:
        click.echo(f"{found.name}: {'you may pull it' if found.may_read else found.status or 'asked'}")


@access.command()
@click.argument("name")
@click.option("--organisation", metavar="NAME", help="For all members of an organisation that you administer.")
@click.option("--reference", metavar="TEXT", help="Number of an agreement, where there is one.")
@click.option("--yes", is_flag=True, help="Don't show the texts, don't ask: you have read them.")
@kind_option
@hub_options
def accept(*, name: str, organisation: str | None, reference: str | None, yes: bool, **at: Any) -> None:
    """Show the licence texts of a model that you didn't accept yet, and accept each."""
    shown = [one for one in sdk.access(name, **at).texts if (organisation or not one.accepted) and one.text]
    if not shown:
        click.echo("There is nothing to accept.", err=True)
    for one in shown:
        if not yes:
            click.echo(one.text)
            click.confirm(f"Accept {one.licence} (sha256 {one.sha256})?", abort=True, err=True)
        sdk.accept_licence(name, sha256=one.sha256, organisation=organisation, reference=reference, **at)
        click.echo(f"{one.licence} is accepted{f' for {organisation}' if organisation else ''}.")
