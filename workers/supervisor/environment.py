"""What a job's process gets: its command, a few variables, limits. Nothing of ours is handed down."""

import shutil
import sys
from collections.abc import Sequence
from pathlib import Path

from workers.supervisor.site import Site

_OWN = Path(__file__).resolve().parents[2]
# No memory images of crashed processes.
LIMITS = {"CORE": 0, "NOFILE": 4096}
_PROGRAMS = "/usr/local/bin:/usr/bin:/bin"


def command(site: Site, place: Path, gpus: int) -> list[str]:
    """The runner over a folder; one process for each device where the job has several."""
    return [*site.runner, str(place)] if gpus <= 1 else [*site.spreader, str(place), str(gpus)]


def variables(place: Path, *, threads: int, gpus: Sequence[int]) -> dict[str, str]:
    home = place / "home"
    return {
        "PATH": f"{Path(sys.executable).parent}:{_PROGRAMS}",
        "PYTHONPATH": str(_OWN),
        "HOME": str(home),
        "TMPDIR": str(place / "tmp"),
        "LANG": "C.UTF-8",
        "HF_HOME": str(home / "hf"),
        "MPLCONFIGDIR": str(home / "mpl"),
        "MPLBACKEND": "Agg",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONHASHSEED": "0",
        "TOKENIZERS_PARALLELISM": "false",
        "TRANSFORMERS_VERBOSITY": "error",
        # Several processes of one job meet on loopback, the only network that they have.
        "NCCL_SOCKET_IFNAME": "lo",
        "GLOO_SOCKET_IFNAME": "lo",
        # As the driver's tool numbers them, by which they were chosen.
        "CUDA_DEVICE_ORDER": "PCI_BUS_ID",
        "CUDA_VISIBLE_DEVICES": ",".join(map(str, gpus)),
        "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
        # Threads that wait for each other sleep: spinning, they made a step 27 times slower where the hub and others
        # want the same cores.
        "OMP_WAIT_POLICY": "PASSIVE",
        **dict.fromkeys(("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_DATASETS_OFFLINE"), "1"),
        **dict.fromkeys(("HF_HUB_DISABLE_TELEMETRY", "HF_HUB_DISABLE_PROGRESS_BARS"), "1"),
        **dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"), str(threads)),
    }


def limits(place: Path) -> dict[str, int]:
    """Besides, no file larger than what the disk has left now."""
    return {**LIMITS, "FSIZE": max(1 << 30, shutil.disk_usage(place).free)}
