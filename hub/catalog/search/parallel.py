"""Queries of one search at the same time: the library lets go of the interpreter while it works."""

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")
_MOST = 4


def start(function: Callable[..., T], *given: object) -> Future[T]:
    """Begin; the future's result is the function's. It must not touch the database."""
    return _pool(os.getpid()).submit(function, *given)


@lru_cache(maxsize=1)
def _pool(_process: int) -> ThreadPoolExecutor:
    """Each process has its own: threads don't outlive a fork."""
    return ThreadPoolExecutor(min(os.cpu_count() or 1, _MOST), thread_name_prefix="search")
