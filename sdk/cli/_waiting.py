"""Looking on while a job runs: whoever stops looking stops nothing."""

import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

import click

import sdk
from sdk._jobs import PAUSE

INTERRUPTED, STILL_RUNS = 130, 9


@contextmanager
def looking_on(job: sdk.Job) -> Iterator[None]:
    """Ctrl+C, or the end of the time that was given for it, ends the command and not the job."""
    try:
        yield
    except KeyboardInterrupt:
        if job.is_over:
            raise
        click.echo(
            f"\n{job.id} goes on without you. Look at it: headstart jobs show {job.id}, or {job.url}"
            f"\nWait again: headstart jobs wait {job.id}   End it: headstart jobs cancel {job.id}",
            err=True,
        )
        raise click.exceptions.Exit(INTERRUPTED) from None
    except TimeoutError as error:
        shown = click.ClickException(str(error))
        vars(shown)["exit_code"] = STILL_RUNS
        raise shown from error


def lines(job: sdk.Job, tail: int) -> Iterator[str]:
    """The last so many that it said, then each as it comes, until it is over."""
    seen, kept = 0, deque[str](maxlen=tail)
    while True:
        # Before the look: what it said before its end is found then.
        is_over = job.refresh().is_over
        for event in job.events(seen):
            seen = int(event["seq"])
            kept.extend(event["data"].get("lines", ()) if event["kind"] == "log" else ())
        yield from kept
        if is_over:
            return
        kept = deque()
        time.sleep(PAUSE)
