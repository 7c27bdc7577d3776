"""`headstart budget`."""

from typing import TYPE_CHECKING

import click

from hub.cli.base import with_hub

if TYPE_CHECKING:
    from hub.jobs.selectors.budgets import BudgetAt


@click.group()
def budget() -> None:
    """How much device time of jobs an account may take in thirty days."""


@budget.command("show")
@click.argument("account")
@with_hub
def show_budget(account: str) -> None:
    """What ACCOUNT has used and may use, by device class."""
    from hub.accounts.selectors import find_namespace
    from hub.jobs.selectors.budgets import DEVICES, budget_of

    owner = find_namespace(account)
    for device in DEVICES:
        click.echo(_told(budget_of(owner, device)))


@budget.command("set")
@click.argument("account")
@click.argument("device")
@click.argument("seconds")
@with_hub
def set_budget(account: str, device: str, seconds: str) -> None:
    """Give ACCOUNT so many SECONDS on DEVICE (cpu, gpu-24, …); `default`: as the settings say."""
    from hub.accounts.selectors import find_namespace
    from hub.accounts.services import SYSTEM
    from hub.jobs.services import budgets

    amount = None if seconds == "default" else _whole(seconds)
    owner = find_namespace(account)
    click.echo(_told(budgets.set_budget(by=SYSTEM, owner=owner, device=device, seconds=amount)))


def _whole(text: str) -> int:
    if not text.isdecimal() or len(text) > 10:
        raise click.BadParameter(f"{text[:40]!r} is no number of seconds. Give one, or `default`.")
    return int(text)


def _told(found: "BudgetAt") -> str:
    limit = "no limit" if found.limit is None else f"of {found.limit} s"
    return f"{found.device.value}\t{found.used:.0f} s used\t{limit}"
