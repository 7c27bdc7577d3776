"""Background tasks: declared with one decorator, enqueued by name, after commit."""

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

from celery import shared_task  # noqa: TID251
from django.db import transaction

from hub.celery import app


def task(name: str, **options: Any) -> Callable[[Callable[..., None]], Any]:
    """Declare a task. Arguments are keyword-only; ones it doesn't know (sent by a newer hub) are ignored."""

    def declare(function: Callable[..., None]) -> Any:
        known = set(inspect.signature(function).parameters)

        @wraps(function)
        def run(**fields: Any) -> None:
            function(**{key: value for key, value in fields.items() if key in known})

        return shared_task(name=name, **options)(run)

    return declare


def enqueue(name: str, **fields: Any) -> None:
    """Send the task once the current transaction is committed (at once, outside one).

    A broker that can't be reached is logged, not raised: what was committed stays, the hourly sweeps catch up.
    """

    def send() -> None:
        app.send_task(name, kwargs=fields)

    transaction.on_commit(send, robust=True)
