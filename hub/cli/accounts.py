"""`headstart user`, `org`, `token`."""

import click

from hub.cli.base import note, with_hub


@click.group()
def user() -> None:
    """People of this hub."""


@user.command("add")
@click.argument("name")
@click.option("--full-name", default="", help="The name shown on the site.")
@click.option("--email", default="", help="Where to write to them.")
@click.option("--admin", is_flag=True, help="May administer the hub.")
@with_hub
def add_user(name: str, full_name: str, email: str, admin: bool) -> None:
    """Add a person, and print the password to sign in with once."""
    from hub.accounts import services
    from hub.cli.prepare import one_time_password

    password = one_time_password()
    made = services.create_user(
        by=services.SYSTEM,
        username=name,
        full_name=full_name,
        email=email,
        password=password,
        must_change_password=True,
        is_admin=admin,
    )
    click.echo(f"Added {made.username}. One-time password: {password}")


@click.group()
def org() -> None:
    """Organisations, and who belongs to them."""


@org.command("add")
@click.argument("name")
@click.option("--full-name", default="", help="The name shown on the site.")
@click.option("--private-by-default", is_flag=True, help="New repositories are private unless said otherwise.")
@with_hub
def add_org(name: str, full_name: str, private_by_default: bool) -> None:
    """Add an organisation."""
    from hub.accounts import services

    made = services.create_organisation(
        by=services.SYSTEM, name=name, full_name=full_name, private_by_default=private_by_default
    )
    click.echo(f"Added {made}. Give it members: headstart org member {made} USER --role write")


@org.command("member")
@click.argument("org_name", metavar="ORG")
@click.argument("user_name", metavar="USER")
@click.option("--role", type=click.Choice(["read", "contribute", "write", "admin"]), required=True)
@with_hub
def set_member(org_name: str, user_name: str, role: str) -> None:
    """Make USER a member of ORG, or change their role."""
    from hub.accounts import selectors, services

    membership = services.set_membership(
        by=services.SYSTEM,
        organisation=selectors.find_organisation(org_name),
        user=selectors.find_user(user_name),
        role=services.Role(role),
    )
    click.echo(f"{membership.user} in {membership.organisation}: {services.Role(role).label}")


@click.group()
def token() -> None:
    """Access tokens."""


@token.command("add")
@click.argument("user_name", metavar="USER")
@click.option("--name", "label", required=True, help="What will use it.")
@click.option("--scope", type=click.Choice(["read", "write", "admin"]), required=True)
@click.option("--expires", type=click.IntRange(1, 3650), metavar="DAYS", help="Default: never.")
@click.option("--profile", metavar="NAME", help="The consumer profile it speaks for. Default: the default one.")
@with_hub
def add_token(user_name: str, label: str, scope: str, expires: int | None, profile: str | None) -> None:
    """Make a token for USER, and print it, alone, this once."""
    from hub.accounts import selectors, services
    from hub.governance.selectors.profiles import profile_named
    from hub.governance.services.profiles import give_profile

    chosen = profile_named(profile) if profile else None

    made, secret = services.issue_token(
        by=services.SYSTEM,
        user=selectors.find_user(user_name),
        label=label,
        scope=services.AccessToken.Scope(scope),
        expires_in_days=expires,
    )
    if chosen:
        give_profile(by=services.SYSTEM, token=made, profile=chosen)
    until = f"until {made.expires_at:%Y-%m-%d}" if made.expires_at else "until it is revoked"
    note(f"A {scope} token of {made.user}, good {until}. It is not shown again.")
    click.echo(secret)
