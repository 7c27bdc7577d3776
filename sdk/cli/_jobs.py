"""finetune, evaluate, rank, jobs."""

import json
import shutil
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

import sdk
from sdk._table import table
from sdk.cli._options import hub_options, json_option, print_json
from sdk.cli._waiting import lines, looking_on

F = TypeVar("F", bound=Callable[..., Any])
# JSON names one split or revision of it: {"repo": "digits", "split": "test"}.
_DATA = "NAME|JSON"


def order_options(command: F) -> F:
    """What every order takes."""
    found = [
        click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="An option of the recipe."),
        click.option("--column", "columns", multiple=True, metavar="ROLE=COLUMN", help="Which column is what."),
        click.option("--revision", help="Branch, tag or commit of what is named first. Default: main."),
        click.option("--title", help="What to call the job."),
        click.option("--seed", type=int, help="Of everything random."),
        click.option("--device", help="cpu, gpu-24, gpu-80 or gpu-141. Default: the hub chooses."),
        click.option("--wait", "waits", is_flag=True, help="Wait until it is over."),
    ]
    for option in reversed(found):
        command = option(command)
    return hub_options(json_option(command))


@click.command()
@click.argument("base")
@click.option("--dataset", multiple=True, required=True, metavar=_DATA, help="What to train on. Repeatable.")
@click.option("--recipe", required=True, help="How: a recipe of this hub's workers.")
@click.option("--out", default="", metavar="OWNER/NAME", help="Where the result goes.")
@click.option("--suite", "suites", multiple=True, help="Evaluate the result by this suite. Repeatable.")
@click.option("--compare-scratch", is_flag=True, help="Train one from random weights too, to compare.")
@click.option("--gpus", type=click.IntRange(1, 64), help="Train on so many at once. Default: 1.")
@click.option("--public", "private", flag_value=False, default=None, help="Let everybody see a new result.")
@order_options
def finetune(base: str, waits: bool, as_json: bool, dataset: tuple[str, ...], **options: Any) -> None:
    """Fine-tune a model on a data set of the hub, by its workers."""
    _show(sdk.finetune(base, dataset=_data(dataset), **_read(options)), waits, as_json)


@click.command()
@click.argument("model")
@click.option("--suite", multiple=True, help="What to measure. Repeatable.")
@click.option("--dataset", multiple=True, metavar=_DATA, help="On what. Repeatable.")
@click.option("--recipe", default="", help="The recipe that predicts.")
@order_options
def evaluate(model: str, waits: bool, as_json: bool, dataset: tuple[str, ...], **options: Any) -> None:
    """Evaluate a model by suites of the hub's workers. Options are given as --set SUITE.NAME=VALUE."""
    found = _read(options, by_suite=True)
    _show(sdk.evaluate(model, dataset=_data(dataset) or None, **found), waits, as_json)


@click.command()
@click.argument("dataset")
@click.option("--candidate", "candidates", multiple=True, required=True, metavar="MODEL", help="Repeatable.")
@click.option("--home", metavar="NAME", help="A data set such as the models were made with: how far is this from it?")
@click.option("--subset", default="", help="A configuration of the data set.")
@click.option("--split", default="", help="Default: the one to train on.")
@order_options
def rank(
    dataset: str, revision: str | None, subset: str, split: str, waits: bool, as_json: bool, **options: Any
) -> None:
    """Rank models for a data set: which is the best to start a fine-tune from. Estimates; nothing is trained."""
    parts = {"repo": dataset, "revision": revision, "config": subset, "split": split}
    _show(sdk.rank({name: value for name, value in parts.items() if value}, **_read(options)), waits, as_json)


@click.group()
def jobs() -> None:
    """Look at jobs, wait for them, end them."""


