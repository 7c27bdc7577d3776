"""Bodies that break off, stall, or don't say how long they are."""

import hashlib
import json
import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from itertools import count
from urllib.parse import urlsplit

import pytest

from tests.functional.wire import Wire
from tests.live import LiveHub

pytestmark = pytest.mark.stack
STALLED_AFTER = 4
NUMBERS = count(1)
DATA = b"\0data" * 200_000
OID = hashlib.sha256(DATA).hexdigest()


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveHub]:
    settings = {"HEADSTART_STALLED_AFTER": str(STALLED_AFTER)}
    hub = LiveHub(tmp_path_factory.mktemp("hub"), settings=settings).start()
    yield hub
    hub.stop()


@pytest.fixture
def wire(hub: LiveHub) -> Wire:
    return Wire(hub.url, hub.tokens["ada"])


@pytest.fixture
def repo(wire: Wire) -> str:
    name = f"net{next(NUMBERS)}"
    wire.create(name)
    return f"ada/{name}"


def connect(wire: Wire) -> socket.socket:
    address = urlsplit(wire.url)
    return socket.create_connection((address.hostname, address.port), timeout=60)


def head(wire: Wire, method: str, address: str, *lines: str) -> bytes:
    path = address.removeprefix(wire.url)
    told = [f"{method} {path} HTTP/1.1", f"Host: {urlsplit(wire.url).netloc}", f"Authorization: Bearer {wire.token}"]
    return "\r\n".join([*told, "Connection: close", *lines, "", ""]).encode()


def chunked(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)


def answer(line: socket.socket) -> tuple[int, bytes]:
    received = bytearray()
    with suppress(ConnectionError):
        while piece := line.recv(65536):
            received += piece
    return (int(received.split(b" ", 2)[1]), bytes(received.partition(b"\r\n\r\n")[2])) if received else (0, b"")


def put_address(wire: Wire, repo: str, oid: str = OID) -> str:
    batch = {"operation": "upload", "transfers": ["basic"], "objects": [{"oid": oid, "size": len(DATA)}]}
    told = json.loads(wire.call("POST", f"/{repo}.git/info/lfs/objects/batch", batch))
    return told["objects"][0]["actions"]["upload"]["href"]


COMMIT = b"\n".join(
    json.dumps(line).encode()
    for line in (
        {"key": "header", "value": {"summary": "A"}},
        {"key": "file", "value": {"path": "a", "content": "x", "encoding": "utf-8"}},
    )
)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/api/repos/create", b'{"name": "chunky"}'),
        ("PUT", "/api/models/{repo}/settings", b'{"private": true}'),
        ("POST", "/api/models/{repo}/commit/main", COMMIT),
        ("POST", "/api/models/{repo}/preupload/main", b'{"files": []}'),
        ("POST", "/{repo}.git/info/lfs/objects/batch", b'{"operation": "upload", "objects": []}'),
        ("POST", "/api/validate-yaml", b'{"content": "---\\nlicense: mit\\n---\\n"}'),
    ],
)
def test_a_body_of_unknown_length_is_refused_by_name(wire, repo, method, path, body):
    with closing(connect(wire)) as line:
        line.sendall(head(wire, method, path.format(repo=repo), "Transfer-Encoding: chunked") + chunked(body))
        status, told = answer(line)
    assert status == 411 and "Content-Length" in json.loads(told)["error"]
    assert set(wire.files(repo)) == {".gitattributes"}
    assert not json.loads(wire.call("GET", f"/api/models/{repo}"))["private"]


def test_a_large_file_of_unknown_length_is_refused(wire, repo):
    address = put_address(wire, repo)
    with closing(connect(wire)) as line:
        line.sendall(head(wire, "PUT", address, "Transfer-Encoding: chunked") + chunked(DATA))
        assert answer(line)[0] == 411
    assert wire.upload(repo, [DATA]) == 0, "nothing was taken in"


@pytest.mark.parametrize("length", ["-1", "1x", "", "1, 2", "99999999999999999999999"])
def test_a_length_that_is_none_is_refused(wire, repo, length):
    for method, path in (("PUT", put_address(wire, repo)), ("POST", f"/api/models/{repo}/commit/main")):
        with closing(connect(wire)) as line:
            line.sendall(head(wire, method, path, f"Content-Length: {length}") + COMMIT)
            line.shutdown(socket.SHUT_WR)
            assert 400 <= answer(line)[0] < 500
    assert set(wire.files(repo)) == {".gitattributes"}


def test_an_upload_that_was_cut_in_the_middle_is_sent_again(wire, repo):
    address = put_address(wire, repo)
    for sent in (0, 1, len(DATA) // 2, len(DATA) - 1):
        with closing(connect(wire)) as line:
            line.sendall(head(wire, "PUT", address, f"Content-Length: {len(DATA)}") + DATA[:sent])
    assert wire.upload(repo, [DATA]) == 0
    wire.commit(repo, "Whole", {}, {"data.bin": DATA})
    assert wire.read(repo, "data.bin") == DATA


def test_a_commit_that_was_cut_makes_no_commit(wire, repo):
    before = wire.commits(repo)
    for sent in (0, 20, len(COMMIT) - 3):
        with closing(connect(wire)) as line:
            path = f"/api/models/{repo}/commit/main"
            line.sendall(head(wire, "POST", path, f"Content-Length: {len(COMMIT)}") + COMMIT[:sent])
            line.shutdown(socket.SHUT_WR)
            assert answer(line)[0] == 400
    assert wire.commits(repo) == before


@pytest.mark.parametrize("what", ["an upload", "a commit", "a small body"])
def test_a_stalled_sender_is_let_go(wire, repo, what):
    path = {
        "an upload": put_address(wire, repo, "0" * 64),
        "a commit": f"/api/models/{repo}/commit/main",
        "a small body": "/api/repos/create",
    }[what]
    length = len(DATA) if what == "an upload" else 1000
    with closing(connect(wire)) as line:
        line.settimeout(1.9 * STALLED_AFTER)  # It may be waited for once, not again when the refusal is sent.
        method = "PUT" if what == "an upload" else "POST"
        line.sendall(head(wire, method, path, f"Content-Length: {length}") + b"{")
        assert answer(line)[0] in {0, 400, 408}


def test_stalled_senders_of_headers_do_not_block_the_hub(wire, repo):
    with ExitStack() as stack:
        lines = [stack.enter_context(closing(connect(wire))) for _ in range(70)]
        for line in lines:
            line.sendall(b"GET /api/models HTTP/1.1\r\nHost: loc")
        assert set(replace(wire, patience=20).files(repo)) == {".gitattributes"}


def test_stalled_downloads_do_not_block_the_hub(wire, repo):
    large = b"\0large" * 4_000_000
    wire.upload(repo, [large])
    wire.commit(repo, "Large", {}, {"large.bin": large})
    with ExitStack() as stack:
        lines = [stack.enter_context(closing(connect(wire))) for _ in range(40)]
        for line in lines:
            line.sendall(head(wire, "GET", f"/{repo}/resolve/main/large.bin"))
        time.sleep(0.5)
        # Sooner than the stalled ones are let go, so a hub that they block doesn't answer in time.
        assert "large.bin" in replace(wire, patience=0.8 * STALLED_AFTER).files(repo)
        time.sleep(1.5 * STALLED_AFTER)
        # Letting go of the stalled ones must not hold up the others: 40 waits of a second or two would.
        assert replace(wire, patience=10).read(repo, "large.bin") == large
        assert len(answer(lines[0])[1]) < len(large), "it was not let go"
