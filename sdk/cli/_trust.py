"""trust."""

import click

import sdk


@click.command()
@click.option("--hub", metavar="URL", help="The hub's address.")
@click.option("--key", metavar="FINGERPRINT", help="Only this key: what the hub's administrator told you.")
def trust(hub: str | None, key: str | None) -> None:
    """Believe the key that the hub signs with now, in place of the one known before. Prints its fingerprint."""
    found = sdk.trust(hub, key=key)
    click.echo(f"{found.hub} is known by this key from now on:", err=True)
    click.echo(found.id)
