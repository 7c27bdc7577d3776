"""What no stock client sends. The hub says no, in words, and goes on."""

import base64
import hashlib
import http.client
import json
import random
import socket
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.live import LiveHub

NDJSON = "application/x-ndjson"


class Caller:
    """Requests by hand, so that anything can be sent."""

    def __init__(self, hub: LiveHub) -> None:
        self.hub = hub
        self.host = urlsplit(hub.url).netloc

    def __call__(
        self, method: str, path: str, body: Any = None, token: str | None = "ada", **headers: str
    ) -> tuple[http.client.HTTPResponse, bytes]:
        connection = http.client.HTTPConnection(self.host, timeout=60)
        if token:
            headers["Authorization"] = f"Bearer {self.hub.tokens.get(token, token)}"
        data = body if isinstance(body, bytes | None) else json.dumps(body).encode()
        try:
            connection.request(method, path, data, headers)
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()

    def commit(self, repo: str, *lines: Any, header: Any = None, **more: Any) -> tuple[http.client.HTTPResponse, bytes]:
        header = {"key": "header", "value": header or {"summary": "Try"}}
        body = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in (header, *lines))
        return self("POST", f"/api/models/{repo}/commit/main", body, **{"Content-Type": NDJSON}, **more)

    def batch(self, repo: str, oid: str, size: int, **more: Any) -> dict[str, Any]:
        body = {"operation": "upload", "transfers": ["basic", "multipart"], "objects": [{"oid": oid, "size": size}]}
        response, told = self("POST", f"/{repo}.git/info/lfs/objects/batch", body, **more)
        assert response.status == 200, told
        return json.loads(told)["objects"][0]

    def raw(self, data: bytes) -> bytes:
        """Send these bytes and no more, and read what comes back."""
        host, _, port = self.host.partition(":")
        with socket.create_connection((host, int(port)), timeout=60) as line:
            line.sendall(data)
            line.shutdown(socket.SHUT_WR)
            received = b""
            while piece := line.recv(65536):
                received += piece
        return received


@pytest.fixture
def call(live_hub: LiveHub) -> Caller:
    return Caller(live_hub)


@pytest.fixture
def name(call: Caller) -> str:
    """A new public model of ada."""
    made = f"ada/tried{random.randrange(10**9)}"
    response, told = call("POST", "/api/repos/create", {"name": made.partition("/")[2]})
    assert response.status == 200, told
    return made


def file_line(path: str, data: bytes = b"x") -> dict[str, Any]:
    content = base64.b64encode(data).decode()
    return {"key": "file", "value": {"content": content, "path": path, "encoding": "base64"}}


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def path_of(address: str) -> str:
    return address.split("/", 3)[3].join(["/", ""])


@pytest.mark.parametrize(
    "path",
    [
        "../x",
        "..\\x",
        "/etc/passwd",
        "a/../b",
        "a//b",
        "",
        ".",
        "./a",
        "a/.git/config",
        "a\x00b",
        "x" * 300,
        "a/" * 600,
    ],
)
def test_a_path_that_tricks_is_refused(call, name, path):
    response, told = call.commit(name, file_line(path))
    assert (response.status, bool(json.loads(told)["error"])) == (422, True)


@pytest.mark.parametrize(
    "path", ["../../etc/passwd", "%2e%2e/%2e%2e/etc/passwd", "..%2f..%2fhub.sqlite3", "%00", "a%ff"]
)
def test_a_pull_stays_inside_the_repository(call, name, path):
    response, told = call("GET", f"/{name}/resolve/main/{path}")
    assert response.status in {400, 404} and b"root:" not in told
    response, told = call("GET", f"/api/models/{name}/tree/main/{path}")
    assert response.status in {400, 404}


@pytest.mark.parametrize("made", ["a" * 97, "-a", "a..b", "a--b", "a.git", "ä", "a b", "", "a/b/c", "\x00"])
def test_a_name_that_is_none_is_refused(call, made):
    response, told = call("POST", "/api/repos/create", {"name": made})
    assert response.status == 400 and json.loads(told)["error"]


def test_one_path_twice_and_a_file_as_a_folder(call, name):
    assert call.commit(name, file_line("a"), file_line("a", b"y"))[0].status == 400
    assert call.commit(name, file_line("a"), file_line("a/b"))[0].status == 422
    assert call.commit(name, file_line("a"))[0].status == 200


