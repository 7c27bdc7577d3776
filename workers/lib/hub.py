"""The hub as a worker sees it: one method for each call of the workers' address. Threads may share one.

Raises LeaseLost where the attempt is over for the hub, HubGone where it can't be reached or failed (try again), Refused
where it said no.
"""

import contextlib
import hashlib
import http.client
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from sdk._config import normalise
from sdk._http import connect
from workers.contract import Checkpoint, Draft, Failure, JobEvent, JobResult, Join, Joined, Lease, Renewal

BASE = "/api/headstart/workers/"
SECONDS = 20.0
_CHUNK = 1 << 20


class LeaseLost(Exception):
    """Another attempt has the job, or it has ended."""


class HubGone(Exception):
    """The hub can't be reached, or it failed; the same call may succeed later."""


class Refused(Exception):
    """The hub won't: `status`, `code`."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message or f"The hub answered with status {status}.")
        self.status, self.code = status, code


@dataclass(frozen=True)
class Hub:
    """By its address and the worker's own secret."""

    url: str
    secret: str
    seconds: float = SECONDS

    def join(self, who: Join) -> Joined:
        return Joined.from_json(self._say("join", who.to_json()))

    def claim(self, *, job: str = "", free: int = 1) -> Lease | None:
        """A job that this worker is to run from now on; None where there is none for it."""
        told = self._say("claim", {"job": job, "free": free})
        return Lease.from_json(told) if told else None

    def heard(self, *, running: Sequence[Mapping[str, Any]], device: Mapping[str, Any]) -> bool:
        """Whether the worker is to drain."""
        return bool(self._say("heard", {"running": list(running), "device": dict(device)}).get("drain"))

    def lease(self, lease: Lease) -> "Held":
        return Held(self, lease.job.id, lease.token)

    def _say(self, path: str, value: Any, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
        return self.call(
            "POST", path, json.dumps(value).encode(), {"Content-Type": "application/json", **(headers or {})}
        )

    def call(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        """The JSON answer; {} for an empty one."""
        with self.open(method, path, body, headers) as response:
            data = response.read()
        try:
            told = json.loads(data) if data else {}
        except ValueError as error:
            raise HubGone(f"{self.url} doesn't answer as a Headstart hub does.") from error
        return told if isinstance(told, dict) else {}

    @contextmanager
    def open(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
    ) -> Iterator[http.client.HTTPResponse]:
        """The answer to a request, with its body still to be read. A body may be bytes or an open file."""
        target = urlsplit(normalise(self.url) + BASE + path)
        connection = connect(target)
        connection.timeout = self.seconds
        sent = {"Authorization": f"Bearer {self.secret}", "Accept": "application/json", **(headers or {})}
        try:
            # A hub that refuses may close before it has all: then the answer, if there is one, says why.
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                connection.request(method, target.path, body=body, headers=sent)
            response = connection.getresponse()
            if response.status >= 300:
                raise _error(response)
            yield response
        except (OSError, http.client.HTTPException) as error:
            raise HubGone(f"{self.url} can't be reached ({error or type(error).__name__}).") from error
        finally:
            connection.close()


@dataclass(frozen=True)
class Held:
    """A job under one lease: every call carries its token."""

    hub: Hub
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
        """Raises HubGone where the bytes that came are not those that were promised."""
        digest = hashlib.sha256()
        headers = {"X-Lease-Token": str(self.token), "Accept": "*/*"}
        path = self._path(f"checkpoints/{checkpoint.step}")
        with self.hub.open("GET", path, headers=headers) as response, to.open("wb") as file:
            while chunk := response.read(_CHUNK):
                digest.update(chunk)
                file.write(chunk)
        if digest.hexdigest() != checkpoint.sha256:
            raise HubGone(f"The checkpoint of step {checkpoint.step} did not arrive whole.")

    def _path(self, path: str) -> str:
        return f"jobs/{self.job}/{path}"

    def _say(self, path: str, value: Any) -> dict[str, Any]:
        return self.hub._say(self._path(path), value, {"X-Lease-Token": str(self.token)})

    def _put(self, path: str, body: Path, sha256: str) -> None:
        headers = {"X-Lease-Token": str(self.token), "X-Sha256": sha256, "Content-Type": "application/octet-stream"}
        with body.open("rb") as file:
            headers["Content-Length"] = str(body.stat().st_size)
            self.hub.call("PUT", self._path(path), file, headers)


def _error(response: http.client.HTTPResponse) -> Exception:
    """What an answer from 300 on means."""
    told: dict[str, Any] = {}
    with contextlib.suppress(ValueError):
        found = json.loads(response.read(1 << 16) or b"{}")
        told = found if isinstance(found, dict) else {}
    code, message = str(told.get("code", "")), str(told.get("message") or told.get("error") or "")
    if code == "lease_lost":
        return LeaseLost(message)
    if response.status >= 500 or response.status in (408, 429):
        return HubGone(f"The hub answered with status {response.status}. {message}")
    return Refused(response.status, code, message)
