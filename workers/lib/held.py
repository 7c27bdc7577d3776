"""A job that this worker has, as the hub is told of it."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from workers.contract import Checkpoint, Draft, Failure, JobEvent, JobResult, Renewal
from workers.lib.line import Line

_CHUNK = 1 << 20


class NotWhole(Exception):
    """The bytes that came are not those that were promised."""


@dataclass(frozen=True)
class Held:
    """A job under one lease: every call carries its token."""

    hub: Line
    job: str
    token: int

    def within(self, seconds: float) -> "Held":
        """The same, for calls whose answer is of no use after so many seconds."""
        return replace(self, hub=replace(self.hub, seconds=min(seconds, self.hub.seconds)))

    def renew(self, progress: Mapping[str, Any] | None = None) -> Renewal:
        return Renewal.from_json(self._say("renew", {"progress": dict(progress or {})}))

    def state(self, to: str) -> None:
        self._say("state", {"to": to})

    def events(self, events: Sequence[JobEvent]) -> int:
        """The highest number that the hub has now."""
        return int(self._say("events", {"events": [each.to_json() for each in events]}).get("seq", 0))

    def draft(self) -> Draft:
        return Draft.from_json(self._say("draft", {}))

    def finish(self, result: JobResult) -> str:
        return str(self._say("finish", result.to_json()).get("state", ""))

    def fail(self, failure: Failure, *, retry: bool) -> str:
        return str(self._say("fail", {**failure.to_json(), "retry": retry}).get("state", ""))

    def release(self, reason: str) -> None:
        self._say("release", {"reason": reason})

    def cancelled(self) -> None:
        self._say("cancelled", {})

    def put_checkpoint(self, step: int, archive: Path, sha256: str) -> None:
        self._put(f"checkpoints/{step}", archive, sha256)

    def put_predictions(self, file: Path, sha256: str) -> None:
        self._put("predictions", file, sha256)

    def get_checkpoint(self, checkpoint: Checkpoint, to: Path) -> None:
        """Raises NotWhole."""
        digest = hashlib.sha256()
        headers = {"X-Lease-Token": str(self.token), "Accept": "*/*"}
        path = self._path(f"checkpoints/{checkpoint.step}")
        with self.hub.open("GET", path, headers=headers) as response, to.open("wb") as file:
            while chunk := response.read(_CHUNK):
                digest.update(chunk)
                file.write(chunk)
        if digest.hexdigest() != checkpoint.sha256:
            raise NotWhole("it did not arrive whole")

    def _path(self, path: str) -> str:
        return f"jobs/{self.job}/{path}"

    def _say(self, path: str, value: Any) -> dict[str, Any]:
        return self.hub.say(self._path(path), value, {"X-Lease-Token": str(self.token)})

    def _put(self, path: str, body: Path, sha256: str) -> None:
        headers = {"X-Lease-Token": str(self.token), "X-Sha256": sha256, "Content-Type": "application/octet-stream"}
        with body.open("rb") as file:
            headers["Content-Length"] = str(body.stat().st_size)
            self.hub.call("PUT", self._path(path), file, headers)
