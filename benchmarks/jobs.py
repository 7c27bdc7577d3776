"""What running a recipe as a job costs, against the same recipe by hand, and how fast jobs are claimed.

Targets: a job takes at most 1.05 × the time of the same recipe by hand (same seed and data, first step to last), at
most 5 s from the order to the first step when idle, at most 1 % of the training for reports of progress; with 100
queued jobs and 8 workers, a claim takes less than 50 ms at p95, on SQLite and PostgreSQL.
`python -m benchmarks jobs`
"""

import datetime as dt
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sdk
from benchmarks import _lab as lab
from benchmarks._lab import ROOT, Hub, hub, postgres
from hub.cli.local_worker import threads

QUESTION = "Jobs (targets: 1.05 × by hand, 5 s to the first step, 1 % for reports, claim p95 < 50 ms)"
ROUNDS = lab.ROUNDS or 3
STEPS = 400
# As many as the worker of `headstart up` gives a job.
THREADS = threads()
# A judgement and a checkpoint twice in the training: a fortieth of an evaluation for each pass over the rows.
CONFIG = {"max_steps": STEPS, "batch_size": 16, "learning_rate": 1e-3, "warmup": 0.0, "evaluations": 0.03}
RECIPE = "text-classification"


@dataclass
class Timed:
    """Seconds, one number a round."""

    to_first_step: list[float] = field(default_factory=list)
    # With a worker that keeps no process ready, as before its first job and after a quarter of an hour without one.
    cold: list[float] = field(default_factory=list)
    as_job: list[float] = field(default_factory=list)
    by_hand: list[float] = field(default_factory=list)
    start_by_hand: list[float] = field(default_factory=list)
    # Shares of the training.
    reports: list[float] = field(default_factory=list)
    supervisor: list[float] = field(default_factory=list)


def main() -> str:
    claims = claims_of({"SQLite": _claims_on_sqlite, "PostgreSQL": _claims_on_postgres})
    with tempfile.TemporaryDirectory() as folder, hub() as ours:
        timed = _timed(Path(folder), ours)
    with tempfile.TemporaryDirectory() as folder, hub(more=("--spare-minutes", "0")) as ours:
        timed.cold = _cold(Path(folder), ours)
    return "\n\n".join([_runs_table(timed), _claims_table(claims)])


def _timed(folder: Path, ours: Hub) -> Timed:
    found, where = Timed(), {"hub": ours.url, "token": ours.token}
    _stock(folder, where)
    _wait_for_worker(ours)
    _order(where, 0, Timed(), ours)
    for number in range(1, ROUNDS + 1):
        _by_hand(folder, number, found)
        _order(where, number, found, ours)
    return found


def _cold(folder: Path, ours: Hub) -> list[float]:
    found, where = Timed(), {"hub": ours.url, "token": ours.token}
    _stock(folder, where)
    _wait_for_worker(ours)
    _order(where, 0, Timed(), ours)
    for number in range(1, ROUNDS + 1):
        _order(where, number, found, ours)
    return found.to_first_step


def _stock(folder: Path, where: dict[str, str]) -> None:
    """A small encoder, and 96 rows that say plainly which class they are, here and on the hub."""
    from workers.recipes import recipe

    for name in ("model", "train"):
        (folder / name).mkdir()
    _, rows, _, _ = recipe(RECIPE).tiny(folder / "model", 0)
    rows.rows[["text", "label"]].to_parquet(folder / "train" / "data.parquet", index=False)
    (folder / "model" / "README.md").write_text("---\nlicense: mit\npipeline_tag: text-classification\n---\n# Small\n")
    (folder / "train" / "README.md").write_text("---\nlicense: mit\n---\n# Rows\n")
    sdk.push(folder / "model", "bench/small", **where)
    sdk.push(folder / "train", "bench/rows", kind="dataset", **where)


def _wait_for_worker(ours: Hub) -> None:
    """Until the hub's own worker has joined and says what it can do."""
    address = f"{ours.url}/api/headstart/offers?kind=recipe"
    request = urllib.request.Request(address, headers={"Authorization": f"Bearer {ours.token}"})
    for _ in range(600):
        with urllib.request.urlopen(request) as answer:
            if RECIPE in answer.read().decode():
                return
        time.sleep(0.2)
    raise SystemExit("No worker joined.")


def _order(where: dict[str, str], number: int, found: Timed, ours: Hub) -> None:
    """One job, from the order to its last step, on a worker that has nothing else to do."""
    worker = _worker_pid(ours)
    before, ordered_at = _cpu_seconds(worker), time.time()
    job = sdk.finetune("bench/small", dataset="bench/rows", recipe=RECIPE, out=f"bench/out{number}", **CONFIG, **where)
    job.wait(timeout=600)
    first, last = _span(job.events())
    found.to_first_step.append(first - ordered_at)
    found.as_job.append(last - first)
    found.supervisor.append((_cpu_seconds(worker) - before) / (last - first))


