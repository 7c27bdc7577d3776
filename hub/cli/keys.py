"""`headstart key`."""

import click

from hub.cli.base import note, with_hub


@click.group()
def key() -> None:
    """What this hub signs with."""


@key.command("show")
@click.option("--pem", is_flag=True, help="The public key itself, in PEM form.")
@with_hub
def show(pem: bool) -> None:
    """Print the fingerprint of the public key, for people to compare, and those of the keys before it."""
    from hub.core import signing

    current, *retired = signing.public_keys()
    click.echo(current.pem.rstrip() if pem else current.id)
    for one in retired:
        note(f"retired {one.retired_at}: {one.id}")


@key.command("rotate")
@click.option("--yes", is_flag=True, help="Don't ask.")
@with_hub
def rotate(yes: bool) -> None:
    """Sign with a new key from now on. Clients refuse it until somebody there runs `headstart trust`."""
    from hub.audit.services import rotate_key

    if not yes:
        click.confirm("Everybody who pulls must trust the new key. Go on?", abort=True)
    made = rotate_key(by="system")
    click.echo(made.id)
    note("Tell it to those who pull: headstart trust --key FINGERPRINT")
