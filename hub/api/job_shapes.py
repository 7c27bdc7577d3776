"""Jobs, events, offers and workers as JSON data."""

from typing import Any


def job(one: Any, progress: Any) -> dict[str, Any]:
    """A row of a list; owner, orderer and worker are at hand."""
    return {
        "id": one.public_id,
        "kind": one.kind,
        "state": one.state,
        "title": one.title,
        "owner": one.owner.name,
        "orderedBy": one.ordered_by.username,
        "orderedAt": one.ordered_at,
        "startedAt": one.started_at,
        "endedAt": one.ended_at,
        "recipe": one.recipe,
        "device": one.device_class,
        "memory": one.memory_bytes,
        "devices": one.devices,
        "priority": one.priority,
        "worker": one.worker.name if one.worker else None,
        "attempts": one.attempts,
        "progress": _progress(progress),
        "cancelAsked": one.cancel_asked_at is not None,
        "error": one.error,
        "out": one.spec.get("out", ""),
        "resultCommit": one.result_commit,
        "parent": one.parent.public_id if one.parent else None,
    }


def event(one: Any) -> dict[str, Any]:
    return {"seq": one.seq, "at": one.at, "kind": one.kind, "attempt": one.attempt, "data": one.data}


def offer(one: Any) -> dict[str, Any]:
    return {**one.offer.to_json(), "workers": list(one.workers), "awake": list(one.awake)}


def worker(one: Any) -> dict[str, Any]:
    return {"name": one.name, "device": one.device, "memory": one.memory, "slots": one.slots, "awake": one.is_awake,
            "spread": one.spread, "offers": sorted(one.offers)}  # fmt: skip


def _progress(one: Any) -> dict[str, Any]:
    return {"step": one.step, "total": one.total, "share": one.share, "seconds": one.seconds,
            "secondsLeft": one.seconds_left}  # fmt: skip
