"""What a GPU says it used (NVML)."""

import ctypes


def joules(device: str) -> float | None:
    """Since its driver was loaded, by its own counter; None where there is none."""
    if device == "cpu":
        return None
    try:
        library = ctypes.CDLL("libnvidia-ml.so.1")
    except OSError:
        return None
    handle, counted = ctypes.c_void_p(), ctypes.c_ulonglong()
    answers = (
        library.nvmlInit_v2(),
        library.nvmlDeviceGetHandleByUUID(_uuid(device).encode(), ctypes.byref(handle)),
        library.nvmlDeviceGetTotalEnergyConsumption(handle, ctypes.byref(counted)),
    )
    return None if any(answers) else counted.value / 1000


def _uuid(device: str) -> str:
    """The driver counts all GPUs of the machine, this process only those that it may see: their numbers differ."""
    import torch

    return f"GPU-{torch.cuda.get_device_properties(device).uuid}"
