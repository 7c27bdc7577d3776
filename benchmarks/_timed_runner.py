"""`workers.runner` that also writes down how long its reports took: `python -m benchmarks._timed_runner FOLDER`."""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workers.lib.events import Journal
from workers.runner import __main__ as runner


class Timed(Journal):
    """A journal that counts its own seconds."""

    seconds = 0.0

    def progress(self, *told: Any, **more: Any) -> None:
        self._count(super().progress, *told, **more)

    def metric(self, *told: Any, **more: Any) -> None:
        self._count(super().metric, *told, **more)

    def _count(self, tell: Callable[..., None], *told: Any, **more: Any) -> None:
        began = time.perf_counter()
        tell(*told, **more)
        Timed.seconds += time.perf_counter() - began


if __name__ == "__main__":
    runner.Journal = Timed  # type: ignore[misc]
    code = runner.main(sys.argv[1:])
    Path(sys.argv[1], "reports.txt").write_text(f"{Timed.seconds}\n")
    sys.exit(code)
