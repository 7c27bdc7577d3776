"""`headstart worker-token`."""

import click

from hub.cli.base import note, with_hub


@click.group("worker-token")
def worker_token() -> None:
    """Tokens by which workers join this hub."""


@worker_token.command("add")
@click.argument("name")
@with_hub
def add_token(name: str) -> None:
    """Add a worker called NAME and print the secret of its token, which is shown this once."""
    from hub.accounts.services import SYSTEM
    from hub.jobs.services import workers

    _, secret = workers.add_worker(by=SYSTEM, name=name)
    note(f"{name} joins with this token. It is shown only now:")
    click.echo(secret)


@worker_token.command("list")
@with_hub
def list_tokens() -> None:
    """All workers, when each was last heard, and which are withdrawn."""
    from hub.jobs.selectors import workers

    for worker in workers.all_workers():
        heard = f"heard {worker.heard_at:%Y-%m-%d %H:%M} UTC" if worker.heard_at else "never heard"
        click.echo(f"{worker.name}\t…{worker.hint}\t{'withdrawn' if worker.revoked_at else heard}")


@worker_token.command("revoke")
@click.argument("name")
@with_hub
def revoke_token(name: str) -> None:
    """The token of NAME opens nothing any more; its jobs go back to the queue."""
    from hub.accounts.services import SYSTEM
    from hub.jobs.selectors.workers import worker_named
    from hub.jobs.services import workers

    workers.revoke_worker(by=SYSTEM, worker=worker_named(name))
    click.echo(f"{name} is withdrawn.")
