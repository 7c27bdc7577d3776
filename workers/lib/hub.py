"""The hub as a worker sees it: one method for each call of the workers' address. Threads may share one.

Raises LeaseLost where the attempt is over for the hub, HubGone where it can't be reached or failed (try again), Refused
where it said no.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workers.contract import Join, Joined, Lease
from workers.lib.held import Held
from workers.lib.line import HubGone, LeaseLost, Line, Refused

__all__ = ["Held", "Hub", "HubGone", "LeaseLost", "Refused"]


@dataclass(frozen=True)
class Hub(Line):
    """By its address and the worker's own secret."""

    def join(self, who: Join) -> Joined:
        return Joined.from_json(self.say("join", who.to_json()))

    def claim(self, *, job: str = "", free: int = 1) -> Lease | None:
        """A job that this worker is to run from now on; None where there is none for it."""
        told = self.say("claim", {"job": job, "free": free})
        return Lease.from_json(told) if told else None

    def heard(self, *, running: Sequence[Mapping[str, Any]], device: Mapping[str, Any]) -> bool:
        """Whether the worker is to drain."""
        return bool(self.say("heard", {"running": list(running), "device": dict(device)}).get("drain"))

    def lease(self, lease: Lease) -> Held:
        return Held(self, lease.job.id, lease.token)
