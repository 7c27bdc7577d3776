"""Progress bars on standard error, for someone who looks."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sdk import _config


@contextmanager
def bar(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar of bytes; what it gives is called, from any thread, with the number of further bytes."""
    if not total or not _config.wants_progress():
        yield _ignore
        return
    import tqdm

    lock = threading.Lock()
    with tqdm.tqdm(desc=label, total=total, unit="B", unit_scale=True, unit_divisor=1024, mininterval=0.2) as drawn:

        def add(count: int) -> None:
            with lock:
                drawn.update(count)

        yield add


def _ignore(_count: int) -> None:
    """Nobody looks."""
