"""The worker's Celery application: it hears the bell, and nothing else. torch is never imported here.

Jobs run in processes of their own, so the pool is one thread. While all slots are taken the worker doesn't listen: the
bell rings for another. The message is acknowledged early: that a job is run, and by one worker only, is the hub's
business, and a lost bell is made up for by looking.
"""

import logging
import os
import signal
import threading
from collections.abc import Sequence
from typing import Any

from celery import Celery
from celery.signals import worker_ready, worker_shutting_down

from workers import tasks
from workers.supervisor.worker import NotWanted, Worker

log = logging.getLogger(__name__)
GONE, NOT_WANTED = 1, 4
# Celery sets the level of all logs: without a word from us INFO would go.
_OPTIONS = (
    *("--pool=threads", "--concurrency=1", "--loglevel=INFO"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
)


def application(broker: str) -> Celery:
    # Without fixups: one of Celery's own would load the whole hub where an environment names its settings.
    app = Celery("headstart-worker", broker=broker, set_as_current=False, fixups=[])
    app.conf.update(
        task_acks_late=False,
        task_ignore_result=True,
        task_serializer="json",
        accept_content=["json"],
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_send_task_events=False,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_channel_error_retry=True,
    )
    return app


class Listener:
    """A worker and the Celery consumer that rings it, in one process."""

    def __init__(self, broker: str, worker: Worker, queues: Sequence[str]) -> None:
        self.app, self._worker, self._queues = application(broker), worker, tuple(queues)
        self._consumer: Any = None
        self._is_open = True
        worker.on_room = self._listen
        tasks.register(self.app, worker)

    def run(self) -> None:
        """Until SIGTERM or SIGINT, or until the hub wants the worker no more; ends the process."""
        worker_ready.connect(self._ready, weak=False)
        worker_shutting_down.connect(self._shutting_down, weak=False)
        # Until Celery has handlers of its own.
        _drain_on_signals(self._worker)
        threading.Thread(target=self._work, name="worker").start()
        host = f"jobs-{os.getpid()}@{os.uname().nodename}"
        self.app.worker_main(["worker", *_OPTIONS, f"--queues={','.join(self._queues)}", f"--hostname={host}"])

    def _ready(self, *, sender: Any, **_: object) -> None:
        self._consumer = sender
        self._listen(self._worker.free > 0)

    def _listen(self, has_room: bool) -> None:
        """Hear the bell only while there is room. Any thread may call this; Celery's own does it."""
        if self._consumer is None or has_room == self._is_open:
            return
        self._is_open = has_room
        change = self._consumer.add_task_queue if has_room else self._consumer.cancel_task_queue
        for name in self._queues:
            self._consumer.call_soon(change, name)

    def _shutting_down(self, **_: object) -> None:
        """Jobs save and are given back meanwhile. Celery itself would wait for its broker, which may be gone."""
        self._worker.drain()

    def _work(self) -> None:
        code = GONE
        try:
            self._worker.run()
            code = 0
        except NotWanted as error:
            log.error("%s", error)
            code = NOT_WANTED
        except Exception:
            log.exception("the worker broke")
        finally:
            logging.shutdown()
            os._exit(code)


def serve_without_broker(worker: Worker) -> None:
    """Look for jobs, hearing no bell, until SIGTERM or SIGINT. Raises NotWanted."""
    _drain_on_signals(worker)
    worker.run()


def _drain_on_signals(worker: Worker) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.drain())


def token_in_environment() -> str:
    """The worker's token, taken out of the environment so that no child has it."""
    return os.environ.pop("HEADSTART_WORKER_TOKEN", "")


def visible_devices() -> str | None:
    """The GPUs that whoever started the worker left to it; None: all."""
    return os.environ.get("CUDA_VISIBLE_DEVICES")
