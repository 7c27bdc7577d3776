"""What holds a job's processes: nothing of a job outlives what it depends on."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from workers.executors.base import Launch
from workers.executors.nest import GROUP, NAMESPACE
from workers.executors.subprocess import Subprocesses, best_way

# A process, one below it in a session of its own, and one that nobody waits for.
TREE = """
import os, subprocess, sys, time, pathlib
sleep = [sys.executable, "-S", "-c", "import time; time.sleep(300)", sys.argv[1]]
subprocess.Popen(sleep, start_new_session=True)
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sleep[0], sleep)
    os._exit(0)
pathlib.Path("ready").touch()
time.sleep(300)
"""


def start(
    folder: Path, code: str, *arguments: str, way: str = GROUP, hold: float = 30.0, waits: bool = False, **limits: int
):
    command = [sys.executable, "-S", "-c", code, *arguments]
    return Subprocesses(way).start(Launch(command, folder, {"MARK": "1"}, hold, limits=limits, waits=waits))


def wait(until, seconds=20.0):
    give_up_at = time.monotonic() + seconds
    while not (found := until()):
        assert time.monotonic() < give_up_at
        time.sleep(0.01)
    return found


def ended(process) -> int:
    wait(lambda: process.poll() is not None)
    process.kill()
    return process.poll()


def left(mark: str) -> list[int]:
    found = []
    for each in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if mark in each.cmdline() and each.status() != psutil.STATUS_ZOMBIE:
                found.append(each.pid)
    return found


@pytest.fixture(params=[GROUP, NAMESPACE])
def way(request, tmp_path_factory):
    if request.param == NAMESPACE and best_way(tmp_path_factory.mktemp("probe")) != NAMESPACE:
        pytest.skip("this kernel gives no namespaces")
    return request.param


@pytest.fixture
def tree(way, tmp_path):
    process = start(tmp_path, TREE, mark := f"mark{os.getpid()}{time.monotonic_ns()}", way=way)
    wait((tmp_path / "ready").exists)
    wait(lambda: len(left(mark)) >= 3)
    yield process, mark
    process.kill()


def test_killing_leaves_nothing(tree):
    process, mark = tree
    process.kill()
    assert (left(mark), process.poll()) == ([], 137)


def test_it_ends_when_its_hold_does(tree):
    process, mark = tree
    process.hold(0.5)
    wait(lambda: process.poll() is not None)
    wait(lambda: not left(mark))


def test_it_ends_when_the_nest_is_killed(tree, way):
    process, mark = tree
    os.kill(process.pid, signal.SIGKILL)
    process.poll()
    if way == NAMESPACE:
        wait(lambda: not left(mark))
    else:
        # The first process goes with it; what it started may stay without a namespace: told as such by `Join.kill`.
        wait(lambda: process.poll() is not None)
        for pid in left(mark):
            os.kill(pid, signal.SIGKILL)


def test_it_ends_when_its_owner_is_killed(way, tmp_path):
    mark = f"owner{os.getpid()}"
    code = f"""
import sys, time
from pathlib import Path
from tests.unit.workers.test_nest import TREE, start
start(Path({str(tmp_path)!r}), TREE, {mark!r}, way={way!r})
time.sleep(300)
"""
    owner = subprocess.Popen([sys.executable, "-c", code])
    wait(lambda: len(left(mark)) >= 3)
    owner.kill()
    owner.wait()
    wait(lambda: not left(mark))


def test_a_stop_reaches_the_job(way, tmp_path):
    code = "import signal, sys, time; signal.signal(15, lambda *_: sys.exit(75)); open('ready', 'w'); time.sleep(60)"
    process = start(tmp_path, code, way=way)
    wait((tmp_path / "ready").exists)
    process.stop()
    assert ended(process) == 75


@pytest.mark.parametrize(
    ("code", "exit_code"), [("raise SystemExit(66)", 66), ("import os; os.kill(os.getpid(), 11)", 139)]
)
def test_it_ends_as_the_job_did(way, tmp_path, code, exit_code):
    assert ended(start(tmp_path, code, way=way)) == exit_code


def test_nothing_of_our_environment_is_handed_down(way, tmp_path, monkeypatch):
    monkeypatch.setenv("HEADSTART_WORKER_TOKEN", "hsw_secret")
    ended(start(tmp_path, "import os; print(sorted(os.environ))", way=way))
    assert "HEADSTART" not in (tmp_path / "log.txt").read_text()


def test_limits_hold(way, tmp_path):
    code = "import os, resource; print(resource.getrlimit(resource.RLIMIT_NOFILE)[0]); os.truncate('log.txt', 5000)"
    assert ended(start(tmp_path, code, way=way, NOFILE=77, FSIZE=4096)) != 0
    told = (tmp_path / "log.txt").read_text()
    assert "77" in told.split("\n")
    assert "File too large" in told


SEEN = """
import os, socket
print(os.getpid() < 10, os.path.exists('/proc/self/stat'))
for path, mode in ((OUTSIDE, 'r'), ('/etc/written', 'a'), ('mine', 'a')):
    try:
        open(path, mode)
        print('open')
    except OSError:
        print('closed')
try:
    socket.create_connection(('127.0.0.1', PORT), timeout=2)
    print('connected')
except OSError:
    print('no network')
"""


@pytest.mark.parametrize(
    ("way", "seen"),
    [(GROUP, "False True open closed open connected"), (NAMESPACE, "True True closed closed open no network")],
)
def test_in_a_namespace_it_sees_its_folder_and_no_network(tmp_path, way, seen):
    if way == NAMESPACE and best_way(tmp_path) != NAMESPACE:
        pytest.skip("this kernel gives no namespaces")
    (tmp_path / "secret").write_text("x")
    (folder := tmp_path / "job").mkdir()
    with socket.create_server(("127.0.0.1", 0)) as server:
        code = SEEN.replace("OUTSIDE", repr(str(tmp_path / "secret"))).replace("PORT", str(server.getsockname()[1]))
        assert ended(start(folder, code.replace("/etc/written", "/nowhere/written"), way=way)) == 0
    assert (folder / "log.txt").read_text().split() == seen.split()


SHOWN = """
import sys
print(sys.stdin.readline().strip())
for path, mode in ((PLACE + '/told/file', 'r'), (PLACE + '/other', 'r'), (PLACE + '/told/new', 'a'), ('mine', 'a')):
    try:
        open(path, mode)
        print('open')
    except OSError as error:
        print(error.strerror)
"""


def test_what_waits_is_shown_more_to_read_and_nothing_else(tmp_path):
    if best_way(tmp_path) != NAMESPACE:
        pytest.skip("this kernel gives no namespaces")
    (folder := tmp_path / "job").mkdir()
    (told := tmp_path / "told").mkdir()
    (told / "file").touch()
    (tmp_path / "other").touch()
    code = SHOWN.replace("PLACE", repr(str(tmp_path)))
    process = start(folder, code, way=NAMESPACE, waits=True)
    process.begin([told], {"FSIZE": 7})
    assert ended(process) == 0
    seen = ["open", "No such file or directory", "Read-only file system", "open"]
    assert (folder / "log.txt").read_text().splitlines() == ['{"FSIZE": 7}', *seen]


def test_what_waits_is_ended_like_a_job(way, tmp_path):
    code = "import sys; open('ready', 'w'); sys.exit(bool(sys.stdin.readline()))"
    process = start(tmp_path, code, way=way, waits=True)
    wait((tmp_path / "ready").exists)
    assert process.poll() is None
    process.kill()
    assert process.poll() == 137
