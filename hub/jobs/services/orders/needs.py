"""What a job takes, and which device and which workers it fits."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings

from hub.jobs.estimates import Estimate, Facts, estimated
from hub.jobs.faults import Fault
from hub.jobs.selectors.offers import WorkerAt, workers_at
from hub.jobs.selectors.queue import Place, place_for
from workers.contract import Code, DeviceClass

# A device of the least class is good enough where the job is done in so many seconds.
_SHORT = 600


@dataclass(frozen=True)
class Needs:
    """`workers` are those that fit, awake or not."""

    device: DeviceClass
    estimate: Estimate
    workers: tuple[WorkerAt, ...]
    place: Place
    faults: tuple[Fault, ...] = ()
    devices: int = 1


def needs_of(facts: Facts, offers: Sequence[str], *, device: str, priority: int) -> Needs:
    """`offers` as `Offer.key` has them; `device` a class, or empty to let the hub choose."""
    joined = workers_at()
    offering = [each for each in joined if set(offers) <= each.offers]
    able = [each for each in offering if each.spread >= facts.devices]
    chosen, faults = _chosen(facts, able, device)
    estimate = estimated(facts, chosen)
    fitting = tuple(each for each in able if each.takes(chosen) and estimate.fits(each.memory))
    if offering and not able:
        faults = [_too_many(offering, facts.devices)]
    if not faults:
        faults = _of_workers(joined, able, fitting, chosen, estimate, facts)
    return Needs(chosen, estimate, fitting, place_for(chosen, priority, fitting), tuple(faults), facts.devices)


def _chosen(facts: Facts, able: Sequence[WorkerAt], device: str) -> tuple[DeviceClass, list[Fault]]:
    if device and device not in tuple(DeviceClass):
        text = f"There is no device class {device!r}."
        return DeviceClass.CPU, [Fault("device", Code.BAD_SPEC, text, f"Name one of {', '.join(DeviceClass)}.")]
    if device:
        return DeviceClass(device), []
    classes = _fitting(facts, [each for each in able if each.is_awake]) or _fitting(facts, able)
    if not classes:
        return next((each.device for each in able), DeviceClass.CPU), []
    quick = [each for each in classes if (estimated(facts, each).seconds or 0) <= _SHORT]
    return next(iter(quick), classes[-1]), []


def _fitting(facts: Facts, workers: Sequence[WorkerAt]) -> list[DeviceClass]:
    """Classes with a worker that holds the job, the least first."""
    there = {each.device for each in workers if estimated(facts, each.device).fits(each.memory)}
    return [each for each in DeviceClass if each in there]


def _of_workers(
    joined: Sequence[WorkerAt],
    able: Sequence[WorkerAt],
    fitting: Sequence[WorkerAt],
    device: DeviceClass,
    estimate: Estimate,
    facts: Facts,
) -> list[Fault]:
    if not joined:
        advice = "Start one with `headstart worker`, or ask an administrator of this hub."
        return [Fault("device", "no_worker", "No worker has joined this hub.", advice)]
    if fitting:
        return [] if any(each.is_awake for each in fitting) else [_asleep(fitting)]
    of_class = [each for each in able if each.takes(device)]
    if not of_class:
        several = f" on {facts.devices} devices at once" if facts.devices > 1 else ""
        text = f"No worker for {device.value} offers this{several}."
        return [Fault("device", "no_worker", text, "Leave the device open, or ask for a worker of that class.")]
    return [_too_large(of_class, device, estimate, facts)]


def _too_many(workers: Sequence[WorkerAt], devices: int) -> Fault:
    most = max(each.spread for each in workers)
    text = f"No worker gives a job {devices} devices at once; the most is {most}."
    return Fault("gpus", "no_worker", text, f"Order it with {most}, or ask for a worker with more.")


def _asleep(fitting: Sequence[WorkerAt]) -> Fault:
    names = ", ".join(each.name for each in fitting[:3])
    text = f"No worker that fits is awake now ({names} was not heard of for {settings.WORKER_SILENT_AFTER:g} seconds)."
    return Fault("device", "worker_silent", text, "The job waits until one is back.", is_warning=True)


def _too_large(workers: Sequence[WorkerAt], device: DeviceClass, estimate: Estimate, facts: Facts) -> Fault:
    most = max(each.memory for each in workers)
    text = f"It takes about {_gib(estimate.memory)}, and the largest {device.value} worker has {_gib(most)}."
    ways = [f"a batch smaller than {facts.batch}"] if facts.batch > 1 else []
    ways += [] if facts.is_adapter or facts.formula != "transformer" else ["LoRA in place of all weights"]
    ways += [f"texts shorter than {facts.tokens} tokens"] if facts.formula == "transformer" else []
    return Fault("device", Code.WONT_FIT, text, f"Try {', '.join([*ways, 'a smaller model or a larger device'])}.")


def _gib(size: int) -> str:
    return f"{size / 2**30:.1f} GiB"
