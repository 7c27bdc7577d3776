"""Large files on their way to a real hub: in parts, resumed, and at once in the way of no other request."""

import hashlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import sdk
from sdk import _http, _upload
from tests.live import LiveHub

pytestmark = pytest.mark.stack
PART = 1024 * 1024


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveHub]:
    live = LiveHub(tmp_path_factory.mktemp("hub"), settings={"HEADSTART_LFS_PART_SIZE": str(PART)}).start()
    yield live
    live.stop()


@pytest.fixture(autouse=True)
def _reach(hub: LiveHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADSTART_URL", hub.url)
    monkeypatch.setenv("HEADSTART_TOKEN", hub.tokens["ada"])
    monkeypatch.setenv("HEADSTART_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HEADSTART_CONFIG", str(tmp_path / "config.toml"))


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    path = tmp_path / "weights.bin"
    path.write_bytes(os.urandom(6 * PART + 1234))  # New to the hub in each test.
    return path


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The lengths of the parts that were sent, in the order of their ends."""
    put, lengths = _http.Session.put, []

    def noting(self: _http.Session, url: str, part: object, *, asked: str) -> None:
        put(self, url, part, asked=asked)  # type: ignore[arg-type]
        lengths.append(part.length)  # type: ignore[attr-defined]

    monkeypatch.setattr(_http.Session, "put", noting)
    return lengths


def test_a_large_file_goes_in_parts_and_comes_back(weights: Path, sent: list[int]) -> None:
    sdk.push(weights, "ada/parts")
    assert sorted(sent) == [1234, *[PART] * 6]
    assert (sdk.pull("ada/parts").path / "weights.bin").read_bytes() == weights.read_bytes()


def test_a_push_that_broke_off_sends_only_what_is_missing(
    weights: Path, sent: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_upload, "AT_ONCE", 1)
    noting = _http.Session.put

    def breaking(self: _http.Session, url: str, part: object, *, asked: str) -> None:
        if len(sent) == 4:
            raise sdk.OutOfSpaceError("broken on purpose")
        noting(self, url, part, asked=asked)  # type: ignore[arg-type]

    monkeypatch.setattr(_http.Session, "put", breaking)
    with pytest.raises(sdk.OutOfSpaceError):
        sdk.push(weights, "ada/resumed")
    sent.clear()
    monkeypatch.setattr(_http.Session, "put", noting)
    sdk.push(weights, "ada/resumed")
    assert sent == [PART, PART, 1234]
    assert (sdk.pull("ada/resumed").path / "weights.bin").read_bytes() == weights.read_bytes()


def test_a_file_that_changes_meanwhile_is_refused(weights: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    upload = _upload.upload

    def changing(*args: object, **options: object) -> None:
        weights.write_bytes(weights.read_bytes()[::-1])
        upload(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr("sdk._commit.upload", changing)
    with pytest.raises(sdk.InvalidInputError, match="sha256"):
        sdk.push(weights, "ada/changing")
    with pytest.raises(sdk.NotFoundError):
        sdk.pull("ada/changing", allow="weights.bin").open("weights.bin")


@pytest.mark.parametrize(("sent", "status"), [(3000, b"200"), (2999, b"400")])
def test_a_part_and_the_next_request_in_one_packet(hub: LiveHub, weights: Path, sent: int, status: bytes) -> None:
    """The body is read off the socket: what follows it there is the next request, and is answered."""
    sdk.push(weights, f"ada/pipelined-{sent}")
    data = os.urandom(3000)
    target = urlsplit(_address_for(hub, f"ada/pipelined-{sent}", data))
    put = f"PUT {target.path} HTTP/1.1\r\nHost: {target.netloc}\r\nContent-Length: {sent}\r\n\r\n".encode()
    get = f"GET /api/headstart/about HTTP/1.1\r\nHost: {target.netloc}\r\nConnection: close\r\n\r\n".encode()
    with socket.create_connection((target.hostname, target.port or 80), timeout=10) as sock:
        sock.sendall(put + data[:sent] + get)
        answers = b"".join(iter(lambda: sock.recv(65536), b""))
    assert answers.startswith(b"HTTP/1.1 " + status)
    assert b"curatedOwner" in answers


def _address_for(hub: LiveHub, name: str, data: bytes) -> str:
    """Where the hub wants that content of a repository."""
    session = _http.Session(hub.url, hub.tokens["ada"])
    objects = [{"oid": hashlib.sha256(data).hexdigest(), "size": len(data)}]
    body = {"operation": "upload", "transfers": ["multipart"], "objects": objects}
    told = session.post_json(f"{hub.url}/{name}.git/info/lfs/objects/batch", body, asked="batch")
    session.close()
    return str(told["objects"][0]["actions"]["upload"]["href"])
