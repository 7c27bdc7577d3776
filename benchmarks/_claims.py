"""One round of claims, in a process of its own: `python -m benchmarks._claims`, on the database of the environment.

Eight processes, each a worker of the hub's, take a hundred queued jobs of five people between them: once each of them
half a second (at random, about) after its last, as by jobs that are short, and once without a pause.
Printed: JSON, for each of both the seconds of each claim on the clock and of the processor.
"""

import json
import multiprocessing
import os
import random
import time
from pathlib import Path
from typing import Any

JOBS, WORKERS, PEOPLE = 100, 8, 5
# Seconds between two claims of one worker, on average.
PAUSES = {"half a second between": 0.5, "without a pause": 0.0}


def main() -> None:
    import django

    Path(os.environ["HEADSTART_DATA"], "static").mkdir(parents=True, exist_ok=True)
    django.setup()
    from django.core.management import call_command
    from django.db import connections

    call_command("migrate", verbosity=0)
    told = {}
    for name, pause in PAUSES.items():
        names = _filled()
        connections.close_all()
        told[name] = _together(names, pause)
    print(json.dumps(told))


def _filled() -> list[str]:
    """A hundred queued jobs and eight workers that could take them all; the workers' names."""
    from tests.factories import make_repo, make_user
    from tests.factories.jobs import make_job, make_worker

    for person in [make_user() for _ in range(PEOPLE)]:
        base = make_repo(owner=person, files={"README.md": b"---\nlicense: mit\n---\n# A\n"})
        dataset = make_repo(owner=person, kind="dataset", files={"a.txt": b"a"})
        for _ in range(JOBS // PEOPLE):
            make_job(person, base=base, dataset=dataset)
    return [make_worker(slots=JOBS).name for _ in range(WORKERS)]


def _together(names: list[str], pause: float) -> list[tuple[float, float]]:
    fork = multiprocessing.get_context("fork")
    gate, told = fork.Barrier(len(names)), fork.SimpleQueue()
    processes = [fork.Process(target=_claim_all, args=(name, gate, told, pause)) for name in names]
    for each in processes:
        each.start()
    found = [each for _ in processes for each in told.get()]
    for each in processes:
        each.join()
    if len(found) != JOBS:
        raise SystemExit(f"{len(found)} claims for {JOBS} jobs.")
    return found


def _claim_all(name: str, gate: Any, told: Any, pause: float) -> None:
    """Claim until there is nothing left; the last look, which finds nothing, doesn't count."""
    from hub.jobs.models import Worker
    from hub.jobs.services import leases

    worker, taken = Worker.objects.get(name=name), []
    gate.wait()
    while True:
        time.sleep(random.uniform(0, 2 * pause))
        began, spent = time.perf_counter(), time.process_time()
        if leases.claim(worker=worker) is None:
            break
        taken.append((time.perf_counter() - began, time.process_time() - spent))
    told.put(taken)


if __name__ == "__main__":
    main()
