"""A worker from what its command line says."""

import shutil
from dataclasses import replace
from pathlib import Path

from workers.contract import Join
from workers.executors.subprocess import Subprocesses, best_way
from workers.lib import devices, gpus
from workers.lib.hub import Hub
from workers.supervisor import offers
from workers.supervisor.porter import Errands
from workers.supervisor.shelf import Shelf, size
from workers.supervisor.site import WAITING, Site
from workers.supervisor.worker import Worker

_MEMORY_SHARE = 0.9


def make(
    *,
    url: str,
    token: str,
    device: str,
    slots: int,
    threads: int,
    name: str,
    folder: Path,
    memory: int,
    spare_minutes: float,
    cache_gb: float | None = None,
    visible: str | None = None,
) -> Worker:
    """Look at the machine, gather what it can do. Raises NoSuchDevice, NoOffers."""
    found = gpus.chosen(device, visible, slots)
    site = _site(url, token, device, slots, threads, folder, memory)
    site = replace(site, spare_seconds=60 * spare_minutes, gpus=tuple(gpu.index for gpu in found))
    site = replace(site, shelf=_shelf(folder / "cache", cache_gb))
    # What jobs may take together: of the machine's memory a share stays with the system, or its owner says how much.
    hardware = replace(devices.hardware(found, folder), memory=site.memory * slots)
    who = Join(
        name=name,
        device=device,
        device_class=gpus.device_class(found),
        slots=slots,
        hardware=hardware,
        versions=offers.versions(),
        offers=offers.gather(),
        kill=site.executor.way,
        spread=max(1, len(found) // slots),
    )
    return Worker(site, who)


def _shelf(cache: Path, gigabytes: float | None) -> Shelf:
    """Half of what its disk can give, where nobody says."""
    cache.mkdir(exist_ok=True)
    half = (shutil.disk_usage(cache).free + size(cache)) // 2
    return Shelf(cache, half if gigabytes is None else int(gigabytes * 1e9))


def _site(url: str, token: str, device: str, slots: int, threads: int, folder: Path, memory: int) -> Site:
    jobs, logs = folder / "jobs", folder / "logs"
    for each in (jobs, logs, probe := folder / "probe"):
        each.mkdir(exist_ok=True)
    return Site(
        hub=Hub(url, token),
        folder=jobs,
        executor=Subprocesses(best_way(probe)),
        porter=Errands(url, folder / "cache", logs / "errands.log"),
        device=device,
        threads=threads or max(1, devices.cores() // slots),
        slots=slots,
        waiting=WAITING,
        memory=memory or int(devices.memory() * _MEMORY_SHARE) // slots,
    )
