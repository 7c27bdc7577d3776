"""Workers as programs of their own: the broker's bell, a kill at any moment, what an idle one costs."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from celery import Celery

from hub.cli import valkey
from tests.workers import SECRET, fake_hub, make_spec
from workers.contract import TASK

ROOT = Path(__file__).resolve().parents[3]
PROGRAM = """
import sys
from pathlib import Path
from tests.workers import FakeHub, make_join, make_site
from workers.celery import Listener, serve_without_broker
from workers.supervisor.worker import Worker
url, broker, folder = sys.argv[1:]
hub = FakeHub()
hub.url = url
worker = Worker(make_site(hub, Path(folder), way="group"), make_join())
joined = worker.join()
Listener(broker, worker, joined.queues).run() if broker else serve_without_broker(worker)
"""


@pytest.fixture
def hub():
    with fake_hub(2.0) as made:
        yield made


@pytest.fixture
def broker(tmp_path_factory):
    """A broker of its own, on a socket; its address."""
    folder = tmp_path_factory.mktemp("b")
    path = folder / "s"
    server = valkey.find_server()
    if server is None:
        pytest.skip("there is no broker program here")
    log = (folder / "log").open("wb")
    process = subprocess.Popen(valkey.command(server=server, unix_socket=path, folder=folder), stdout=log, stderr=log)
    while not valkey.answers(path):
        assert process.poll() is None
        time.sleep(0.02)
    yield f"redis+socket://{path}"
    process.terminate()
    process.wait()
    log.close()


@pytest.fixture
def program(hub, tmp_path):
    """Start worker programs; what still runs at the end is killed."""
    started = []

    def start(broker=""):
        (folder := tmp_path / f"program{len(started)}").mkdir()
        command = [sys.executable, "-c", PROGRAM, hub.url, broker, str(folder)]
        with (folder / "log").open("wb") as log:
            started.append(subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.wait()


def ring(broker: str, job: str) -> None:
    with Celery(broker=broker, set_as_current=False) as app:
        app.send_task(TASK, kwargs={"job": job, "later": "unknown fields are ignored"}, queue="jobs.cpu")


def slow(number="job1", **config):
    return make_spec(number, config={"steps": 200, "seconds": 0.02, "every": 5, **config})


def test_a_bell_through_the_broker_starts_a_job(hub, program, broker):
    program(broker)
    hub.wait(lambda: hub.heard)
    job = hub.add(make_spec())
    ring(broker, "job1")
    hub.wait(lambda: job.state == "succeeded")


def test_a_stop_gives_the_job_back_and_ends_the_program(hub, program, broker):
    process = program(broker)
    job = hub.add(slow())
    hub.wait(lambda: job.events)
    process.terminate()
    assert process.wait(timeout=30) == 0
    assert (job.state, job.last("release")) == ("queued", {"reason": "drain"})


def test_no_broker_no_bell_and_still_the_work_is_done(hub, program):
    program("redis+socket:///nowhere/at/all")
    job = hub.add(make_spec())
    hub.wait(lambda: job.state == "succeeded")


def test_a_stop_without_a_broker_ends_the_program(hub, program):
    process = program("redis+socket:///nowhere/at/all")
    job = hub.add(slow())
    hub.wait(lambda: job.events)
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
    assert job.state == "queued"


def test_a_killed_worker_s_job_is_resumed_by_another(hub, program):
    process = program()
    job = hub.add(slow())
    hub.wait(job.checkpoint)
    process.kill()
    process.wait()
    at_least = job.checkpoint().step
    program()
    hub.wait(lambda: job.state == "succeeded", seconds=60)
    begun = [line for each in job.events if each["kind"] == "log" for line in each["data"]["lines"]]
    assert job.lease == 2
    assert int(begun[-1].removeprefix("begins at ")) >= at_least


def test_a_worker_that_stood_still_writes_nothing_when_it_wakes(hub, program):
    process = program()
    job = hub.add(slow())
    hub.wait(job.checkpoint)
    process.send_signal(signal.SIGSTOP)
    second = program()
    hub.wait(lambda: job.lease == 2)
    process.send_signal(signal.SIGCONT)
    hub.wait(lambda: job.state == "succeeded", seconds=60)
    assert (job.lease, job.calls().count("finish")) == (2, 1)
    assert second.poll() is None


COMMAND = [sys.executable, "-m", "workers.cli"]


def test_the_command_joins_and_never_imports_torch(hub, tmp_path):
    environment = {**os.environ, "HEADSTART_WORKER_TOKEN": SECRET}
    command = [*COMMAND, "--hub", hub.url, "--folder", str(tmp_path), "--name", "desk"]
    with (tmp_path / "out").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        hub.wait(lambda: hub.heard, seconds=60)
        maps = Path(f"/proc/{process.pid}/maps").read_text()
        resident = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        process.terminate()
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
    assert (hub.joined[0]["name"], hub.joined[0]["kill"] in ("namespace", "group")) == ("desk", True)
    assert "libtorch" not in maps
    assert resident < 100 << 20


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([], "A worker needs its token"),
        (["--token-file", "bad"], "This token doesn't open the workers' door"),
        (["--token-file", "good", "--device", "cuda:77"], "There is no device 'cuda:77' here"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(hub, tmp_path, options, says):
    (tmp_path / "bad").write_text("hsw_wrong")
    (tmp_path / "good").write_text(SECRET)
    options = [str(tmp_path / each) if each in ("bad", "good") else each for each in options]
    command = [*COMMAND, "--hub", hub.url, "--folder", str(tmp_path / "f"), *options]
    environment = {name: value for name, value in os.environ.items() if name != "HEADSTART_WORKER_TOKEN"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode != 0
    assert says in done.stderr


def test_many_kills_leave_one_outcome(hub, program):
    job = hub.add(slow(steps=60))
    process = program()
    for pause in (0.3, 0.7, 1.1):
        hub.wait(lambda lease=job.lease: job.state != "queued" and job.lease >= max(1, lease))
        threading.Event().wait(pause)
        process.kill()
        process.wait()
        process = program()
    hub.wait(lambda: job.state == "succeeded", seconds=60)
    assert job.calls().count("finish") == 1
