"""Processes that are ready before their job is known."""

import contextlib
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.unit.workers.test_nest import left, wait, way
from tests.workers import make_join, make_spec, make_waiting_site
from workers.contract import Lease
from workers.supervisor import spare
from workers.supervisor.attempt import Attempt
from workers.supervisor.spare import Spares
from workers.supervisor.worker import Worker

__all__ = ["way"]
MARK = "-of-the-spare-test"


@pytest.fixture
def site(worker_hub, tmp_path):
    return make_waiting_site(worker_hub, tmp_path)


@pytest.fixture
def spares(site):
    """One is ready."""
    made = Spares(site)
    made.wake()
    made.look(0)
    yield made
    made.close()


def said(job):
    return [line for each in job.events if each["kind"] == "log" for line in each["data"]["lines"]]


@contextlib.contextmanager
def working(site):
    worker = Worker(site, make_join(slots=site.slots))
    worker.join()
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        yield worker
    finally:
        worker.drain()
        thread.join()


@pytest.mark.parametrize("is_ready", [True, False])
def test_a_job_goes_in_a_process_that_waited(worker_hub, tmp_path, way, is_ready):
    site = make_waiting_site(worker_hub, tmp_path, way=way)
    job = worker_hub.add(make_spec())
    ready = spare.start(site, 0) if is_ready else None
    Attempt(site, Lease.from_json(worker_hub.claim({})), 0, ready).run()
    assert (job.state, said(job)) == ("succeeded", ["waited", "begins at 0"])
    assert list(site.folder.iterdir()) == []


def test_each_process_has_one_job(worker_hub, site):
    with working(site):
        jobs = [worker_hub.add(make_spec(f"job{number}")) for number in range(2)]
        worker_hub.wait(lambda: all(job.state == "succeeded" for job in jobs))
    assert [said(job) for job in jobs] == [["waited", "begins at 0"]] * 2


def test_one_that_died_is_not_taken_and_not_replaced_before_the_next_job(spares, site):
    spares._spare.process.kill()
    spares.look(0)
    assert spares.take(make_spec()) is None
    spares.look(0)
    assert list(site.folder.iterdir()) == []
    spares.wake()
    spares.look(0)
    with contextlib.closing(spares.take(make_spec())) as another:
        assert another.is_alive


def test_a_job_whose_process_died_meanwhile_gets_another(worker_hub, site, spares):
    job = worker_hub.add(make_spec())
    ready = spares.take(job.spec)
    ready.process.kill()
    Attempt(site, Lease.from_json(worker_hub.claim({})), 0, ready).run()
    assert (job.state, said(job)) == ("succeeded", ["begins at 0"])


@pytest.mark.parametrize("why", ["no slot", "too long"])
def test_one_that_nobody_needs_ends(spares, site, monkeypatch, why):
    before = spares._spare
    if why == "too long":
        later = spare.monotonic() + 61
        monkeypatch.setattr(spare, "monotonic", lambda: later)
    spares.look(None if why == "no slot" else 0)
    assert (before.is_alive, list(site.folder.iterdir())) == (False, [])


def test_a_job_of_several_processes_starts_its_own(spares, site):
    assert spares.take(make_spec(gpus=2)) is None
    assert list(site.folder.iterdir()) == []


def test_it_sees_the_gpus_of_its_slot(worker_hub, tmp_path):
    site = make_waiting_site(worker_hub, tmp_path, slots=2, gpus=(4, 6))
    with contextlib.closing(spare.start(site, 1)) as ready:
        [job] = wait(lambda: left(str(ready.place.work)))
        assert b"CUDA_VISIBLE_DEVICES=6" in Path(f"/proc/{job}/environ").read_bytes().split(b"\0")


def test_a_drained_worker_leaves_nothing(worker_hub, tmp_path, way):
    site = make_waiting_site(worker_hub, tmp_path, MARK, way=way)
    with working(site):
        job = worker_hub.add(make_spec())
        wait(lambda: job.state == "succeeded" and left(str(tmp_path / f"waiting{MARK}.py")))
    assert (left(str(tmp_path / f"waiting{MARK}.py")), list(site.folder.iterdir())) == ([], [])


def test_a_killed_worker_leaves_none_alive(worker_hub, tmp_path, way):
    code = f"""
import time
from pathlib import Path
from tests.workers import FakeHub, make_waiting_site
from workers.supervisor import spare
spare.start(make_waiting_site(FakeHub(), Path({str(tmp_path)!r}), {MARK!r}, way={way!r}), 0)
time.sleep(300)
"""
    owner = subprocess.Popen([sys.executable, "-c", code])
    wait(lambda: left(str(tmp_path / f"waiting{MARK}.py")))
    owner.kill()
    owner.wait()
    wait(lambda: not left(str(tmp_path / f"waiting{MARK}.py")))
