"""`headstart reviewer`."""

import click

from hub.cli.base import with_hub

DOMAINS = ("security", "licence", "data", "bias", "use")


@click.group()
def reviewer() -> None:
    """People who review models and data sets."""


@reviewer.command("add")
@click.argument("user_name", metavar="USER")
@click.argument("domain", type=click.Choice([*DOMAINS, "all"]))
@with_hub
def add_reviewer(user_name: str, domain: str) -> None:
    """Let USER decide on DOMAIN."""
    from hub.accounts import selectors, services
    from hub.governance.services import people

    user = selectors.find_user(user_name)
    for each in DOMAINS if domain == "all" else (domain,):
        people.grant_reviewer(by=services.SYSTEM, user=user, domain=each)
        click.echo(f"{user.username} reviews: {each}")


@reviewer.command("remove")
@click.argument("user_name", metavar="USER")
@click.argument("domain", type=click.Choice([*DOMAINS, "all"]))
@with_hub
def remove_reviewer(user_name: str, domain: str) -> None:
    """USER decides on DOMAIN no more; what they decided stays."""
    from hub.accounts import selectors, services
    from hub.governance.services import people

    user = selectors.find_user(user_name)
    for each in DOMAINS if domain == "all" else (domain,):
        was = people.revoke_reviewer(by=services.SYSTEM, user=user, domain=each)
        click.echo(f"{user.username} {'no longer reviews' if was else 'did not review'}: {each}")
