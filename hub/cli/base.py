"""What every administrative command shares."""

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click

from hub.cli import checks
from hub.cli.environment import configure, data_option


def with_hub(function: Callable[..., None]) -> Callable[..., None]:
    """Give a command `--data`, Django and a current database; print what goes wrong as one line."""

    @data_option
    @wraps(function)
    def run(*, data: Path | None, **options: Any) -> None:
        open_hub(data)
        from django.db.utils import OperationalError

        from hub.cli.prepare import migrate
        from hub.core.errors import HubError

        try:
            migrate()
            function(**options)
        except HubError as error:
            raise click.ClickException(error.message) from error
        except OperationalError as error:
            raise click.ClickException(f"The database doesn't answer: {error}. Try: headstart doctor") from error

    return run


def open_hub(data: Path | None) -> Path:
    """Set Django up on that data folder; returns its path."""
    require(checks.packages())
    folder = configure(data)
    require(checks.folder(folder))
    import django

    django.setup()
    return folder


def require(check: checks.Check) -> None:
    """End the command when a check failed, with what is wrong and what to do."""
    if check.problem:
        raise click.ClickException(f"{check.problem} {check.remedy}")


def note(text: str) -> None:
    """Say something that isn't the command's result."""
    click.echo(text, err=True)


def fail() -> None:
    """End with an exit code that scripts see."""
    sys.exit(1)