@pytest.mark.parametrize(
    ("line", "number"),
    [
        (b"{", 2),
        (b"[1]", 2),
        (b'"text"', 2),
        (b'{"key":"file"}', 2),
        (b'{"key":"what","value":{"path":"a"}}', 2),
        (b'{"key":"file","value":{"path":"a","content":"%%%","encoding":"base64"}}', 2),
        (b'{"key":"file","value":{"path":"a","content":"' + b"A" * 3_000_001 + b'","encoding":"base64"}}', 2),
        (b'{"key":"file","value":{"path":"a","content":"' + b"A" * 3_000_000, 2),
        (b"x" * 3_000_000, 2),
        (b'{"key":"lfsFile","value":{"path":"a","algo":"sha256","oid":"../../x"}}', 2),
        (b'{"key":"deletedFile","value":{"path":7}}', 2),
        (b"\xff\xfe", 2),
    ],
)
def test_a_malformed_line_is_named(call, name, line, number):
    response, told = call.commit(name, line)
    assert response.status == 400 and f"ine {number}" in json.loads(told)["error"], told


def test_a_commit_without_a_header_or_without_anything(call, name):
    for body in (b"", b"\n\n", json.dumps(file_line("a")).encode()):
        response, _ = call("POST", f"/api/models/{name}/commit/main", body, **{"Content-Type": NDJSON})
        assert response.status == 400


def test_a_revision_that_is_not_there(call, name):
    for method, path in [
        ("GET", f"/api/models/{name}/tree/nowhere"),
        ("GET", f"/api/models/{name}/revision/refs%2Fheads%2Fnowhere"),
        ("GET", f"/api/models/{name}/commits/{'0' * 40}"),
        ("HEAD", f"/{name}/resolve/a%2Fb/config.json"),
    ]:
        response, _ = call(method, path)
        assert (response.status, response.getheader("X-Error-Code")) == (404, "RevisionNotFound"), path


def test_a_parent_that_is_no_longer_the_head(call, name):
    first = json.loads(call("GET", f"/api/models/{name}")[1])["sha"]
    assert call.commit(name, file_line("a"), header={"summary": "A", "parentCommit": first})[0].status == 200
    response, told = call.commit(name, file_line("b"), header={"summary": "B", "parentCommit": first})
    assert response.status == 412 and "A commit has happened since." in json.loads(told)["error"]
    again, told = call.commit(name, file_line("a"), header={"summary": "A", "parentCommit": first})
    head = json.loads(call("GET", f"/api/models/{name}")[1])["sha"]
    assert again.status == 200 and json.loads(told)["commitOid"] == head


def test_content_of_somebody_else_cannot_be_named(call, name):
    secret = b"\0secret" * 1000
    call("POST", "/api/repos/create", {"name": "hidden", "private": True})
    item = call.batch("ada/hidden", digest(secret), len(secret))
    assert call("PUT", path_of(item["actions"]["upload"]["href"]), secret, token=None)[0].status == 200
    mine = f"mine{random.randrange(10**9)}"
    call("POST", "/api/repos/create", {"name": mine}, token="bob")
    line = {"key": "lfsFile", "value": {"path": "stolen", "algo": "sha256", "oid": digest(secret)}}
    assert call.commit(f"bob/{mine}", line, token="bob")[0].status == 422
    assert "actions" in call.batch(f"bob/{mine}", digest(secret), len(secret), token="bob")


def test_bytes_that_are_not_the_announced_ones(call, name):
    good, bad = b"\0good" * 1000, b"\0evil" * 1000
    address = path_of(call.batch(name, digest(good), len(good))["actions"]["upload"]["href"])
    response, told = call("PUT", address, bad, token=None)
    assert response.status == 422 and digest(bad) in json.loads(told)["error"]
    assert call("PUT", address, good[:-1], token=None)[0].status == 400
    assert call("PUT", address, good + b"!", token=None)[0].status == 400
    verify = {"oid": digest(good), "size": len(good)}
    assert call("POST", f"/{name}.git/info/lfs/objects/verify", verify)[0].status == 422
    assert call("PUT", address, good, token=None)[0].status == 200
    assert call("PUT", address, good, token=None)[0].status == 200, "a repeat is no error"
    assert call("POST", f"/{name}.git/info/lfs/objects/verify", verify)[0].status == 200


