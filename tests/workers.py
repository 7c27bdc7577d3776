"""A hub as workers see it, in this process; jobs that pass the time; a runner that does as it is told."""

import hashlib
import json
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from workers.contract import Checkpoint, DeviceClass, Draft, Hardware, JobSpec, Join, Joined, Lease, Source
from workers.executors.subprocess import Subprocesses
from workers.lib.hub import Hub
from workers.supervisor.site import Pulled, Site

SECRET = "hsw_secret"
COMMIT = "c" * 40

# Steps as `config` says: sleeps so long at each, saves every so many, then ends as told.
RUNNER = """
import json, os, pathlib, signal, sys, time
folder = pathlib.Path(sys.argv[1])
work = json.loads((folder / "job.json").read_text())
told = work["spec"]["config"]
stop = []
signal.signal(signal.SIGTERM, lambda *_: stop.append(1))
events = (folder / "events.jsonl").open("a", buffering=1)
def say(kind, **data):
    events.write(json.dumps({"at": "2026-01-01T00:00:00Z", "kind": kind, "data": data}) + "\\n")
def save(step):
    part = folder / "checkpoints" / ".part"
    part.mkdir()
    (part / "state").write_text(str(step))
    part.rename(folder / "checkpoints" / f"checkpoint-{step}")
begin = int((pathlib.Path(work["resume"]) / "state").read_text()) if work["resume"] else 0
print("begins at", begin)
for step in range(begin + 1, told.get("steps", 3) + 1):
    time.sleep(told.get("seconds", 0))
    say("progress", step=step, total=told.get("steps", 3))
    say("metric", name="loss", value=1 / step, step=step, split="train")
    if step % told.get("every", 1000) == 0 or stop:
        save(step)
    if stop:
        sys.exit(75)
exec(told.get("do", ""))
if "failure" in told:
    (folder / "failure.json").write_text(json.dumps(told["failure"]))
if told.get("exit"):
    sys.exit(told["exit"])
(folder / "out" / "weights.txt").write_bytes(b"weights %d" % begin)
measured = [{"metric": "accuracy", "value": 0.9, "n": 10, "low": 0.8, "high": 0.95, "dataset": "ada/digits",
             "dataset_commit": "d" * 40, "task": "image-classification"}]
result = {"measured": measured, "environment": {"torch": "2"}, "usage": {"device_seconds": 1}}
metadata = {"pipeline_tag": "image-classification"}
outcome = {"result": result, "steps": 3, "metadata": metadata, "card": {"Use": "Digits."}}
(folder / "result.json").write_text(json.dumps(outcome))
"""

# The same, once it is told to begin; no folder sees two of them.
WAITING = """
import pathlib, sys
folder = pathlib.Path(sys.argv[1])
(folder / "waits").open("x").close()
if sys.stdin.readline():
    print("waited")
    exec(pathlib.Path(sys.argv[0]).with_name("runner.py").read_text())
"""


def make_spec(number: str = "job1", **fields: Any) -> JobSpec:
    base = Source(repo="ada/resnet", commit="b" * 40)
    data = Source(repo="ada/digits", commit="d" * 40, kind="dataset", role="both")
    known: dict[str, Any] = {"kind": "finetune", "recipe": "image-classification", "out": "ada/digits-resnet"}
    return JobSpec(**{"id": number, "base": base, "datasets": (data,), **known, **fields})


