"""GPUs, asked about by their driver's tool: no device is touched."""

import shutil
import subprocess
from dataclasses import dataclass

from workers.contract import DeviceClass

_QUERY = "index,uuid,name,memory.total,memory.used,utilization.gpu"


_MIB = 1 << 20


class NoSuchDevice(Exception):
    """What `--device` asks for is not on this machine."""


@dataclass(frozen=True)
class Gpu:
    index: int
    name: str
    memory: int
    used: int
    utilization: float
    uuid: str = ""


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
    return [_gpu(line) for line in done.stdout.splitlines() if line.count(",") == 5] if done.returncode == 0 else []


def _gpu(line: str) -> Gpu:
    index, uuid, name, total, used, busy = (part.strip() for part in line.split(","))
    return Gpu(int(index), name, _number(total) * _MIB, _number(used) * _MIB, float(_number(busy)), uuid)


def _number(text: str) -> int:
    """0 where the driver says [N/A]."""
    return int(float(text)) if text.replace(".", "", 1).isdigit() else 0


def chosen(device: str, visible: str | None = None, slots: int = 1) -> list[Gpu]:
    """The GPUs of `cuda:0` or `cuda:0,1`, in that order, each once; none for `cpu`. They count among those that
    `visible` (CUDA_VISIBLE_DEVICES; None: not set) leaves. Raises NoSuchDevice, also where slots would go without."""
    if device == "cpu":
        return []
    kind, _, numbers = device.partition(":")
    known = dict(enumerate(_seen(gpus(), visible)))
    wanted = [part.strip() for part in numbers.split(",")] if numbers else ["0"]
    if kind != "cuda" or not all(part.isdigit() and int(part) in known for part in wanted):
        there = ", ".join(f"cuda:{index}" for index in known) or "no GPU"
        raise NoSuchDevice(f"There is no device {device!r} here. This machine has cpu and {there}.")
    found = [known[number] for number in dict.fromkeys(map(int, wanted))]
    if slots > len(found):
        raise NoSuchDevice(_too_few(slots, len(found)))
    return found


def _too_few(slots: int, there: int) -> str:
    needs = f"Each slot needs a GPU of its own: {slots} slots, and --device names {there}."
    return f"{needs} Start it with --slots {there}, or name more GPUs, such as --device cuda:0,1."


def _seen(there: list[Gpu], visible: str | None) -> list[Gpu]:
    """In the order of `visible`, numbers or (beginnings of) UUIDs; as for CUDA, the first that isn't there ends it."""
    if visible is None:
        return there
    found: list[Gpu] = []
    for name in (part.strip() for part in visible.split(",")):
        fits = [gpu for gpu in there if name == str(gpu.index) or ("GPU-" in name and gpu.uuid.startswith(name))]
        if len(fits) != 1:
            break
        found += fits
    return found


def device_class(found: list[Gpu]) -> DeviceClass:
    """The largest class that the smallest of these GPUs fills; CPU where there is none, or it is too small."""
    memory = min((gpu.memory for gpu in found), default=0)
    # A card sold as 24 GB reports a little less than that.
    fits = [each for each in DeviceClass if each.memory_bytes and each.memory_bytes <= memory * 1.06]
    return max(fits, key=lambda each: each.memory_bytes, default=DeviceClass.CPU)
