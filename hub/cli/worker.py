"""The hub's background worker, its clock and its indexer in one process (`python -m hub.cli.worker`).

Tasks run in threads: they wait for disk and database most of the time, two of them let a long scrub run beside an index
update, and a pool of processes would cost their memory again. The indexer is nice to the rest.
"""

import logging
import os
import sys
import threading
from typing import Any

import django
from celery.beat import EmbeddedService
from celery.signals import worker_shutting_down
from django.conf import settings

from hub.celery import app

logger = logging.getLogger(__name__)
LEAVE_AFTER_SECONDS = 8.0
_NICENESS = 10


def main() -> None:
    django.setup()
    over = threading.Event()
    worker_shutting_down.connect(lambda **_: over.set(), weak=False)
    threading.Thread(target=_index, args=(over,), name="indexer", daemon=True).start()
    threading.Thread(target=_keep_time, name="clock", daemon=True).start()
    worker_shutting_down.connect(_leave_soon)
    app.worker_main(
        ["worker", "--pool=threads", "--concurrency=2", "--without-gossip", "--without-mingle", "--loglevel=INFO"]
    )


def _index(over: threading.Event) -> None:
    from hub.catalog import services

    if sys.platform == "linux":  # elsewhere it would hold for the whole process
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICENESS)
    services.follow_events(over.is_set, over.wait)


def _keep_time() -> None:
    """Nothing is tended without the clock, so the process ends where it breaks, and is started again."""
    try:
        (settings.DATA_DIR / "run").mkdir(mode=0o700, exist_ok=True)
        EmbeddedService(app, thread=True).run()
    except Exception:
        logger.exception("The clock of the background tasks broke.")
        os._exit(1)


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
