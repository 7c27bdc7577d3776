"""`headstart up` as a whole: start, trouble, stop."""

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from tests.functional.hub_process import ROOT, environment, eventually, run, running_hub, status_of

pytestmark = [pytest.mark.stack, pytest.mark.timeout(240)]
SEND = (
    "import django; django.setup(); from hub.core.tasks import enqueue; enqueue('storage.collect_garbage', extra='x')"
)


@pytest.fixture(scope="module")
def prepared():
    """A data folder that was started once, and what that start printed."""
    data = Path(tempfile.mkdtemp(prefix="headstart-up-"))
    with running_hub(data) as hub:
        hub.wait_until_up()
        hub.stop()
    yield data, hub.printed
    shutil.rmtree(data)


@pytest.fixture
def hub(prepared):
    """A running hub on that folder; `hub.address` is its host and port."""
    with running_hub(prepared[0]) as running:
        running.address = running.wait_until_up()
        yield running


def pss_mib(process: int) -> float:
    text = Path(f"/proc/{process}/smaps_rollup").read_text()
    return int(re.search(r"^Pss:\s+(\d+)", text, re.MULTILINE).group(1)) / 1024


def test_the_first_start_says_all_that_a_newcomer_needs(prepared):
    data, printed = prepared
    assert re.search(r"runs at http://127\.0\.0\.1:\d+", printed)
    assert re.search(r"Sign in as root with the one-time password \w{5}-\w{5}-\w{5}\n", printed)
    assert re.search(r"HEADSTART_URL=http://127\.0\.0\.1:\d+ .* pull [\w./-]+\n", printed)
    assert printed.endswith("Headstart has stopped.\n")
    for name in ("secret_key", "seed_token"):
        assert (data / name).stat().st_mode & 0o077 == 0


def test_the_second_start_goes_on_with_what_is_there_and_shows_no_password(prepared):
    with running_hub(prepared[0]) as hub:
        assert status_of(hub.wait_until_up()) == 200
    assert "password" not in hub.printed


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_leaves_no_process_and_no_error(hub, number):
    assert len(hub.children()) >= 4
    assert hub.stop(number) == 0
    assert hub.children() == {}
    assert status_of(hub.address) == 0


def test_a_killed_supervisor_leaves_no_process(hub):
    hub.process.kill()
    hub.process.wait()
    eventually(lambda: hub.children() == {}, seconds=20)


def test_a_start_right_after_a_kill_waits_for_what_was_left(hub, prepared):
    hub.process.kill()
    hub.process.wait()
    with running_hub(prepared[0]) as second:
        assert status_of(second.wait_until_up()) == 200


def test_a_second_hub_on_the_same_folder_is_refused(hub):
    refused = run("up", "--data", hub.data, "--port", "0")
    assert refused.returncode == 1
    assert f"already (process {hub.process.pid})" in refused.stderr
    assert status_of(hub.address) == 200


def test_a_taken_port_is_said(tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        refused = run("up", "--data", tmp_path / "data", "--port", port)
    assert refused.returncode == 1
    assert refused.stderr.startswith(f"Error: Port {port} on 127.0.0.1 is taken.")
    assert f"--port {port + 1}" in refused.stderr


@pytest.mark.parametrize("words", ["gunicorn", "hub.cli.worker", "unixsocket:"])
def test_a_part_that_is_killed_comes_back(hub, words):
    before = hub.child(words)
    os.kill(before, signal.SIGKILL)
    hub.wait_until_it_says("started again")
    eventually(lambda: status_of(hub.address) == 200)
    eventually(lambda: hub.child(words) not in {0, before})


def test_a_task_runs_through_the_real_broker(hub):
    log = hub.data / "logs/worker.log"
    before = log.read_text().count("succeeded")
    variables = {**environment(), "HEADSTART_DATA": str(hub.data), "DJANGO_SETTINGS_MODULE": "hub.settings"}
    subprocess.run([sys.executable, "-c", SEND], cwd=ROOT, env=variables, check=True)
    eventually(lambda: log.read_text().count("succeeded") > before)


def test_memory_at_rest(hub):
    assert status_of(hub.address) == 200
    processes = [hub.process.pid, *hub.children()]
    assert sum(map(pss_mib, processes)) < 600


def test_commands_work_beside_a_running_hub(hub):
    doctor = run("doctor", "--data", hub.data)
    assert (doctor.returncode, doctor.stderr) == (0, ""), doctor.stdout
    assert "broker: answers" in doctor.stdout
    name = f"ada{os.getpid()}-{time.time_ns()}"
    assert "One-time password: " in run("user", "add", name, "--data", hub.data).stdout
    token = run("token", "add", name, "--name", "ci", "--scope", "read", "--data", hub.data)
    assert re.fullmatch(r"hs_[\w-]{43}\n", token.stdout)
    assert "not shown again" in token.stderr
