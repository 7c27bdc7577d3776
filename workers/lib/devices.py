"""What this machine has, and how busy it is, without touching a device: a GPU is asked about by its driver's tool."""

import contextlib
import os
import platform
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from workers.contract import Hardware
from workers.lib.gpus import Gpu

_CGROUP_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
_CGROUP_SHARE = Path("/sys/fs/cgroup/cpu.max")


def hardware(found: Sequence[Gpu], folder: Path) -> Hardware:
    """With these of its GPUs."""
    return Hardware(
        cores=cores(),
        memory=memory(),
        disk=shutil.disk_usage(folder).free,
        cpu=_cpu_name(),
        gpu=found[0].name if found else "",
        gpus=len(found),
        gpu_memory=min((gpu.memory for gpu in found), default=0),
    )


def cores() -> int:
    """Those that this process may use, or as many as a container's share of the time is worth."""
    own = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with contextlib.suppress(OSError, ValueError):
        quota, period = map(int, _CGROUP_SHARE.read_text().split())
        return max(1, min(own, quota // period))
    return own


def memory() -> int:
    """Bytes that this process and its children may use: the machine's, or a container's limit."""
    import psutil

    limits = [int(psutil.virtual_memory().total)]
    for name in _CGROUP_LIMITS:
        with contextlib.suppress(OSError, ValueError):
            limits.append(int(Path(name).read_text()))
    return min(limits)


def _cpu_name() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def tree_usage(pid: int, before: dict[int, float]) -> tuple[dict[str, Any], dict[int, float]]:
    """Memory and CPU seconds of a process and all below it: {memory_bytes, cpu_seconds} of those that live, where
    cpu_seconds counts what was spent since `before` (by pid); and what to hand in the next time."""
    import psutil

    spent: dict[int, float] = {}
    resident = 0
    with contextlib.suppress(psutil.Error):
        top = psutil.Process(pid)
        for each in (top, *top.children(recursive=True)):
            with contextlib.suppress(psutil.Error):
                times = each.cpu_times()
                spent[each.pid] = float(times.user + times.system)
                resident += int(each.memory_info().rss)
    since = sum(max(0.0, seconds - before.get(pid, 0.0)) for pid, seconds in spent.items())
    return {"memory_bytes": resident, "cpu_seconds": since}, spent
