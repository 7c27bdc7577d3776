"""`headstart reindex`, `index`."""

import signal
import threading

import click

from hub.cli.base import note, with_hub


@click.command()
@with_hub
def reindex() -> None:
    """Rebuild what is derived from the repositories' files: cards, tags, the search index. The hub may run."""
    from hub.catalog import services

    click.echo(f"{services.reindex()} repositories indexed anew.")
    services.rebuild_index(say=note)
    click.echo("The search index was built.")


@click.command()
@click.option("--follow", is_flag=True, help="Go on until stopped: for a host that serves pages without a worker.")
@with_hub
def index(follow: bool) -> None:
    """Bring this host's search index up to date, or build it where it is missing."""
    from hub.catalog import services

    if follow:
        over = threading.Event()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: over.set())
        services.follow_events(over.is_set, over.wait)
        return
    services.index_now()
    state = services.index_state()
    click.echo(f"{state.documents} repositories are in the index, {state.lag or 0} changes are not.")
