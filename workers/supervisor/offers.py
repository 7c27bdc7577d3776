"""What this machine can do, gathered in a process of its own, since a recipe may import what it likes:
`python -m workers.supervisor.offers` prints the offers as JSON. A method that can't be imported is named and left out.
"""

import json
import logging
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import metadata

import click

from workers.contract import Offer

log = logging.getLogger(__name__)
SECONDS = 300.0
_LIBRARIES = (
    "headstart",
    "torch",
    "transformers",
    "accelerate",
    "peft",
    "datasets",
    "scikit-learn",
    "numpy",
    "lm-eval",
)


class NoOffers(Exception):
    """The methods can't be gathered at all."""


def gather() -> tuple[Offer, ...]:
    """Raises NoOffers."""
    done = subprocess.run(
        [sys.executable, "-m", "workers.supervisor.offers"],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    for line in done.stderr.strip().splitlines():
        log.warning("offers: %s", line)
    if done.returncode:
        raise NoOffers(done.stderr[-1000:])
    return tuple(Offer.from_json(each) for each in json.loads(done.stdout.splitlines()[-1]))


def versions() -> dict[str, str]:
    """Of the libraries that results depend on, as far as they are installed."""
    found = {"python": sys.version.split()[0]}
    for name in _LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            log.info("%s is not installed", name)
    return found


def main() -> None:
    click.echo(json.dumps([offer.to_json() for offer in _all()]))


def _all() -> Iterator[Offer]:
    from workers import evaluations, recipes

    yield from _each(recipes.NAMES, lambda name: recipes.recipe(name).offer)
    yield from _each(evaluations.NAMES, lambda name: evaluations.suite(name).offer)
    yield from _each(("rankings",), _ranking)


def _each(names: Iterable[str], find: Callable[[str], Offer]) -> Iterator[Offer]:
    for name in names:
        try:
            yield find(name)
        except ImportError as error:
            click.echo(f"{name} is left out: {error}", err=True)


def _ranking(_: str) -> Offer:
    from workers import rankings

    return rankings.OFFER


if __name__ == "__main__":
    main()
