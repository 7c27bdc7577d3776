"""On what a result was made, and what it took."""

import importlib.metadata
import platform
import resource
from typing import Any

from workers.lib import clock
from workers.lib.energy import joules

LIBRARIES = ("torch", "transformers", "accelerate", "peft", "tokenizers", "safetensors", "numpy", "scikit-learn",
             "pandas", "sentence-transformers", "sacrebleu", "rouge-score", "scipy", "seqeval")  # fmt: skip


def report(device: str, seed: int, deterministic: bool, processes: int = 1) -> dict[str, Any]:
    """Versions, device, threads, determinism: what somebody needs who makes the result again."""
    import torch

    on_gpu = device != "cpu"
    return {
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "libraries": versions(),
        "device": torch.cuda.get_device_name() if on_gpu else "cpu",
        "cuda": torch.version.cuda or "",
        "threads": torch.get_num_threads(),
        "processes": processes,
        "seed": seed,
        # On one CPU with one thread count the same kernels add in the same order.
        "deterministic": deterministic or not on_gpu,
    }


def versions() -> dict[str, str]:
    installed = {}
    for name in LIBRARIES:
        try:
            installed[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return installed


class Meter:
    """Counts from when it is made. What only each of several devices could tell of itself (energy) is left out."""

    def __init__(self, device: str, devices: int = 1) -> None:
        self.device, self.devices, self.began = device, devices, clock.monotonic()
        self.joules = joules(device) if devices == 1 else None

    def usage(self) -> dict[str, Any]:
        """Seconds, device seconds, peak memory in bytes; kwh of the GPU where it counts its energy."""
        seconds = clock.monotonic() - self.began
        found = {"seconds": seconds, "device_seconds": seconds * self.devices, "peak_memory": _peak(self.device)}
        now = joules(self.device)
        if self.joules is not None and now is not None:
            found["kwh"] = (now - self.joules) / 3.6e6
        return found


def _peak(device: str) -> int:
    if device == "cpu":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    import torch

    return int(torch.cuda.max_memory_reserved())
