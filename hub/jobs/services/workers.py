"""Workers: added by administrators, joined by themselves."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from hub.accounts.errors import BadName, NameTaken, NotAllowed
from hub.accounts.models import validate_name
from hub.accounts.selectors import token_digest
from hub.accounts.viewer import Viewer
from hub.audit.services import record
from hub.core import clock
from hub.core.errors import InvalidInput
from hub.core.ids import new_secret
from hub.core.transactions import write_transaction
from hub.jobs.models import Offer, Worker
from hub.jobs.orders import MOST_DEVICES
from hub.jobs.services.leases import take_back
from workers import contract

_OFFERS = 200


def add_worker(*, by: Viewer, name: str) -> tuple[Worker, str]:
    """A worker and the secret of its token, which is told here and never again. Raises `NotAllowed`, `BadName`,
    `NameTaken`."""
    _check(by)
    try:
        validate_name(name)
    except ValidationError as error:
        raise BadName(f"{name[:100]!r} can't be the name of a worker. {error.messages[0]}") from error
    secret = f"hsw_{new_secret()}"
    worker = Worker(name=name, sha256=token_digest(secret), hint=secret[-4:], added_by=_name(by))
    try:
        with write_transaction():
            worker.save(force_insert=True)
            record(by=_name(by), action="worker.add", subject=name, worker=worker.public_id)
    except IntegrityError as error:
        raise NameTaken(f"There is a worker called {name!r}, or there was one. Choose another name.") from error
    return worker, secret


def revoke_worker(*, by: Viewer, worker: Worker) -> None:
    """Its token opens nothing any more, and what it has goes back to the queue at once. Again changes nothing."""
    _check(by)
    with write_transaction():
        if Worker.objects.filter(pk=worker.pk, revoked_at=None).update(revoked_at=clock.now()):
            count = take_back(worker)
            record(by=_name(by), action="worker.revoke", subject=worker.name, jobs=count)


def drain(*, by: Viewer, worker: Worker, on: bool) -> None:
    """Take no new jobs and give back what it has, at its next checkpoint; or (`on` False) work again."""
    _check(by)
    with write_transaction():
        if Worker.objects.filter(pk=worker.pk).exclude(is_draining=on).update(is_draining=on):
            record(by=_name(by), action="worker.drain", subject=worker.name, on=on)


def join(*, worker: Worker, told: contract.Join) -> contract.Joined:
    """Note what the worker is and offers; what it had before is left to its leases. Raises `InvalidInput`."""
    device_class = _device_class(told)
    offers = told.offers[:_OFFERS]
    hardware = told.hardware
    with write_transaction():
        Worker.objects.filter(pk=worker.pk).update(
            device=told.device[:40],
            device_class=device_class,
            slots=min(max(told.slots, 1), 64),
            spread=min(max(told.spread, 1), MOST_DEVICES),
            memory_bytes=max(hardware.memory, 0),
            gpu_memory_bytes=max(hardware.gpu_memory, 0),
            hardware=hardware.to_json(),
            versions={str(name)[:60]: str(version)[:60] for name, version in told.versions.items()},
            offers=[_key(offer) for offer in offers],
            kill=told.kill[:40],
            joined_at=clock.now(),
            heard_at=clock.now(),
        )
        for offer in offers:
            _write_offer(offer)
    return contract.Joined(
        worker=worker.name,
        queues=tuple(each.queue for each in device_class.takes()),
        look_seconds=settings.JOB_LOOK_SECONDS,
        renew_seconds=settings.JOB_LEASE_SECONDS / 6,
        lease_seconds=settings.JOB_LEASE_SECONDS,
    )


def heard(*, worker: Worker) -> bool:
    """Note that it lives; whether it is to drain."""
    with write_transaction():
        Worker.objects.filter(pk=worker.pk).update(heard_at=clock.now())
    return Worker.objects.filter(pk=worker.pk, is_draining=True).exists()


def _write_offer(offer: contract.Offer) -> None:
    body = {"body": offer.to_json(), "seen_at": clock.now()}
    Offer.objects.update_or_create(kind=offer.kind, name=offer.name, version=offer.version, defaults=body)


def _key(offer: contract.Offer) -> str:
    if len(offer.kind) > 10 or len(offer.name) > 60 or len(offer.version) > 20:
        raise InvalidInput(f"The offer {offer.name[:60]!r} has a kind, name or version that is too long.")
    return f"{offer.kind}/{offer.name}@{offer.version}"


def _device_class(told: contract.Join) -> contract.DeviceClass:
    try:
        return contract.DeviceClass(told.device_class)
    except ValueError as error:
        known = ", ".join(contract.DeviceClass)
        raise InvalidInput(f"{told.device_class[:40]!r} is no device class. They are {known}.") from error


def _check(by: Viewer) -> None:
    if not by.is_admin:
        raise NotAllowed("Only an administrator of this hub can add, drain and withdraw workers.")


def _name(by: Viewer) -> str:
    return by.name or "system"
