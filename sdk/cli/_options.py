"""Options that several commands share, and how they print."""

import dataclasses
import json
import os
from collections.abc import Callable
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def hub_options(command: F) -> F:
    """`--hub` and `--token`."""
    command = click.option(
        "--token", metavar="TOKEN", help="Access token. Default: the one saved by `headstart login`."
    )(command)
    return click.option("--hub", metavar="URL", help="The hub's address.")(command)


def kind_option(command: F) -> F:
    return click.option(
        "--dataset", "kind", flag_value="dataset", default="model", help="It is a data set, not a model."
    )(command)


def json_option(command: F) -> F:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def pattern_options(command: F) -> F:
    command = click.option("--ignore", multiple=True, metavar="GLOB", help="Leave out files such as this. Repeatable.")(
        command
    )
    return click.option("--allow", multiple=True, metavar="GLOB", help="Only files such as this. Repeatable.")(command)


def print_json(value: Any) -> None:
    click.echo(json.dumps(_plain(value), indent=2, ensure_ascii=False, default=str))


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return os.fspath(value) if isinstance(value, os.PathLike) else value
