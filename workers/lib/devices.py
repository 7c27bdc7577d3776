"""What this machine has, and how busy it is, without touching a device: a GPU is asked about by its driver's tool."""

import contextlib
import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workers.contract import DeviceClass, Hardware

_QUERY = "index,name,memory.total,memory.used,utilization.gpu"
_MIB = 1 << 20
_CGROUP_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


class NoSuchDevice(Exception):
    """What `--device` asks for is not on this machine."""


@dataclass(frozen=True)
class Gpu:
    index: int
    name: str
    memory: int
    used: int
    utilization: float


def gpus() -> list[Gpu]:
    """Empty where there is no driver."""
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return []
    command = [tool, f"--query-gpu={_QUERY}", "--format=csv,noheader,nounits"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return []
    return [_gpu(line) for line in done.stdout.splitlines() if line.count(",") == 4] if done.returncode == 0 else []


def _gpu(line: str) -> Gpu:
    index, name, total, used, busy = (part.strip() for part in line.split(","))
    return Gpu(int(index), name, _number(total) * _MIB, _number(used) * _MIB, float(_number(busy)))


def _number(text: str) -> int:
    """0 where the driver says [N/A]."""
    return int(float(text)) if text.replace(".", "", 1).isdigit() else 0


def chosen(device: str) -> list[Gpu]:
    """The GPUs of `cuda:0` or `cuda:0,1`, in that order; none for `cpu`. Raises NoSuchDevice."""
    if device == "cpu":
        return []
    kind, _, numbers = device.partition(":")
    known = {gpu.index: gpu for gpu in gpus()}
    wanted = [part.strip() for part in numbers.split(",")] if numbers else ["0"]
    if kind != "cuda" or not all(part.isdigit() and int(part) in known for part in wanted):
        there = ", ".join(f"cuda:{index}" for index in known) or "no GPU"
        raise NoSuchDevice(f"There is no device {device!r} here. This machine has cpu and {there}.")
    return [known[int(part)] for part in wanted]


def device_class(found: list[Gpu]) -> DeviceClass:
    """The largest class that the smallest of these GPUs fills; CPU where there is none, or it is too small."""
    memory = min((gpu.memory for gpu in found), default=0)
    # A card sold as 24 GB reports a little less than that.
    fits = [each for each in DeviceClass if each.memory_bytes and each.memory_bytes <= memory * 1.06]
    return max(fits, key=lambda each: each.memory_bytes, default=DeviceClass.CPU)


def hardware(device: str, folder: Path) -> Hardware:
    """Raises NoSuchDevice."""
    found = chosen(device)
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
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


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
