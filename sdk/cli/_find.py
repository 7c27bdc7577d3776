"""info, login, whoami."""

from typing import Any

import click

import sdk
from sdk.cli._options import hub_options, json_option, kind_option, print_json


@click.command()
@click.argument("name")
@click.option("--revision", metavar="REV", help="Branch, tag or commit. Default: main.")
@kind_option
@hub_options
@json_option
def info(*, as_json: bool, **options: Any) -> None:
    """Say what the hub knows of one model."""
    found = sdk.info(**options)
    if as_json:
        print_json(found)
        return
    rows = {
        "name": found.name + (" (private)" if found.private else ""),
        "commit": found.commit,
        "licence": found.license,
        "task": found.task,
        "library": found.library,
        "tags": ", ".join(found.tags),
        "downloads": f"{found.downloads:,}",
        "updated": found.updated_at,
    }
    for label, value in rows.items():
        click.echo(f"{label + ':':<11} {value or '-'}")


@click.command()
@click.option("--hub", metavar="URL", help="The hub's address.")
@click.option("--token", metavar="TOKEN", help="Access token; asked for if it is not given.")
def login(hub: str | None, token: str | None) -> None:
    """Check an access token, keep it for later, and make its hub the default."""
    identity = sdk.login(token or click.prompt("Access token", hide_input=True, err=True), hub=hub)
    click.echo(f"Signed in to {identity.hub} as {identity.name}.")


@click.command()
@hub_options
@json_option
def whoami(hub: str | None, token: str | None, as_json: bool) -> None:
    """Say whom the token speaks for."""
    identity = sdk.whoami(hub=hub, token=token)
    if as_json:
        print_json(identity)
        return
    click.echo(identity.name)
    if identity.organisations:
        click.echo(f"organisations: {', '.join(identity.organisations)}", err=True)
    click.echo(f"hub: {identity.hub}", err=True)
