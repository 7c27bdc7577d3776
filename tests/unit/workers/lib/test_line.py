"""What goes to the hub, and what comes when bytes lie elsewhere."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import orjson
import pytest

from workers.contract import Checkpoint
from workers.lib.archive import sha256_of
from workers.lib.held import NotWhole
from workers.lib.hub import Held, Hub, Refused
from workers.lib.line import body_of


def test_the_hub_can_read_whatever_a_job_says():
    told = {"text": "nul\0 half\ud800", "numbers": [float("nan"), float("inf"), 1.5], "deep": ({"x": float("-inf")},)}
    read = orjson.loads(body_of(told))
    assert read == {"text": "nul\ufffd half?", "numbers": [None, None, 1.5], "deep": [{"x": None}]}


class _Store(BaseHTTPRequestHandler):
    """/api… redirects to /bytes, as a hub does whose store is elsewhere."""

    def do_GET(self):
        self.server.seen.append((self.path, self.headers.get("Authorization")))
        if self.path.startswith("/bytes"):
            self._send(200, b"tar")
        elif self.path.endswith("/2"):
            self._send(302, b"", Location="/nowhere")
        else:
            self._send(302, b"", Location="/bytes?signed=1")

    def do_POST(self):
        self._send(302, b"{}", Location="/bytes")

    def _send(self, status, body, **headers):
        self.send_response(404 if self.path == "/nowhere" else status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Quiet."""


@pytest.fixture
def store() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Store)
    server.seen = []
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_checkpoint_may_lie_in_a_store_that_does_not_get_the_secret(store, tmp_path):
    held = Held(Hub(f"http://127.0.0.1:{store.server_port}", "hsw_secret"), "job_1", 3)
    (tmp_path / "same").write_bytes(b"tar")
    sha256 = sha256_of(tmp_path / "same")
    held.get_checkpoint(Checkpoint(1, sha256, 3), tmp_path / "got")
    assert (tmp_path / "got").read_bytes() == b"tar"
    assert [secret for _, secret in store.seen] == ["Bearer hsw_secret", None]
    with pytest.raises(NotWhole):
        held.get_checkpoint(Checkpoint(1, "0" * 64, 3), tmp_path / "other")
    with pytest.raises(Refused):
        held.get_checkpoint(Checkpoint(2, sha256, 3), tmp_path / "gone")


def test_what_is_told_goes_to_the_hub_alone(store):
    with pytest.raises(Refused):
        Hub(f"http://127.0.0.1:{store.server_port}", "hsw_secret").say("heard", {})


def test_a_body_is_json():
    assert json.loads(body_of({"events": []})) == {"events": []}
