"""`headstart worker`: run jobs of a hub on this machine."""

import logging
import socket
from pathlib import Path
from typing import Any

import click
import filelock
import platformdirs

_FORMAT = "%(asctime)s %(levelname)s %(threadName)s: %(message)s"


@click.command()
@click.option("--hub", "url", envvar="HEADSTART_URL", required=True, metavar="URL", help="The hub's address.")
@click.option("--broker", envvar="HEADSTART_BROKER_URL", default="", metavar="URL", help="Where the hub rings; without"
              " it the worker looks for jobs every few seconds.")  # fmt: skip
@click.option("--token-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
              help="The worker's token, as its hub gave it; or HEADSTART_WORKER_TOKEN.")  # fmt: skip
@click.option(
    "--device",
    default="cpu",
    show_default=True,
    help="cpu, cuda:0, or several as cuda:0,1: of those that CUDA_VISIBLE_DEVICES names, where it is set.",
)
@click.option(
    "--slots",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    help="Jobs at the same time; each has a GPU at least.",
)
@click.option("--threads", default=0, type=click.IntRange(0, 1024), help="Threads of a job's process. Default: this"
              " machine's cores, divided by the slots.")  # fmt: skip
@click.option("--name", default=socket.gethostname, show_default="this machine's name")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Working folder.")
@click.option("--memory", default=0, type=click.IntRange(0), help="Most bytes a job may take. Default: nine tenths of"
              " this machine's, divided by the slots.")  # fmt: skip
@click.option("--cache-gb", type=click.FloatRange(0), metavar="GB", help="Most of what was pulled that is kept for"
              " later jobs; the longest unused goes first. Default: half of what the disk has free.")  # fmt: skip
@click.option("--spare-minutes", default=15, show_default=True, type=click.IntRange(0), help="After a job"
              " keep a process ready for the next one so long, with its libraries loaded; 0: none.")  # fmt: skip
def worker(token_file: Path | None, folder: Path | None, broker: str, **options: Any) -> None:
    """Run fine-tunes and evaluations of a hub on this machine, until Ctrl+C.

    It needs the hub's address and a token, and no database. A stop gives back what runs: another worker, or this one
    when it is started again, goes on from the last checkpoint.
    """
    logging.basicConfig(level=logging.INFO, format=_FORMAT)
    folder = (folder or Path(platformdirs.user_cache_dir("headstart")) / "worker").expanduser().resolve()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = filelock.FileLock(folder / "lock")
    try:
        lock.acquire(timeout=20)
    except filelock.Timeout as error:
        raise click.ClickException(f"Another worker uses {folder}. Give this one a --folder of its own.") from error
    _serve(broker, token=_token(token_file), folder=folder, **options)


def _token(file: Path | None) -> str:
    from workers.celery import token_in_environment

    token = file.read_text().strip() if file else token_in_environment()
    if not token:
        raise click.UsageError("A worker needs its token: --token-file, or HEADSTART_WORKER_TOKEN.")
    return token


def _serve(broker: str, **options: Any) -> None:
    from workers.celery import Listener, serve_without_broker, visible_devices
    from workers.lib.gpus import NoSuchDevice
    from workers.supervisor.making import make
    from workers.supervisor.offers import NoOffers
    from workers.supervisor.worker import NotWanted

    try:
        made = make(**options, visible=visible_devices())
        joined = made.join()
    except (NoSuchDevice, NoOffers, NotWanted) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Joined {options['url']} as {options['name']} ({options['device']}).")
    if broker:
        Listener(broker, made, joined.queues).run()
    else:
        serve_without_broker(made)


commands = [worker]

if __name__ == "__main__":
    worker()
