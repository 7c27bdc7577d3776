"""Jobs on a hub: follow them, wait for them, end them.

job = sdk.finetune("resnet50", dataset="digits", recipe="image-classification", out="me/digits-resnet", epochs=3)
job.wait()
job.metrics()["accuracy/test"][-1]
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

from sdk import _config
from sdk._client import Client
from sdk._errors import HubUnavailableError, JobFailedError

ENDED = ("succeeded", "failed", "cancelled", "lost")
# Seconds between two looks at a job that is waited for: the first, and the longest.
PAUSE, LONGEST_PAUSE = 0.5, 5.0
# So long a hub may be away, for a restart.
AWAY = 300.0


@dataclass(frozen=True)
class JobResult:
    """What a job brought. `measured`: numbers with their intervals, as the hub has them; `out` and `commit`: where the
    model of a fine-tune is; `tables`: rankings, curves and the like by name."""

    measured: tuple[Mapping[str, Any], ...]
    out: str
    commit: str
    findings: tuple[Mapping[str, Any], ...] = ()
    tables: Mapping[str, Any] = field(default_factory=dict)
    environment: Mapping[str, Any] = field(default_factory=dict)
    usage: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def ranking(self) -> tuple[Mapping[str, Any], ...]:
        """Of models, the best first: each with its rank (the same for those that may differ by chance alone; None for
        one that can't be read) and its scores, which are estimates."""
        return tuple(self.tables.get("ranking") or ())

    def __getitem__(self, metric: str) -> float | None:
        """The value of a metric over all of the data. Raises KeyError for one that was not measured."""
        for one in self.measured:
            if one["metric"] == metric and not one.get("slice"):
                return one["value"]  # type: ignore[no-any-return]
        raise KeyError(metric)


class Job:
    """One job, as it was when it was last looked at; `refresh` looks again."""

    def __init__(self, told: Mapping[str, Any], client: Client) -> None:
        self._told, self._client = dict(told), client

    def __repr__(self) -> str:
        return f"<Job {self.id} {self.state}: {self.title}>"

    @property
    def id(self) -> str:
        return str(self._told["id"])

    @property
    def state(self) -> str:
        """queued, claimed, preparing, running, finalizing; succeeded, failed, cancelled, lost."""
        return str(self._told["state"])

    @property
    def title(self) -> str:
        return str(self._told["title"])

    @property
    def out(self) -> str:
        """owner/name of the model that a fine-tune makes."""
        return str(self._told["out"])

    @property
    def is_over(self) -> bool:
        return self.state in ENDED

    @property
    def progress(self) -> Mapping[str, Any]:
        """step, total, share from 0 to 1, seconds, secondsLeft."""
        return dict(self._told["progress"])

    @property
    def error(self) -> str:
        """Why it failed and what to do; empty while nothing did."""
        told = self._told.get("error") or {}
        return " ".join(str(told[part]) for part in ("message", "advice") if told.get(part))

    @property
    def told(self) -> Mapping[str, Any]:
        """All that the hub says of it."""
        return dict(self._told)

    @property
    def url(self) -> str:
        """Its page."""
        return f"{self._client.config.hub}/jobs/{self.id}"

    def refresh(self) -> "Job":
        self._told.update(self._get(""))
        return self

    def wait(self, *, timeout: float | None = None, on_change: Callable[["Job"], object] | None = None) -> "Job":
        """Until it is over. Raises JobFailedError unless it succeeded, and TimeoutError after so many seconds; the job
        goes on then. `on_change` is called whenever its state or step is another one. A hub that is away is waited for,
        five minutes at most."""
        end = None if timeout is None else time.monotonic() + timeout
        pause, seen, heard_at = PAUSE, None, time.monotonic()
        while True:
            heard_at = self._look(heard_at)
            now = (self.state, self.progress.get("step"))
            if on_change is not None and now != seen:
                on_change(self)
            pause, seen = PAUSE if now != seen else min(pause * 1.5, LONGEST_PAUSE), now
            if self.is_over:
                return self._succeeded()
            left = pause if end is None else end - time.monotonic()
            if left <= 0:
                raise TimeoutError(f"{self.id} is {self.state} after {timeout:g} seconds. It goes on: wait() again.")
            time.sleep(min(pause, left))

    def _look(self, heard_at: float) -> float:
        """When the hub was last heard. Raises HubUnavailableError where that is too long ago."""
        try:
            self.refresh()
        except HubUnavailableError:
            if time.monotonic() - heard_at >= AWAY:
                raise
            return heard_at
        return time.monotonic()

    def events(self, after: int = 0) -> Iterator[dict[str, Any]]:
        """What it said so far: {seq, at, kind, attempt, data}, in order."""
        while True:
            found = self._get(f"/events?{urlencode({'after': after})}", has=("items", "last"))
            yield from found["items"]
            if not found["items"]:
                return
            after = int(found["last"])

    def logs(self, tail: int = 200) -> str:
        """The last lines that it said."""
        with self._client.closing():
            address = f"{self._address}/log?{urlencode({'tail': tail})}"
            return self._client.own_text(address, asked=f"the log of {self.id}")

    def metrics(self) -> dict[str, list[tuple[int, float]]]:
        """Its curves: (step, value) by metric; `metric/split` where it isn't of the training itself."""
        found = self._get("/metrics", has=("items",))["items"]
        names = [one["name"] + (f"/{one['split']}" if one["split"] else "") for one in found]
        return {name: [(int(x), float(y)) for x, y in one["points"]] for name, one in zip(names, found, strict=True)}

    def result(self) -> JobResult:
        """What it brought. Raises JobFailedError where it didn't succeed, or hasn't yet."""
        self.refresh()._succeeded()
        told = self._get("/result", has=("result",))
        found = told["result"] or {}
        return JobResult(
            measured=tuple(found.get("measured") or ()),
            out=str(told.get("out", "")),
            commit=str(told.get("commit", "")),
            findings=tuple(found.get("findings") or ()),
            tables=found.get("tables") or {},
            environment=found.get("environment") or {},
            usage=found.get("usage") or {},
            notes=tuple(found.get("notes") or ()),
        )

    def head_start(self) -> dict[str, Any] | None:
        """Beside the same training from random weights (`compare_scratch=True`): what the head start was worth. None
        where none was ordered. `reached` of None: the fine-tune never got as good as the other."""
        return self._get("/head-start", has=("headStart",))["headStart"]  # type: ignore[no-any-return]

    def cancel(self) -> "Job":
        """End it; a worker that has it stops at its next step."""
        return self._act("cancel")

    def retry(self) -> "Job":
        """Queue it again after it failed, was cancelled or lost."""
        return self._act("retry")

    def repeat(self) -> "Job":
        """The same order as a new job, at the same commits."""
        return Job(self._post("repeat"), self._client)

    def _act(self, name: str) -> "Job":
        self._told.update(self._post(name))
        return self

    def _post(self, name: str) -> dict[str, Any]:
        with self._client.closing():
            return self._client.own_post(f"{self._address}/{name}", {}, asked=f"job {self.id}")

    def _succeeded(self) -> "Job":
        if self.state != "succeeded":
            said = f" {self.error}" if self.error else ""
            raise JobFailedError(f"{self.id} is {self.state}.{said} See {self.url}.", job=self)
        return self

    @property
    def _address(self) -> str:
        return f"jobs/{quote(self.id, safe='')}"

    def _get(self, part: str, has: Iterable[str] = ("id", "state")) -> dict[str, Any]:
        """No connection stays open between two looks."""
        with self._client.closing():
            return self._client.own_json(f"{self._address}{part}", asked=f"job {self.id}", has=has)


def job(job_id: str, *, hub: str | None = None, token: str | None = None) -> Job:
    """A job by its id. Raises NotFoundError."""
    client = Client(_config.resolve(hub, token))
    with client.closing():
        told = client.own_json(f"jobs/{quote(job_id, safe='')}", asked=f"job {job_id}", has=("id", "state"))
    return Job(told, client)


def jobs(
    *, state: str = "", kind: str = "", owner: str = "", repo: str = "", limit: int = 50,
    hub: str | None = None, token: str | None = None,
) -> list[Job]:  # fmt: skip
    """Jobs of the accounts that you speak for, the newest first. `state`: one of them, or open, held, ended."""
    found: list[Job] = []
    client, after = Client(_config.resolve(hub, token)), ""
    asked = {"state": state, "kind": kind, "owner": owner, "repo": repo}
    with client.closing():
        while len(found) < limit:
            query = urlencode({name: value for name, value in {**asked, "after": after}.items() if value})
            page = client.own_json(f"jobs?{query}", asked="the jobs", has=("items", "next"))
            found += [Job(one, client) for one in page["items"]]
            after = page["next"]
            if not after:
                break
    return found[:limit]
