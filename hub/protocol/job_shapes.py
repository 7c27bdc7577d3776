"""Jobs and devices as clients of the public hub read them."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from hub.core import clock
from hub.protocol.job_command import command_of, image_of
from hub.protocol.serialize import date

# By the states of `contract.State`.
STAGES = {
    "queued": "SCHEDULING",
    "claimed": "SCHEDULING",
    "preparing": "SCHEDULING",
    "running": "RUNNING",
    "finalizing": "RUNNING",
    "succeeded": "COMPLETED",
    "cancelled": "CANCELED",
    "failed": "ERROR",
    "lost": "ERROR",
}
GB = 10**9


def states_of(stages: Iterable[str]) -> list[str]:
    """The states of these stages; a stage that no job of ours has adds none."""
    wanted = {stage.upper() for stage in stages}
    return [state for state, stage in STAGES.items() if stage in wanted]


def job_info(job: Any) -> dict[str, Any]:
    owner = job.owner
    whose = owner.user if owner.kind == "user" else owner.organisation
    return {
        "id": job.public_id,
        "createdAt": date(job.ordered_at),
        "startedAt": date(job.started_at) if job.started_at else None,
        "finishedAt": date(job.ended_at) if job.ended_at else None,
        "dockerImage": image_of(job.spec),
        "command": command_of(job.spec),
        "arguments": [],
        "environment": {},
        "secrets": {},
        "flavor": job.device_class,
        "labels": job.labels,
        "status": {"stage": STAGES[job.state], "message": _message(job)},
        "durations": _durations(job),
        "timeoutSeconds": job.max_seconds,
        "owner": {"id": whose.public_id, "name": owner.name, "type": owner.kind},
        "initiator": {"type": "user", "id": job.ordered_by.public_id, "name": job.ordered_by.username},
    }


def _message(job: Any) -> str | None:
    """Why it failed and what to do, or where exactly it stands."""
    if told := job.error.get("message"):
        return " ".join(filter(None, (str(told), str(job.error.get("advice") or ""))))
    if job.cancel_asked_at and not job.ended_at:
        return "It was asked to stop."
    return None if job.ended_at else job.get_state_display()


def _durations(job: Any) -> dict[str, Any]:
    end = job.ended_at or clock.now()
    return {
        "schedulingSecs": _seconds(job.ordered_at, job.started_at) if job.started_at else None,
        "runningSecs": _seconds(job.started_at, end) if job.started_at else None,
        "totalSecs": _seconds(job.ordered_at, end),
    }


def _seconds(start: dt.datetime, end: dt.datetime) -> int:
    return max(0, int((end - start).total_seconds()))


def hardware(workers: Iterable[Any]) -> list[dict[str, Any]]:
    """A flavor for each class of device that a worker of this hub takes jobs of; the memory is the largest one's."""
    most: dict[str, int] = {}
    for worker in workers:
        for device in worker.device.takes():
            most[device.value] = max(worker.memory, most.get(device.value, 0))
    return [_flavor(name, memory) for name, memory in sorted(most.items())]


def _flavor(name: str, memory: int) -> dict[str, Any]:
    size = f"{memory / GB:.0f} GB"
    gpu = {"type": "gpu", "model": name, "quantity": "1", "vram": size, "manufacturer": ""}
    return {
        "name": name,
        "prettyName": name.replace("-", " ").upper(),
        "cpu": "as the worker has" if name != "cpu" else "shared",
        "ram": size if name == "cpu" else "as the worker has",
        "ephemeralStorage": "as the worker has",
        "accelerator": None if name == "cpu" else gpu,
        "unitCostMicroUSD": 0,
        "unitCostUSD": 0.0,
        "unitLabel": "minute",
    }


def sample(told: dict[str, Any], worker: Any) -> dict[str, Any]:
    """A report on the device. What workers don't measure (the network: jobs have none) is 0; clients divide by the
    totals, so these are never less than what is used."""
    share, used = float(told.get("cpu_percent") or 0), int(told.get("memory_bytes") or 0)
    return {
        "cpu_usage_pct": round(share),
        "cpu_millicores": round(share * 10),
        "memory_used_bytes": used,
        "memory_total_bytes": max(1, used, worker.memory_bytes if worker else 0),
        "rx_bps": 0,
        "tx_bps": 0,
        "gpus": {str(place): _gpu(each, worker) for place, each in enumerate(told.get("gpu") or ())},
        "replica": worker.name if worker else "",
    }


def _gpu(told: dict[str, Any], worker: Any) -> dict[str, Any]:
    used = int(told.get("memory_bytes") or 0)
    total = max(1, used, worker.gpu_memory_bytes if worker else 0)
    return {"utilization": told.get("utilization") or 0, "memory_used_bytes": used, "memory_total_bytes": total}
