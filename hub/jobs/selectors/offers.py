"""What workers offer, and which of them could take a job."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings

from hub.accounts.viewer import Viewer
from hub.core import clock
from hub.core.errors import NotSignedIn
from hub.jobs.models import Offer, Worker
from workers import contract
from workers.contract import DeviceClass

RECIPE, SUITE, RANKING = "recipe", "suite", "ranking"
# A worker may say it by the kind of job.
_KINDS = {"finetune": RECIPE, "evaluate": SUITE, "rank": RANKING}


@dataclass(frozen=True)
class OfferAt:
    """The newest version that is offered. `workers` have it, `awake` of them were heard of lately; with the widest a
    job of it has `spread` devices at once."""

    key: str
    offer: contract.Offer
    workers: tuple[str, ...]
    awake: tuple[str, ...]
    spread: int = 1


@dataclass(frozen=True)
class WorkerAt:
    """A worker as orders see it. `memory` is what one job on its device may have at most, in bytes; `spread` how many
    devices a job may have at once."""

    name: str
    device: DeviceClass
    memory: int
    slots: int
    is_awake: bool
    offers: frozenset[str]
    spread: int = 1

    def takes(self, device: DeviceClass) -> bool:
        return device in self.device.takes()


def list_offers(*, kind: str = "", task: str = "") -> list[OfferAt]:
    """By kind and title. What nobody offers any more is left out."""
    workers = workers_at()
    found: dict[tuple[str, str], OfferAt] = {}
    for row in sorted(Offer.objects.all(), key=lambda row: _order(row.version)):
        having = [worker for worker in workers if row.key in worker.offers]
        if having:
            at = _at(row, having)
            found[at.offer.kind, row.name] = at
    wanted = [each for each in found.values() if not kind or each.offer.kind == kind]
    wanted = [each for each in wanted if not task or not each.offer.tasks or task in each.offer.tasks]
    return sorted(wanted, key=lambda each: (each.offer.kind, each.offer.title.lower()))


def find_offer(kind: str, name: str) -> OfferAt | None:
    return next((each for each in list_offers(kind=kind) if each.offer.name == name), None)


def workers_at() -> list[WorkerAt]:
    """Those that ever joined and aren't withdrawn, by name. One query."""
    rows = Worker.objects.filter(revoked_at=None).exclude(joined_at=None).exclude(device_class="").order_by("name")
    return [_worker(row) for row in rows]


def list_workers(viewer: Viewer) -> list[WorkerAt]:
    """For people: their names say something of the house, so it takes an account. Raises `NotSignedIn`."""
    if not viewer.is_signed_in and not viewer.is_admin:
        raise NotSignedIn("Sign in, or send an access token, to see the workers of this hub.")
    return workers_at()


def is_awake(worker: Worker) -> bool:
    """Heard of lately, and taking jobs."""
    since = clock.now() - dt.timedelta(seconds=settings.WORKER_SILENT_AFTER)
    return worker.heard_at is not None and worker.heard_at >= since and not worker.is_draining


def _at(row: Offer, having: list[WorkerAt]) -> OfferAt:
    awake = tuple(worker.name for worker in having if worker.is_awake)
    offer = contract.Offer.from_json({**row.body, "kind": _KINDS.get(row.kind, row.kind)})
    spread = max(worker.spread for worker in having) if offer.spreads else 1
    return OfferAt(row.key, offer, tuple(worker.name for worker in having), awake, spread)


def room_of(worker: Worker) -> int:
    """What one job on the worker's device may have at most, in bytes."""
    device = DeviceClass(worker.device_class)
    shared = worker.memory_bytes // max(1, worker.slots)
    return shared if device is DeviceClass.CPU else worker.gpu_memory_bytes or device.memory_bytes


def _worker(row: Worker) -> WorkerAt:
    device = DeviceClass(row.device_class)
    memory, is_heard = room_of(row), is_awake(row)
    return WorkerAt(row.name, device, memory, row.slots, is_heard, frozenset(row.offers), row.spread)


def _order(version: str) -> list[tuple[int, str]]:
    """1.10 after 1.9."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in version.split(".")]
