"""Which GPUs a worker gives its jobs, and whose energy is counted: by a driver's tool and library that are made up."""

import ctypes
from types import SimpleNamespace

import pytest
import torch

from workers import celery
from workers.lib import energy, gpus
from workers.supervisor import gauge, making, offers
from workers.supervisor.gauge import Gauge

TOOL = """#!/bin/sh
echo "0, GPU-aaaa-1, NVIDIA H200, 143771, 10, 0"
echo "1, GPU-bbbb-2, NVIDIA H200, 143771, 20, 5"
echo "2, GPU-abcd-3, NVIDIA L4, 23034, [N/A], [N/A]"
"""


@pytest.fixture
def three(tmp_path, monkeypatch):
    (tool := tmp_path / "nvidia-smi").write_text(TOOL)
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")


@pytest.mark.parametrize(
    ("device", "visible", "found"),
    [
        ("cuda", None, [0]),
        ("cuda:2,0,2", None, [2, 0]),
        ("cuda:1", "2,1", [1]),
        ("cuda:0,1", "GPU-abcd-3,GPU-bbbb", [2, 1]),
        ("cuda:0", "1,7,2", [1]),
        ("cpu", None, []),
    ],
)
def test_devices_count_among_those_that_are_left_to_the_worker(three, device, visible, found):
    assert [gpu.index for gpu in gpus.chosen(device, visible)] == found


@pytest.mark.parametrize(
    ("device", "visible", "slots", "said"),
    [
        ("cuda:1", "1,7,2", 1, "This machine has cpu and cuda:0."),
        ("cuda:0", "GPU-a", 1, "no GPU"),
        ("cuda:0", "", 1, "no GPU"),
        ("cuda:0", None, 2, "2 slots, and --device names 1. Start it with --slots 1"),
        ("cuda:0,0", None, 2, "--device names 1"),
    ],
)
def test_what_is_not_there_is_refused(three, device, visible, slots, said):
    with pytest.raises(gpus.NoSuchDevice, match=said):
        gpus.chosen(device, visible, slots)


def test_a_worker_has_the_gpus_that_it_was_told(three, tmp_path, monkeypatch):
    monkeypatch.setattr(offers, "gather", tuple)
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "2,1,0")
    told = {"url": "http://127.0.0.1:1", "token": "hsw_a", "slots": 2, "threads": 1, "name": "here", "memory": 1}
    made = making.make(
        **told, device="cuda:0,1", folder=tmp_path, spare_minutes=0, cache_gb=0.5, visible=celery.visible_devices()
    )
    assert (made.site.gpus, made.site.gpus_of(1, 1), made.site.shelf.most) == ((2, 1), (1,), 500_000_000)
    assert (made._who.hardware.gpu, made._who.hardware.gpus, made._who.device_class) == ("NVIDIA L4", 2, "gpu-24")


@pytest.mark.parametrize(("own", "used"), [((), []), ((1,), [20 << 20]), ((2, 0), [0, 10 << 20])])
def test_only_a_jobs_own_gpus_are_told(three, own, used):
    assert [each["memory_bytes"] for each in gauge._gpus(own)] == used
    assert Gauge(own)._gpus == own


class Nvml:
    """A GPU's energy in millijoules, by its UUID."""

    used = {b"GPU-bbbb-2": 7_000}

    def nvmlInit_v2(self):
        return 0

    def nvmlDeviceGetHandleByUUID(self, uuid, handle):
        handle._obj.value = self.used.get(uuid, 0)
        return 0 if uuid in self.used else 6

    def nvmlDeviceGetTotalEnergyConsumption(self, handle, counted):
        counted._obj.value = handle.value or 0
        return 0


@pytest.mark.parametrize(("uuid", "joules"), [("bbbb-2", 7.0), ("aaaa-1", None)])
def test_energy_is_that_of_the_gpu_which_the_process_sees(monkeypatch, uuid, joules):
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: Nvml())
    monkeypatch.setattr(torch.cuda, "get_device_properties", lambda _device: SimpleNamespace(uuid=uuid))
    assert energy.joules("cuda") == joules
    assert energy.joules("cpu") is None