@dataclass
class FakeJob:
    """What the hub knows of a job. `lease` counts claims; `told` is all that came, by call."""

    spec: JobSpec
    state: str = "queued"
    lease: int = 0
    held_until: float = 0.0
    told: list[tuple[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    last_seq: int = 0
    files: dict[str, bytes] = field(default_factory=dict)
    cancel: bool = False
    drain: bool = False

    def calls(self) -> list[str]:
        return [name for name, _ in self.told]

    def last(self, name: str) -> Any:
        return next(value for told, value in reversed(self.told) if told == name)

    def checkpoint(self) -> Checkpoint | None:
        steps = [int(name.partition("/")[2]) for name in self.files if name.startswith("checkpoints/")]
        if not steps:
            return None
        data = self.files[f"checkpoints/{max(steps)}"]
        return Checkpoint(max(steps), hashlib.sha256(data).hexdigest(), len(data))


class FakeHub:
    """The workers' side of a hub, by the same addresses; leases of `seconds`. `is_cut`: it answers nobody."""

    def __init__(self, seconds: float = 6.0) -> None:
        self.seconds, self.is_cut, self.refuses = seconds, False, False
        self.jobs: dict[str, FakeJob] = {}
        self.joined: list[dict[str, Any]] = []
        self.heard: list[dict[str, Any]] = []
        self.drains = False
        self.lock = threading.Lock()
        self.url = ""

    def add(self, spec: JobSpec) -> FakeJob:
        job = self.jobs[spec.id] = FakeJob(spec)
        return job

    def claim(self, told: dict[str, Any]) -> dict[str, Any] | None:
        for job in self.jobs.values():
            over = job.state in ("claimed", "preparing", "running", "finalizing") and time.monotonic() > job.held_until
            if job.state == "queued" or over:
                job.state, job.lease = "claimed", job.lease + 1
                job.held_until, job.last_seq = time.monotonic() + self.seconds, 0
                return Lease(job.spec, job.lease, self.seconds, "hst_job", job.lease, job.checkpoint()).to_json()
        return None

    def of_job(self, job: FakeJob, call: str, told: Any) -> dict[str, Any]:
        if call != "events":
            job.told.append((call, told))
        if call == "renew":
            job.held_until = time.monotonic() + self.seconds
            return {"seconds": self.seconds, "cancel": job.cancel, "drain": job.drain}
        if call == "events":
            new = [each for each in told["events"] if each["seq"] > job.last_seq]
            job.events += new
            job.last_seq = max([job.last_seq, *(each["seq"] for each in new)])
            return {"seq": job.last_seq}
        if call == "draft":
            return Draft(job.spec.out, f"jobs/{job.spec.id}-{job.lease}", "e" * 40, "hst_draft").to_json()
        return {"state": self._step(job, call, told)}

    @staticmethod
    def _step(job: FakeJob, call: str, told: Any) -> str:
        ends = {"finish": "succeeded", "release": "queued", "cancelled": "cancelled"}
        if call == "state":
            job.state = told["to"]
        elif call == "fail":
            job.state = "queued" if told["retry"] and job.lease < 2 else "failed"
        else:
            job.state = ends[call]
        return job.state

    def wait(self, until: Callable[[], Any], seconds: float = 30.0) -> None:
        give_up_at = time.monotonic() + seconds
        while not until():
            assert time.monotonic() < give_up_at, [(job.state, job.calls()) for job in self.jobs.values()]
            time.sleep(0.01)


class _Handler(BaseHTTPRequestHandler):
    hub: FakeHub

    def log_message(self, *_: Any) -> None:
        """Tests are quiet."""

    def do_POST(self) -> None:
        data = self.rfile.read(int(self.headers["Content-Length"]))
        self._reply(json.loads(data))

    def do_PUT(self) -> None:
        self._reply(self.rfile.read(int(self.headers["Content-Length"])))

    def do_GET(self) -> None:
        self._reply(None)

    def _reply(self, told: Any) -> None:
        hub = self.hub
        if hub.is_cut:
            self.close_connection = True
            return
        with hub.lock:
            status, answer = self._answer(told)
        data = answer if isinstance(answer, bytes) else json.dumps(answer).encode() if answer is not None else b""
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _answer(self, told: Any) -> tuple[int, Any]:
        hub, path = self.hub, self.path.removeprefix("/api/headstart/workers/")
        if self.headers["Authorization"] != f"Bearer {SECRET}" or hub.refuses:
            return 401, {"code": "bad_worker_token", "message": "This token doesn't open the workers' door."}
        if path == "join":
            hub.joined.append(told)
            return 200, Joined("w1", ("jobs.cpu",), 0.3, 0.3, hub.seconds).to_json()
        if path == "claim":
            lease = hub.claim(told)
            return (200, lease) if lease else (204, None)
        if path == "heard":
            hub.heard.append(told)
            return 200, {"drain": hub.drains}
        return self._of_job(*re.fullmatch(r"jobs/([^/]+)/(.+)", path).groups(), told)

    def _of_job(self, number: str, call: str, told: Any) -> tuple[int, Any]:
        job = self.hub.jobs[number]
        is_held = job.state in ("claimed", "preparing", "running", "finalizing")
        if int(self.headers["X-Lease-Token"]) != job.lease or not is_held or time.monotonic() > job.held_until:
            return 409, {"code": "lease_lost", "message": "Another attempt has this job, or it has ended."}
        if self.command == "GET":
            return (200, job.files[call]) if call in job.files else (404, {"code": "checkpoint_not_found"})
        if self.command == "PUT":
            assert hashlib.sha256(told).hexdigest() == self.headers["X-Sha256"]
            job.files[call] = told
            return 201, {}
        return 200, self.hub.of_job(job, call, told)


@contextmanager
def fake_hub(seconds: float = 6.0) -> Iterator[FakeHub]:
    hub = FakeHub(seconds)
    handler = type("Handler", (_Handler,), {"hub": hub})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    hub.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield hub
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@dataclass
class FakePorter:
    """Gives every source an empty folder, and keeps what is pushed. `hook` is called first, and may raise."""

    folder: Path
    pulled: list[str] = field(default_factory=list)
    pushed: list[tuple[str, dict[str, bytes], str]] = field(default_factory=list)
    hook: Callable[[str, Callable[[], bool]], None] = lambda *_: None

    def pull(self, source: Source, access_token: str, over: Callable[[], bool]) -> Pulled:
        assert access_token == "hst_job"
        self.hook("pull", over)
        self.pulled.append(source.repo)
        path = self.folder / source.repo.replace("/", "--")
        path.mkdir(parents=True, exist_ok=True)
        (path / "LICENSE").write_text("Terms")
        return Pulled(path, path)

    def push(self, folder: Path, draft: Draft, message: str, over: Callable[[], bool]) -> str:
        assert draft.access_token == "hst_draft"
        self.hook("push", over)
        files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        self.pushed.append((draft.branch, files, message))
        return COMMIT


def make_site(hub: FakeHub, folder: Path, *, way: str = "group", **fields: Any) -> Site:
    runner, jobs = folder / "runner.py", folder / "jobs"
    runner.write_text(RUNNER)
    jobs.mkdir(exist_ok=True)
    known: dict[str, Any] = {
        "hub": Hub(hub.url, SECRET, seconds=5.0),
        "folder": jobs,
        "executor": Subprocesses(way),
        "porter": FakePorter(folder / "pulled"),
        "runner": (sys.executable, "-S", str(runner)),
        "readable": (runner,),
    }
    return Site(**{**known, **fields})


def make_waiting_site(hub: FakeHub, folder: Path, mark: str = "", **fields: Any) -> Site:
    """Its jobs' processes wait, for a minute with no job; `mark` stands in their command."""
    waiting = folder / f"waiting{mark}.py"
    waiting.write_text(WAITING)
    known: dict[str, Any] = {"waiting": (sys.executable, "-S", str(waiting)), "spare_seconds": 60.0}
    return make_site(hub, folder, **{**known, "readable": (waiting, folder / "runner.py"), **fields})


def make_join(**fields: Any) -> Join:
    known: dict[str, Any] = {"name": "here", "device": "cpu", "device_class": DeviceClass.CPU, "slots": 1}
    hardware = Hardware(cores=1, memory=1 << 30, disk=1 << 30)
    return Join(**{**known, "hardware": hardware, "versions": {}, "offers": (), "kill": "group", **fields})
