"""What the entry points start, and what they say where they can't."""

import http.server
import os
import subprocess
import threading
from pathlib import Path

import pytest

POINTS = Path(__file__).resolve().parents[3] / "docker" / "entrypoints"


@pytest.fixture
def folder(tmp_path):
    """A path of programs that say how they were called."""
    for name in ("headstart", "pip"):
        program = tmp_path / name
        program.write_text(f'#!/bin/sh\necho {name} "$@"\n')
        program.chmod(0o755)
    (tmp_path / "healthy.py").symlink_to(POINTS / "healthy.py")
    return tmp_path


def run(folder, script, *arguments, cwd=None, **environment):
    path = f"{folder}:{os.environ['PATH']}"
    return subprocess.run(
        ["sh", str(POINTS / script), *arguments],
        env={"PATH": path, **environment},
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def hub():
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200 if self.path == "/api/headstart/about" else 404)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("given", "started"),
    [
        ([], "up --host 0.0.0.0 --port 8000"),
        (["--no-worker"], "up --host 0.0.0.0 --port 8000 --no-worker"),
        (["user", "add", "ada"], "user add ada"),
    ],
)
def test_the_hub_starts_or_does_what_it_is_told(folder, given, started):
    assert run(folder, "hub.sh", *given).stdout == f"headstart {started}\n"


def test_the_worker_starts_with_its_token(folder, hub):
    token = folder / "token"
    token.write_text("hsw_x")
    done = run(
        folder, "worker.sh", "--device", "cpu", HEADSTART_URL=hub, HEADSTART_WORKER_TOKEN_FILE=str(token),
        HEADSTART_WORK="/w",
    )  # fmt: skip
    assert done.stdout == f"headstart worker --folder /w --token-file {token} --device cpu\n"


def test_the_worker_says_what_it_lacks(folder):
    assert "HEADSTART_URL" in run(folder, "worker.sh").stderr
    empty = folder / "empty"
    empty.write_text("")
    done = run(folder, "worker.sh", HEADSTART_URL="http://x", HEADSTART_WORKER_TOKEN_FILE=str(empty))
    assert done.returncode == 78 and "worker-token add" in done.stderr


def test_the_worker_gives_up_on_a_hub_that_is_not_there(folder):
    (folder / "token").write_text("hsw_x")
    done = run(
        folder, "worker.sh", HEADSTART_URL="http://127.0.0.1:1", HEADSTART_WORKER_TOKEN_FILE=str(folder / "token"),
        HEADSTART_WAIT_TRIES="1",
    )  # fmt: skip
    assert done.returncode == 75 and "doesn't answer" in done.stderr


def test_health_is_an_exit_code(hub):
    ask = [str(POINTS / "healthy.py")]
    assert subprocess.run([*ask, hub], check=False).returncode == 0
    for address in (f"{hub}/nowhere", "http://127.0.0.1:1", "no address"):
        done = subprocess.run([*ask, address], capture_output=True, text=True, check=False)
        assert done.returncode == 1 and address in done.stderr


@pytest.mark.parametrize(
    ("given", "ran"),
    [
        (["cuda"], ["pip install -c constraints.txt .[worker]"]),
        (["cpu", ""], ["pip install -c constraints.txt .[worker]"]),
        (
            ["cpu", "https://index.example"],
            ["pip install --index-url https://index.example torch==2.1", "pip install -c constraints.txt .[worker]"],
        ),
    ],
)
def test_torch_comes_for_the_device(folder, given, ran):
    (folder / "constraints.txt").write_text("tqdm==4\ntorch==2.1\ntorchx==1\n")
    assert run(folder, "install-worker.sh", *given, cwd=folder).stdout.splitlines() == ran


def test_an_unknown_device_is_refused(folder):
    assert run(folder, "install-worker.sh", "tpu").returncode == 64
