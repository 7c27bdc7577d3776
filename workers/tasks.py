"""What the bell sets off. Short: a job never runs in a task."""

from typing import Any

from celery import Celery

from workers import contract
from workers.supervisor.worker import Worker


def register(app: Celery, worker: Worker) -> None:
    """`contract.TASK` rings `worker`. A bell that finds no room is lost: the hub rings again for what still waits."""

    def look(job: str = "", **_: Any) -> None:
        worker.ring(job)

    app.task(name=contract.TASK, ignore_result=True)(look)
