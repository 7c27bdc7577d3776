"""What a model folder weighs, read from headers alone; what the process took of memory."""

import json
import resource
from pathlib import Path

LONGEST_HEADER = 100_000_000


def shapes(folder: Path) -> dict[str, tuple[int, ...]]:
    """Tensors of every safetensors file by name. Raises ValueError for a header that is none."""
    found: dict[str, tuple[int, ...]] = {}
    for path in sorted(folder.glob("*.safetensors")):
        header = _header(path)
        found |= {name: tuple(entry["shape"]) for name, entry in header.items() if name != "__metadata__"}
    return found


def _header(path: Path) -> dict:
    with path.open("rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > LONGEST_HEADER:
            raise ValueError(f"{path.name} has no header of safetensors")
        header: dict = json.loads(file.read(length))
    return header


def peak_memory(device: str) -> tuple[int, str]:
    """Bytes, and what they are of: the GPU's, or the whole process's."""
    if device.startswith("cuda"):
        import torch

        return torch.cuda.max_memory_allocated(device), "on the GPU, allocated at the most"
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, "of the whole process, libraries included"