def _by_hand(folder: Path, number: int, found: Timed) -> None:
    """The same recipe without a hub: `python -m workers.runner FOLDER`."""
    from workers.contract import JobSpec, Source
    from workers.lib import folder as folders

    place = folder / f"hand{number}"
    place.mkdir()
    rows = Source("bench/rows", "c" * 40, "dataset", "both", columns={"text": "text", "label": "label"})
    spec = JobSpec("by-hand", "finetune", RECIPE, base=Source("bench/small", "c" * 40), datasets=(rows,), config=CONFIG)
    work = folders.Work(spec, base=str(folder / "model"), datasets=(str(folder / "train"),), threads=THREADS)
    folders.write_json(place / folders.JOB, work)
    env, began = {**os.environ, "OMP_NUM_THREADS": str(THREADS), "HF_HUB_OFFLINE": "1"}, time.time()
    with (place / folders.LOG).open("wb") as log:
        # As urgent as a worker's jobs, and in a session of its own like them: the kernel shares its time among these.
        command = ["nice", "-n", "5", sys.executable, "-m", "benchmarks._timed_runner", str(place)]
        subprocess.run(command, cwd=ROOT, env=env, stdout=log, stderr=log, check=True, start_new_session=True)
    first, last = _span(json.loads(line) for line in (place / folders.EVENTS).read_text().splitlines())
    found.start_by_hand.append(first - began)
    found.by_hand.append(last - first)
    found.reports.append(float((place / "reports.txt").read_text()) / (last - first))


def _span(events: Iterable[dict[str, Any]]) -> tuple[float, float]:
    """When the first and the last step of the training were told, in seconds since 1970."""
    told = [each for each in events if each["kind"] == "metric" and each["data"]["split"] == "train"]
    ats = [dt.datetime.fromisoformat(each["at"]).timestamp() for each in told]
    return ats[0], ats[-1]


def _worker_pid(ours: Hub) -> int:
    """The process of the worker that `headstart up` started on this folder."""
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = each.read_bytes().split(b"\0")
        except OSError:
            continue
        if b"workers.cli" in words and any(word.startswith(bytes(ours.data)) for word in words):
            return int(each.parent.name)
    raise SystemExit("The hub's worker is not running.")


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


Claims = dict[str, list[list[float]]]


def claims_of(databases: dict[str, Callable[[], Claims]]) -> Claims:
    """By database and pause, over all rounds."""
    found: Claims = {}
    for database, look in databases.items():
        for _ in range(ROUNDS):
            for pause, times in look().items():
                found.setdefault(f"{database}, {pause}", []).extend(times)
    return found


def _claims_on_sqlite() -> Claims:
    return _claims("")


def _claims_on_postgres() -> Claims:
    with postgres() as address:
        return _claims(address)


def _claims(database: str) -> Claims:
    """Seconds of each claim, on the clock and of the processor."""
    with tempfile.TemporaryDirectory() as folder:
        env = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "hub.settings",
            "HEADSTART_DATA": folder,
            "HEADSTART_DATABASE_URL": database,
            "HEADSTART_SECRET_KEY": "benchmark-only",
            "HEADSTART_REDIS_URL": "memory://",
            "HEADSTART_ALLOWED_HOSTS": "*",
        }
        told = lab.run([sys.executable, "-m", "benchmarks._claims"], env=env)
    found: Claims = json.loads(told.splitlines()[-1])
    return found


def _runs_table(timed: Timed) -> str:
    ratio = statistics.median(timed.as_job) / statistics.median(timed.by_hand)
    rows = {
        f"by hand: {STEPS} steps": timed.by_hand,
        f"as a job: {STEPS} steps": timed.as_job,
        "by hand: start to first step": timed.start_by_hand,
        "as a job: order to first step, no process ready": timed.cold,
        "as a job: order to first step, within 15 minutes of another": timed.to_first_step,
    }
    lines = ["| | median, s | lowest | highest |", "|---|---|---|---|"]
    lines += [f"| {name} | {statistics.median(v):.2f} | {min(v):.2f} | {max(v):.2f} |" for name, v in rows.items()]
    shares = (
        f"Of the training's time, reports of progress take {_percent(timed.reports)} in the job's process, and the"
        f" worker that looks after it {_percent(timed.supervisor)} of one core beside it (start and push included)."
    )
    return "\n".join([*lines, "", f"As a job: {ratio:.3f} × the time by hand ({ROUNDS} rounds, in turns).", "", shares])


def _percent(shares: list[float]) -> str:
    return f"{100 * statistics.median(shares):.2f} %"


def _claims_table(claims: Claims) -> str:
    head = "| claim, 100 queued jobs, 8 workers | median, ms | p95, ms | median, ms of processor | p95 |"
    rows = (_claims_row(name, found) for name, found in claims.items())
    note = "Workers that claim without a pause keep both cores full: then the clock counts the waiting for a core."
    return "\n".join([head, "|---|---|---|---|---|", *rows, "", note])


def _claims_row(name: str, found: list[list[float]]) -> str:
    return f"| {name} | {' | '.join(_cells(found))} |"


def _cells(found: list[list[float]]) -> Iterator[str]:
    for at in (0, 1):
        times = [1000 * each[at] for each in found]
        yield f"{statistics.median(times):.1f}"
        yield f"{statistics.quantiles(times, n=20)[-1]:.1f}"


if __name__ == "__main__":
    print(main())
