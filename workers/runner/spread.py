"""Run the job of a folder in several processes, one a device: `python -m workers.runner.spread FOLDER RANKS`.

torchrun, as a library, starts them and ends the others when one fails. Its exit code is always 1 and it gives those it
ends 30 seconds: so this reads the codes of the processes from it, and a SIGTERM becomes a file that the first process
looks for after each step, however long saving then takes. Ends as one process alone would.
"""

import logging
import signal
import sys
import threading
from collections.abc import Iterable
from pathlib import Path

from workers.contract import Exit
from workers.lib.folder import STOP
from workers.runner.seat import LEFT_ALONE

_HERE = "127.0.0.1"
# Seconds from a process's failure until the others are killed that don't go when they are told.
_PATIENCE = 5


def main(arguments: list[str]) -> int:
    folder, ranks = Path(arguments[0]).absolute(), int(arguments[1])
    signal.signal(signal.SIGTERM, lambda *_: (folder / STOP).touch())
    codes: list[int] = []
    # In the main thread torchrun would take the signal for itself.
    thread = threading.Thread(target=lambda: codes.append(_run(folder, ranks)))
    thread.start()
    thread.join()
    return codes[0] if codes else Exit.BUG


def _run(folder: Path, ranks: int) -> int:
    from torch.distributed.elastic.multiprocessing.errors import ChildFailedError
    from torch.distributed.launcher.api import LaunchConfig, elastic_launch

    logging.getLogger("torch.distributed.elastic").setLevel(logging.ERROR)
    config = LaunchConfig(
        min_nodes=1,
        max_nodes=1,
        nproc_per_node=ranks,
        run_id=folder.name,
        rdzv_backend="c10d",
        rdzv_endpoint=f"{_HERE}:0",
        local_addr=_HERE,
        max_restarts=0,
        shutdown_timeout=_PATIENCE,
    )
    try:
        elastic_launch(config, sys.executable)("-m", "workers.runner", str(folder), "${local_rank}", str(ranks))
    except ChildFailedError as failed:
        return cause(each.exitcode for each in failed.failures.values())
    return Exit.DONE


def cause(codes: Iterable[int]) -> int:
    """Of the codes that processes ended with (-n: by signal n), the one that all the others follow from."""
    first = min(codes, key=_distance)
    return 128 - first if first < 0 else Exit.BUG if first == LEFT_ALONE else first


def _distance(code: int) -> int:
    """From the cause: killed by somebody, failed by itself, left alone by the others, ended on our word."""
    if code < 0:
        return 3 if code == -signal.SIGTERM else 0
    return 2 if code == LEFT_ALONE else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
