"""How busy a job keeps its machine."""

from collections.abc import Sequence
from typing import Any

from workers.lib import devices, gpus
from workers.lib.clock import monotonic

SECONDS = 1.0
# Of what is measured each second, so much is told.
_TELL_EVERY = 5.0


class Gauge:
    """Looks at a process tree, and at the GPUs that it has by these numbers, once a second, whoever asks."""

    def __init__(self, gpus: Sequence[int] = ()) -> None:
        self._gpus = gpus
        self._looked_at = self._told_at = 0.0
        self._spent: dict[int, float] = {}
        self._now: dict[str, Any] = {}
        self.memory = self._peak = 0
        self._began_at = self._cpu_seconds = 0.0

    def look(self, pid: int) -> None:
        now = monotonic()
        since = now - self._looked_at
        if since < SECONDS:
            return
        used, self._spent = devices.tree_usage(pid, self._spent)
        self._began_at = self._began_at or now
        self.memory = used["memory_bytes"]
        self._peak = max(self._peak, self.memory)
        self._cpu_seconds += used["cpu_seconds"]
        if self._looked_at:
            percent = round(100 * used["cpu_seconds"] / since, 1)
            self._now = {"cpu_percent": percent, "memory_bytes": self.memory, "gpu": _gpus(self._gpus)}
        self._looked_at = now

    def take(self) -> dict[str, Any] | None:
        """What is to be told now, if anything is."""
        if not self._now or monotonic() - self._told_at < _TELL_EVERY:
            return None
        told, self._now, self._told_at = self._now, {}, monotonic()
        return told

    def usage(self) -> dict[str, Any]:
        """For the result: seconds of the process, processor seconds, the most memory it had."""
        seconds = max(0.0, self._looked_at - self._began_at)
        return {
            "seconds": round(seconds, 1),
            "cpu_seconds": round(self._cpu_seconds, 1),
            "peak_memory_bytes": self._peak,
        }


def _gpus(own: Sequence[int]) -> list[dict[str, Any]]:
    found = {gpu.index: gpu for gpu in gpus.gpus()} if own else {}
    mine = [found[number] for number in own if number in found]
    return [{"memory_bytes": gpu.used, "utilization": gpu.utilization} for gpu in mine]
