"""A worker among others: claiming, slots, draining, and being told to go."""

import threading

import pytest

from tests.workers import make_join, make_site, make_spec
from workers.supervisor.worker import NotWanted, Worker


@pytest.fixture
def started(worker_hub, tmp_path):
    """Start workers; all are drained at the end."""
    workers = []

    def start(**fields):
        (folder := tmp_path / f"worker{len(workers)}").mkdir()
        made = Worker(make_site(worker_hub, folder, **fields), make_join(slots=fields.get("slots", 1)))
        made.join()
        thread = threading.Thread(target=made.run)
        thread.start()
        workers.append((made, thread))
        return made

    yield start
    for made, thread in workers:
        made.drain()
        thread.join()


def slow(number):
    return make_spec(number, config={"steps": 500, "seconds": 0.02})


def test_it_says_what_it_is(worker_hub, started):
    started()
    assert (worker_hub.joined[0]["name"], worker_hub.joined[0]["device_class"]) == ("here", "cpu")


def test_it_finds_jobs_without_a_bell(worker_hub, started):
    started()
    job = worker_hub.add(make_spec())
    worker_hub.wait(lambda: job.state == "succeeded")


def test_a_bell_is_answered_at_once(worker_hub, started):
    worker = started()
    worker.joined = None
    job = worker_hub.add(make_spec())
    worker.ring("job1")
    worker_hub.wait(lambda: job.state == "succeeded")


def test_it_runs_as_many_as_it_has_slots(worker_hub, started):
    rooms = []
    worker = started(slots=2)
    worker.on_room = rooms.append
    jobs = [worker_hub.add(slow(f"job{number}")) for number in range(3)]
    worker_hub.wait(lambda: sum(job.state == "running" for job in jobs) == 2)
    assert (worker.free, jobs[2].state, rooms) == (0, "queued", [False])
    jobs[0].drain = True
    worker_hub.wait(lambda: jobs[2].state == "running" or jobs[0].lease == 2)


def test_two_workers_share_the_work_and_no_job_runs_twice(worker_hub, started):
    worker_hub.seconds = 120.0
    jobs = [worker_hub.add(make_spec(f"job{number}", config={"steps": 1})) for number in range(4)]
    started(), started()
    worker_hub.wait(lambda: all(job.state == "succeeded" for job in jobs), seconds=300)
    assert [job.lease for job in jobs] == [1] * 4


def test_it_tells_what_it_runs(worker_hub, started):
    started()
    worker_hub.add(slow("job1"))
    worker_hub.wait(lambda: worker_hub.heard and worker_hub.heard[-1]["running"])
    assert worker_hub.heard[-1]["running"] == [{"job": "job1", "token": 1}]


def test_draining_gives_back_what_runs(worker_hub, started):
    worker = started()
    job = worker_hub.add(slow("job1"))
    worker_hub.wait(lambda: job.events)
    worker.drain()
    worker_hub.wait(lambda: "release" in job.calls())
    assert job.checkpoint() is not None


def test_a_signal_in_the_middle_of_anything_drains_it(worker_hub, tmp_path):
    """Handlers of signals run in the thread that works, wherever it is."""
    worker = Worker(make_site(worker_hub, tmp_path), make_join())
    handler = threading.Thread(target=lambda: worker._changing.__enter__() and worker.drain(), daemon=True)
    handler.start()
    handler.join(timeout=5)
    assert not handler.is_alive()


def test_the_hub_drains_it_and_takes_it_back(worker_hub, started):
    started()
    job = worker_hub.add(slow("job1"))
    worker_hub.wait(lambda: job.events)
    worker_hub.drains = True
    worker_hub.wait(lambda: "release" in job.calls())
    count = len(worker_hub.heard)
    worker_hub.wait(lambda: len(worker_hub.heard) > count + 1)
    assert job.state == "queued"
    worker_hub.drains = False
    worker_hub.wait(lambda: job.lease == 2)


def test_a_hub_that_is_away_is_waited_for(worker_hub, started):
    started()
    worker_hub.is_cut = True
    job = worker_hub.add(make_spec())
    threading.Event().wait(0.5)
    worker_hub.is_cut = False
    worker_hub.wait(lambda: job.state == "succeeded")


def test_a_worker_whose_token_is_withdrawn_ends(worker_hub, tmp_path):
    worker = Worker(make_site(worker_hub, tmp_path), make_join())
    worker.join()
    worker_hub.refuses = True
    with pytest.raises(NotWanted, match="token"):
        worker.run()


def test_a_worker_that_the_hub_does_not_know_is_told_so(worker_hub, tmp_path):
    worker_hub.refuses = True
    with pytest.raises(NotWanted, match="token"):
        Worker(make_site(worker_hub, tmp_path), make_join()).join()


def test_what_a_killed_worker_left_is_swept_away(worker_hub, tmp_path):
    site = make_site(worker_hub, tmp_path)
    (site.folder / "job9-1" / "work").mkdir(parents=True)
    worker = Worker(site, make_join())
    worker.join()
    worker.drain()
    worker.run()
    assert list(site.folder.iterdir()) == []
