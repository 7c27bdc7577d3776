"""The group of all commands: the SDK's own, and those of installed parts, found by entry points."""

import warnings
from importlib.metadata import EntryPoint, entry_points
from typing import Any

import click

from sdk import HeadstartError, __version__
from sdk._errors import (
    AuthError,
    HubUnavailableError,
    IntegrityError,
    JobFailedError,
    LockError,
    NotFoundError,
    OfflineError,
    TrustError,
)
from sdk.cli._access import access
from sdk.cli._find import info, login, whoami
from sdk.cli._jobs import evaluate, finetune, jobs, rank
from sdk.cli._search import search
from sdk.cli._transfer import lock, pull, push, sync, verify
from sdk.cli._trust import trust

GROUP = "headstart.commands"
EXIT_CODES: tuple[tuple[type[HeadstartError], int], ...] = (
    (NotFoundError, 3),
    (AuthError, 4),
    (IntegrityError, 5),
    (LockError, 5),
    (TrustError, 5),
    (HubUnavailableError, 6),
    (OfflineError, 6),
)
# Of a job that was waited for.
ENDINGS = {"cancelled": 7, "lost": 8}


def failure(error: HeadstartError) -> click.ClickException:
    """What click prints for an error of the SDK, with the exit code of its sort."""
    shown = click.ClickException(str(error))
    code = next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 1)
    vars(shown)["exit_code"] = ENDINGS.get(error.job.state, code) if isinstance(error, JobFailedError) else code
    return shown


class Commands(click.Group):
    """Own commands are there at once; those of entry points are imported when one of them, or help, is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        found, _ = _installed()
        return sorted({*super().list_commands(ctx), *found})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if (own := super().get_command(ctx, cmd_name)) is not None:
            return own
        found, missing = _installed()
        if cmd_name not in found and missing:
            parts = ", ".join(missing)
            ctx.fail(f"No such command {cmd_name!r}. Parts of Headstart that aren't installed: {parts}. For the hub's"
                     " own commands run: pip install 'headstart[hub]'")  # fmt: skip
        return found.get(cmd_name)

    def invoke(self, ctx: click.Context) -> Any:
        with warnings.catch_warnings():
            warnings.showwarning = _show_warning
            try:
                return super().invoke(ctx)
            except HeadstartError as error:
                raise failure(error) from error


def _show_warning(message: Warning | str, *_: Any, **__: Any) -> None:
    """One line for people, without the place in some library that it came from."""
    click.echo(f"Warning: {' '.join(str(message).split())}", err=True)


def _installed() -> tuple[dict[str, click.Command], list[str]]:
    """Commands of the entry points by name, and the entry points whose libraries aren't installed."""
    found: dict[str, click.Command] = {}
    missing: list[str] = []
    points: list[EntryPoint] = sorted(entry_points(group=GROUP), key=lambda point: point.name)
    for point in points:
        try:
            commands: list[click.Command] = point.load()
        except ModuleNotFoundError as error:
            missing.append(f"{point.name} (needs {error.name})")
            continue
        found.update({str(command.name): command for command in commands})
    return found, missing


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.version_option(__version__, prog_name="headstart")
def main() -> None:
    """Pull, push and find models on a Headstart hub.

    The hub: --hub, HEADSTART_URL, HF_ENDPOINT, or the one of `headstart login`. Exit codes: 1 failed, 2 wrong usage,
    3 not found, 4 not allowed, 5 bytes, signature or lock differ, 6 hub not reachable.
    """


for _command in (
    pull,
    push,
    search,
    info,
    login,
    whoami,
    verify,
    lock,
    sync,
    trust,
    access,
    finetune,
    evaluate,
    rank,
    jobs,
):
    main.add_command(_command)