@jobs.command("list")
@click.option("--state", default="", help="queued, running, succeeded …; or open, held, ended.")
@click.option("--owner", default="", help="Of this account.")
@click.option("--repo", default="", help="That used or made this repository.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000))
@hub_options
@json_option
def list_jobs(*, as_json: bool, **options: Any) -> None:
    """Your jobs, the newest first."""
    found = sdk.jobs(**options)
    if as_json:
        print_json([one.told for one in found])
        return
    rows = [(one.id, one.state, _percent(one), one.title) for one in found]
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    click.echo(table(("JOB", "STATE", "DONE", "TITLE"), rows, width=width) if rows else "No jobs.")


@jobs.command()
@click.argument("job")
@hub_options
@json_option
def show(job: str, as_json: bool, **options: Any) -> None:
    """How a job stands."""
    _print(sdk.job(job, **options), as_json)


@jobs.command()
@click.argument("job")
@click.option("--tail", default=200, show_default=True, type=click.IntRange(1, 5_000))
@click.option("-f", "--follow", is_flag=True, help="Then each line as it comes, until the job is over.")
@hub_options
def logs(job: str, tail: int, follow: bool, **options: Any) -> None:
    """The last lines that a job said."""
    found = sdk.job(job, **options)
    if not follow:
        click.echo(found.logs(tail), nl=False)
        return
    with looking_on(found):
        for line in lines(found, tail):
            click.echo(line)


@jobs.command()
@click.argument("job")
@click.option("--timeout", type=float, metavar="SECONDS", help="Give up after so long; the job goes on.")
@hub_options
@json_option
def wait(job: str, timeout: float | None, as_json: bool, **options: Any) -> None:
    """Wait until a job is over. Exit codes: 0 it succeeded, 1 failed, 7 was cancelled, 8 was lost, 9 goes on after
    --timeout, 130 goes on after Ctrl+C."""
    _wait(sdk.job(job, **options), as_json, timeout)


@jobs.command()
@click.argument("job")
@hub_options
def cancel(job: str, **options: Any) -> None:
    """End a job."""
    found = sdk.job(job, **options).cancel()
    click.echo(f"{found.id} is {found.state}." if found.is_over else f"{found.id} stops at its next step.")


@jobs.command()
@click.argument("job")
@hub_options
def retry(job: str, **options: Any) -> None:
    """Queue a job again after it failed, was cancelled or lost."""
    found = sdk.job(job, **options).retry()
    click.echo(f"{found.id} is {found.state}.")


def _data(given: tuple[str, ...]) -> list[Any]:
    try:
        return [json.loads(each) if each.startswith("{") else each for each in given]
    except ValueError as error:
        raise click.BadParameter(f"This is no JSON: {error}", param_hint="--dataset") from error


def _read(options: dict[str, Any], *, by_suite: bool = False) -> dict[str, Any]:
    """The SDK's words for what was given."""
    told = {name: value for name, value in options.items() if value is not None and name not in ("settings", "columns")}
    config: dict[str, Any] = {}
    for name, value in _pairs(options["settings"], "--set"):
        suite, dot, option = name.partition(".")
        if by_suite and dot:
            config.setdefault(suite, {})[option] = _value(value)
        else:
            config[name] = _value(value)
    return {**told, "config": config, "columns": dict(_pairs(options["columns"], "--column"))}


def _pairs(given: tuple[str, ...], option: str) -> list[tuple[str, str]]:
    split = [each.partition("=") for each in given]
    if wrong := [name for name, sign, _ in split if not (name and sign)]:
        raise click.BadParameter(f"{wrong[0]!r} is not NAME=VALUE.", param_hint=option)
    return [(name, value) for name, _, value in split]


def _value(text: str) -> Any:
    """Numbers, true and false as such; everything else is text."""
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return found if isinstance(found, int | float | bool) else text


def _show(job: sdk.Job, waits: bool, as_json: bool) -> None:
    if not waits:
        _print(job, as_json)
        return
    click.echo(f"{job.id}: {job.url}", err=True)
    _wait(job, as_json, None)


def _wait(job: sdk.Job, as_json: bool, timeout: float | None) -> None:
    def say(one: sdk.Job) -> None:
        click.echo(f"{one.state} {_percent(one)}".rstrip(), err=True)

    with looking_on(job):
        job.wait(timeout=timeout, on_change=say)
    _print(job, as_json)


def _print(job: sdk.Job, as_json: bool) -> None:
    if as_json:
        print_json(job.told)
        return
    rows = {"job": job.id, "title": job.title, "state": job.state, "done": _percent(job), "result": job.out,
            "error": job.error, "page": job.url}  # fmt: skip
    for label, value in rows.items():
        if value:
            click.echo(f"{label + ':':<8} {value}")


def _percent(job: sdk.Job) -> str:
    share = job.progress.get("share")
    return "" if share is None else f"{share:.0%}"
