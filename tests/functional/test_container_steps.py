"""The steps of the images, run one by one without an engine: the hub's installation into a fresh environment, its entry
point with its health check, and nginx before it."""

import http.server
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.functional import clean_env

ROOT = Path(__file__).resolve().parents[2]
DOCKER = ROOT / "docker"
HEALTHY = DOCKER / "entrypoints" / "healthy.py"
pytestmark = pytest.mark.stack


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def until(holds: Callable[[], bool], seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.2)
    return False


def sources(folder: Path) -> Path:
    """What the image of the hub copies, and nothing else."""
    text = (DOCKER / "Dockerfile.hub").read_text().partition("\nFROM ${PYTHON_IMAGE}\n")[0]
    for line in re.findall(r"^COPY (.+)$", text, re.MULTILINE):
        for name in line.split()[:-1]:
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / name, folder / name)
    return folder


def test_the_hub_is_installed_and_started_as_its_image_does_it(tmp_path):
    (tmp_path / "src").mkdir()
    source, place, data = sources(tmp_path / "src"), tmp_path / "env", tmp_path / "data"
    install = re.findall(r'pip install (-c constraints\.txt) "(\S+)"', (DOCKER / "Dockerfile.hub").read_text())
    assert install == [("-c constraints.txt", ".[hub]")]
    # As the image makes it.
    data.mkdir(mode=0o750)
    clean_env.make(place, source, "hub")
    port = free_port()
    environment = {"PATH": f"{place}/bin:/usr/bin:/bin", "HEADSTART_DATA": str(data), "HEADSTART_PORT": str(port)}
    hub = subprocess.Popen(
        ["sh", DOCKER / "entrypoints/hub.sh", "--no-seed", "--workers", "1"], env=environment, cwd=tmp_path,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        asked = [place / "bin/python", HEALTHY, f"http://127.0.0.1:{port}"]
        ask = lambda: subprocess.run(asked, capture_output=True, check=False).returncode == 0  # noqa: E731
        assert until(ask, 90), hub.stdout.read() if hub.poll() is not None else "no answer"
        assert data.stat().st_mode & 0o077 == 0o050, "the group may look, as nginx does; others may not"
    finally:
        hub.send_signal(signal.SIGTERM)
        hub.communicate(timeout=30)
    assert hub.returncode == 0


class _Hub(http.server.BaseHTTPRequestHandler):
    """Answers as the hub does for a stored file: by saying where it is."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("X-Accel-Redirect", "/stored/ab/file")
        for name, value in (("ETag", '"abc"'), ("X-Repo-Commit", "c" * 40), ("Content-Security-Policy", "sandbox")):
            self.send_header(name, value)
        self.send_header("X-Heard", f"{self.headers['X-Forwarded-Host']} {self.headers['X-Forwarded-Proto']}")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.skipif(not shutil.which("nginx"), reason="nginx is not installed here")
def test_nginx_sends_what_is_stored_with_the_hubs_headers(tmp_path):
    (tmp_path / "storage/ab").mkdir(parents=True)
    (tmp_path / "storage/ab/file").write_bytes(b"weights")
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    port, text = free_port(), (DOCKER / "nginx.conf").read_text()
    for old, new in (
        ("/tmp/", f"{tmp_path}/"),
        ("hub:8000", f"127.0.0.1:{server.server_port}"),
        ("listen 8080", f"listen 127.0.0.1:{port}"),
        ("/data/storage/", f"{tmp_path}/storage/"),
    ):
        assert old in text
        text = text.replace(old, new)
    user = "user root;\n" if os.geteuid() == 0 else ""
    (tmp_path / "nginx.conf").write_text(user + text)
    nginx = subprocess.Popen(["nginx", "-c", tmp_path / "nginx.conf", "-g", "daemon off;"], stderr=subprocess.PIPE)
    try:
        assert until(lambda: listens(port), 10)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/m/resolve/main/f", timeout=10) as answer:
            assert answer.read() == b"weights"
            assert answer.headers["ETag"] == '"abc"' and answer.headers["X-Repo-Commit"] == "c" * 40
            assert answer.headers["Content-Security-Policy"] == "sandbox"
        with pytest.raises(urllib.error.HTTPError, match="404") as refused:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/stored/ab/file", timeout=10)
        refused.value.close()
    finally:
        nginx.terminate()
        nginx.communicate(timeout=10)
        server.shutdown()
        server.server_close()