def test_a_body_that_breaks_off_or_runs_on(call, name):
    data = b"\0data" * 100_000
    address = path_of(call.batch(name, digest(data), len(data))["actions"]["upload"]["href"])
    head = f"PUT {address} HTTP/1.1\r\nHost: {call.host}\r\nContent-Length: {len(data)}\r\n".encode()
    assert b" 400 " in call.raw(head + b"\r\n" + data[: len(data) // 2]).split(b"\r\n")[0]
    told = call.raw(head + b"Connection: close\r\n\r\n" + data + b"GET / HTTP/1.1\r\n\r\n")
    assert b" 200 " in told.split(b"\r\n")[0] and told.count(b"HTTP/1.1 ") == 1
    assert call("PUT", address, None, token=None)[0].status in {200, 400, 411}


def test_a_connection_goes_on_after_an_upload(call, name):
    """Even when the next request was sent along with the body."""
    for data in (b"\0few", b"\0many" * 500_000):
        address = path_of(call.batch(name, digest(data), len(data))["actions"]["upload"]["href"])
        put = f"PUT {address} HTTP/1.1\r\nHost: {call.host}\r\nContent-Length: {len(data)}\r\n\r\n".encode() + data
        ask = f"GET /api/agent-harnesses HTTP/1.1\r\nHost: {call.host}\r\nConnection: close\r\n\r\n".encode()
        told = call.raw(put + ask)
        assert told.count(b"HTTP/1.1 200 ") == 2 and told.endswith(b'"harnesses":{}}')


def test_an_address_that_was_not_given_out(call, name):
    for verb in ("put", "complete", "get"):
        method = {"put": "PUT", "complete": "POST", "get": "GET"}[verb]
        response, told = call(method, f"/api/lfs/{verb}/made-up:by:me", b"{}", token=None)
        assert response.status == 403, told
    data = b"\0data" * 10
    address = path_of(call.batch(name, digest(data), len(data))["actions"]["upload"]["href"])
    assert call("GET", address.replace("/put/", "/get/"), token=None)[0].status == 403


def test_private_and_missing_look_alike(call):
    secret = f"secret{random.randrange(10**9)}"
    call("POST", "/api/repos/create", {"name": secret, "private": True})
    for path in ("/api/models/{}", "/api/models/{}/tree/main", "/{}/resolve/main/x", "/api/models/{}/refs"):
        for token, status in ((None, 401), ("bob", 404)):
            answers = [call("GET", path.format(repo), token=token) for repo in (f"ada/{secret}", "ada/never-was")]
            assert [response.status for response, _ in answers] == [status, status]
            assert {response.getheader("X-Error-Code") for response, _ in answers} == {"RepoNotFound"}
            assert answers[0][1] == answers[1][1]


def test_tokens_that_open_nothing(call, live_hub, name):
    script = """
import django, sys
django.setup()
import datetime as dt
from hub.accounts import services
from hub.accounts.models import AccessToken, User
from hub.core import clock
from tests.factories import make_token
ada = User.objects.get(username="ada")
old, gone = make_token(ada), make_token(ada)
tokens = AccessToken.objects.order_by("-pk")
services.revoke_token(by=services.SYSTEM, token=tokens[0])
AccessToken.objects.filter(pk=tokens[1].pk).update(expires_at=clock.now() - dt.timedelta(seconds=1))
print(old, gone)
"""
    for token in [*live_hub.run("-c", script).split(), "hs_made_up", "\xe9"]:
        for method in ("GET", "HEAD"):
            response, _ = call(method, f"/{name}/resolve/main/.gitattributes", token=token)
            assert response.status == 401 and response.getheader("X-Error-Code") is None
            assert response.getheader("X-Error-Message") == "Invalid credentials in Authorization header"


def test_a_token_does_no_more_than_its_scope(call, name):
    assert call.commit(name, file_line("a"), token="reader")[0].status == 403
    assert call.commit(name, file_line("a"), token=None)[0].status == 401
    assert call.commit(name, file_line("a"), token="bob")[0].status == 403
    assert call("DELETE", "/api/repos/delete", {"name": name}, token="writer")[0].status == 403
    assert call("PUT", f"/api/models/{name}/settings", {"private": True}, token="bob")[0].status == 403
    assert call("POST", "/api/repos/create", {"name": "x", "organization": "acme"}, token="bob")[0].status == 403


def test_bodies_that_are_too_large(call, name):
    response, told = call("POST", "/api/repos/create", b'{"name": "' + b"a" * 3_000_000 + b'"}')
    assert response.status == 413 and json.loads(told)["error"]
    head = f"POST /api/models/{name}/commit/main HTTP/1.1\r\nHost: x\r\nContent-Length: 900000000\r\n".encode()
    sent = head + f"Authorization: Bearer {call.hub.tokens['ada']}\r\n\r\n".encode()
    assert b" 413 " in call.raw(sent.replace(b"Host: x", f"Host: {call.host}".encode())).split(b"\r\n")[0]


def test_a_foreign_host_and_a_foreign_method(call, name):
    assert call("GET", f"/api/models/{name}", Host="evil.example")[0].status == 400
    response, told = call("PATCH", f"/api/models/{name}")
    assert response.status == 405 and json.loads(told)["error"]
    response, told = call("GET", "/api/nothing/here")
    assert response.status == 404 and json.loads(told)["error"]
