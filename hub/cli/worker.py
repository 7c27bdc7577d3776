"""The hub's background worker and its clock in one process (`python -m hub.cli.worker`).

Tasks run in threads: they wait for disk and database most of the time, two of them let a long scrub run beside an index
update, and a pool of processes would cost their memory again.
"""

import os
import threading
from typing import Any

from celery.beat import EmbeddedService
from celery.signals import worker_shutting_down

from hub.celery import app

LEAVE_AFTER_SECONDS = 8.0


def main() -> None:
    EmbeddedService(app, thread=True).start()
    worker_shutting_down.connect(_leave_soon)
    app.worker_main(
        ["worker", "--pool=threads", "--concurrency=2", "--without-gossip", "--without-mingle", "--loglevel=INFO"]
    )


def _leave_soon(**_: Any) -> None:
    """A thread can't be interrupted: what still runs then goes back to the queue, unfinished."""
    timer = threading.Timer(LEAVE_AFTER_SECONDS, _leave)
    timer.daemon = True
    timer.start()


def _leave() -> None:
    app.pool.force_close_all()
    os._exit(0)


if __name__ == "__main__":
    main()
