"""search."""

import shutil
import sys
from collections.abc import Callable
from typing import Any, TypeVar

import click

import sdk
from sdk.cli._options import hub_options, json_option, kind_option, print_json

F = TypeVar("F", bound=Callable[..., Any])
SORTS = ("relevance", "downloads", "likes", "trending", "updated", "created", "size", "parameters")
CLASSES = ("permissive", "copyleft", "non-commercial", "restricted", "unknown")
SEVERITIES = ("low", "medium", "high", "critical")
# As the option is called, as the SDK calls it, what stands for its value, and what it says.
FILTERS = (
    (("--task",), "task", "TASK", "For this task, such as image-classification."),
    (("--library",), "library", "NAME", "For this library, such as transformers."),
    (("--licence", "--license"), "licence", "ID", "Under this licence, such as apache-2.0."),
    (("--language",), "language", "CODE", "In this language, such as en."),
    (("--modality",), "modality", "NAME", "Working on text, image, audio, video …"),
    (("--format",), "format", "NAME", "With weights in this format, such as safetensors."),
    (("--trained-on",), "dataset", "NAME", "Trained on this data set."),
    (("--base-model",), "base_model", "NAME", "Made from this model."),
    (("--review",), "review", "STATE", "Whose review stands there, such as approved."),
    (("--owner",), "owner", "NAME", "Of this owner."),
    (("--tag",), "tag", "TAG", "With this tag; all of them if there are several."),
)


def filter_options(command: F) -> F:
    """Each may be given more than once; then any of the values will do."""
    for names, name, metavar, text in reversed(FILTERS):
        command = click.option(*names, name, multiple=True, metavar=metavar, help=text)(command)
    return command


@click.command()
@click.argument("text", required=False)
@filter_options
@click.option("--licence-class", multiple=True, type=click.Choice(CLASSES), help="Under a licence of this class.")
@click.option("--bias", multiple=True, type=click.Choice(SEVERITIES), help="Whose worst open bias finding is this.")
@click.option("--gated/--not-gated", default=None, help="Gated ones alone, or none of them.")
@click.option("--parameters", metavar="RANGE", help="So many parameters: 1B..7B, ..500M, 70B.. .")
@click.option("--size", metavar="RANGE", help="So large to pull: ..2GB, 1GB..10GB.")
@click.option("--benchmark", metavar="DATASET/METRIC", help="With a result for this data set and metric.")
@click.option("--score-min", type=float, metavar="NUMBER", help="The least value of that result.")
@click.option("--sort", type=click.Choice(SORTS), help="Default: relevance where there is text, else downloads.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 10_000))
@kind_option
@hub_options
@json_option
def search(*, as_json: bool, **conditions: Any) -> None:
    """Find models (or data sets). All filters must hold; of several values of one filter, any."""
    found = sdk.search(**conditions)
    if as_json:
        print_json({"total": found.total, "items": list(found), "facets": found.facets})
    elif len(found):
        click.echo(found.table(_width()))
        if found.total > len(found):
            click.echo(f"{len(found):,} of {found.total:,}; --limit shows more.", err=True)
    else:
        click.echo("Nothing found.", err=True)


def _width() -> int | None:
    """Of the terminal; what is piped elsewhere is never cut."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None
