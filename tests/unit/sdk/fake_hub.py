"""A hub of a hundred lines: enough of the wire for the SDK, with faults on demand. It holds one revision per name."""

import base64
import hashlib
import json
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from proofs import dsse, manifest
from proofs.keys import key_id, pem_of
from proofs.statements import statement

LFS_FROM = 1000
REVIEW = "https://headstart.dev/review/v1"


def git_oid(data: bytes) -> str:
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


class FakeHub:
    """What it holds (`repos`), whom it knows (`tokens`), what goes wrong, and what it was asked."""

    def __init__(self) -> None:
        self.repos: dict[str, dict[str, bytes]] = {}
        self.private: set[str] = set()
        self.tokens = {"hs_good": "ann", "hs_reader": "bob"}
        self.asked: list[str] = []
        self.authorizations: list[str] = []
        self.damaged: set[str] = set()  # Paths sent with a flipped byte.
        self.listed_size: dict[str, int] = {}  # Sizes that the tree lies about.
        self.cut_after: dict[str, list[int]] = {}  # By path: break off the answer after so many bytes, once each.
        self.redirect_to: str | None = None
        self.ignores_ranges = False
        self.status: int | None = None
        self.extra_paths: list[str] = []
        self.is_gone = False
        self.pause = 0.0  # Seconds before each 64 KiB of a file.
        self.lock = threading.Lock()
        self.address = ""
        self.key: Any = None  # A private key: then it announces it, and signs.
        self.signed: dict[str, bytes] = {}  # Contents that its signature names instead of its own; b"" for none.
        self.signed_commit = ""  # The commit that its signature names, where not the right one.
        self.gives_signatures = True
        self.reviews: list[dict[str, Any]] = []  # What its statements say, and whole statements beside them.
        self.statements: list[dict[str, Any]] = []
        self.papers: dict[str, dict[str, Any]] = {}  # Records by address: what was put there, and by whom.
        self.findings: dict[str, list[dict[str, Any]]] = {}
        self.conflicts = 0  # So many puts are refused as too late.
        # What it answers below api/headstart/models/<owner>/<name>/, by the part.
        self.told: dict[str, dict[str, Any]] = {}

    def add(self, name: str, **files: bytes) -> str:
        """Files by path (`__` for a dot); returns the commit id."""
        self.repos.setdefault(name, {}).update({path.replace("__", "."): data for path, data in files.items()})
        return self.commit(name)

    def commit(self, name: str) -> str:
        text = name + "".join(f"{path}{git_oid(data)}" for path, data in sorted(self.repos[name].items()))
        return hashlib.sha1(text.encode()).hexdigest()

    def count(self, part: str) -> int:
        return sum(part in line for line in self.asked)

    def tree(self, name: str) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = []
        for path, data in sorted(self.repos[name].items()):
            entry: dict[str, Any] = {"type": "file", "path": path, "size": len(data), "oid": git_oid(data)}
            if len(data) >= LFS_FROM:
                entry["lfs"] = {"oid": hashlib.sha256(data).hexdigest(), "size": len(data), "pointerSize": 130}
            if path in self.listed_size:
                entry["size"] = self.listed_size[path]
            entries.append(entry)
        entries += [{"type": "file", "path": path, "size": 1, "oid": "0" * 40} for path in self.extra_paths]
        return entries


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    hub: FakeHub

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        self._note()
        url = urlsplit(self.path)
        path, hub = unquote(url.path), self.hub
        if hub.status:
            return self._error(hub.status, "", "broken on purpose")
        if path == "/api/headstart/about":
            return self._json({"name": "Fake", "version": "0", "curatedOwner": "curated", "limits": {}, **self._keys()})
        if found := re.fullmatch(r"/api/headstart/models/([^/]+/[^/]+)/signature/(.+)", path):
            return self._guarded(found[1], lambda: self._signature(found[1]))
        if (found := re.fullmatch(r"/api/headstart/models/[^/]+/[^/]+/(.+)", path)) and found[1] in hub.told:
            return self._json(hub.told[found[1]])
        if re.search("/(data-record|use-record)$", path):
            return self._json(hub.papers.get(path, {"number": 0, "by": ""}))
        if path.endswith("/findings"):
            return self._json({"items": hub.findings.get(path, [])})
        if path == "/api/whoami-v2":
            return self._whoami()
        if path == "/api/headstart/search":
            return self._search(parse_qs(url.query))
        if found := re.fullmatch(r"/api/(?:models|datasets)/([^/]+/[^/]+)/tree/([^/]+)", path):
            return self._guarded(found[1], lambda: self._tree(found[1], found[2]))
        if found := re.fullmatch(r"/api/(?:models|datasets)/([^/]+/[^/]+)(?:/revision/(.+))?", path):
            return self._guarded(found[1], lambda: self._repo(found[1], found[2]))
        if found := re.fullmatch(r"/(?:datasets/)?([^/]+/[^/]+)/resolve/([^/]+)/(.+)", path):
            return self._guarded(found[1], lambda: self._resolve(found[1], found[3]))
        return self._error(404, "", "no such address")

    def do_POST(self) -> None:
        self._note()
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        path, hub = unquote(urlsplit(self.path).path), self.hub
        if path == "/api/validate-yaml":
            return self._json({"errors": [], "warnings": []})
        if self._who() != "ann":
            return self._error(403 if self._who() else 401, "", "You may not write here")
        if path.endswith("/findings"):
            hub.findings.setdefault(path, []).append({**json.loads(body), "inherited": False})
            return self._json({"id": "BN-0001"}, 201)
        if path == "/api/repos/create":
            sent = json.loads(body)
            name = f"{sent['organization'] or 'ann'}/{sent['name']}"
            status = 409 if name in hub.repos else 200
            hub.repos.setdefault(name, {".gitattributes": b""})
            if status == 200 and (sent.get("private") or sent.get("visibility") == "private"):
                hub.private.add(name)
            return self._json({"url": f"http://{self.headers['Host']}/{name}", "error": "exists"}, status)
        found = re.fullmatch(r"/api/(?:models|datasets)/([^/]+/[^/]+)/(preupload|commit|paths-info)/([^/]+)", path)
        assert found, path
        return getattr(self, f"_{found[2].replace('-', '_')}")(found[1], body)

    def do_PUT(self) -> None:
        self._note()
        sent, held = json.loads(self.rfile.read(int(self.headers["Content-Length"]))), self.hub.papers
        if self.hub.conflicts:
            self.hub.conflicts -= 1
            return self._error(409, "", "The record is version 1 now, and you changed version 0.")
        before = held.get(self.path, {"number": 0, "record": None})
        number = before["number"] + (sent["record"] != before["record"])
        held[self.path] = {"number": number, "by": self._who(), "record": sent["record"]}
        return self._json(held[self.path])

    def _keys(self) -> dict[str, Any]:
        if self.hub.key is None:
            return {}
        public = self.hub.key.public_key()
        return {"keys": [{"id": key_id(public), "pem": pem_of(public)}]}

    def _signature(self, name: str) -> None:
        if self.hub.key is None or not self.hub.gives_signatures:
            return self._error(404, "", "no such address")
        held = {path: data for path, data in (self.hub.repos[name] | self.hub.signed).items() if data}
        files = {path: hashlib.sha256(data).hexdigest() for path, data in held.items()}
        over = manifest.Manifest(f"models/{name}@{self.hub.signed_commit or self.hub.commit(name)}", files)
        said = [dsse.sign(self.hub.key, statement(over.subject, REVIEW, each)) for each in self.hub.reviews]
        return self._json({"bundle": manifest.bundle(over, self.hub.key), "statements": said + self.hub.statements})

    def _preupload(self, name: str, body: bytes) -> None:
        files = json.loads(body)["files"]
        self._json({"files": [{"path": f["path"], "uploadMode": "regular", "shouldIgnore": False} for f in files]})

    def _paths_info(self, name: str, body: bytes) -> None:
        wanted = parse_qs(body.decode())["paths"]
        self._json([entry for entry in self.hub.tree(name) if entry["path"] in wanted])

    def _commit(self, name: str, body: bytes) -> None:
        files = self.hub.repos[name]
        for line in map(json.loads, body.splitlines()):
            value = line["value"]
            if line["key"] == "header" and value.get("parentCommit") not in (None, self.hub.commit(name)):
                return self._error(412, "", "A commit has happened since. Please refresh and try again.")
            if line["key"] == "file":
                files[value["path"]] = base64.b64decode(value["content"])
            if line["key"] == "lfsFile":
                held = {hashlib.sha256(data).hexdigest(): data for data in files.values()}
                files[value["path"]] = held[value["oid"]]
        oid = self.hub.commit(name)
        return self._json({"commitOid": oid, "commitUrl": f"http://{self.headers['Host']}/{name}/commit/{oid}"})

    def _whoami(self) -> None:
        if not (who := self._who()):
            return self._error(401, "", "Invalid credentials in Authorization header")
        return self._json({"type": "user", "name": who, "fullname": who.title(), "orgs": [{"name": "team"}]})

    def _tree(self, name: str, revision: str) -> None:
        if revision != self.hub.commit(name):
            return self._error(404, "RevisionNotFound", "Invalid rev id")
        return self._json(self.hub.tree(name))

    def _repo(self, name: str, revision: str | None) -> None:
        if revision not in (None, "main", "v1", self.hub.commit(name)):
            return self._error(404, "RevisionNotFound", "Invalid rev id")
        return self._json(self._info(name))

    def _info(self, name: str) -> dict[str, Any]:
        return {
            "_id": "1",
            "id": name,
            "sha": self.hub.commit(name),
            "private": name in self.hub.private,
            "downloads": 3,
            "likes": 0,
            "tags": ["license:mit"],
            "siblings": [],
            "pipeline_tag": "image-classification",
            "library_name": "transformers",
            "lastModified": "2026-11-21T09:30:00.000Z",
        }

    def _search(self, asked: dict[str, list[str]]) -> None:
        """Names that hold `q`, by name; `after` is the last name of the page before."""
        wanted, after, limit = asked.get("q", [""])[0], asked.get("after", [""])[0], int(asked["limit"][0])
        names = sorted(name for name in self.hub.repos if wanted in name)
        page = [name for name in names if name > after][:limit]
        is_last = not page or page[-1] == names[-1]
        facets = {} if "facets" in asked else {"licence": [{"value": "mit", "count": len(names), "chosen": False}]}
        items = [self._item(name, asked["kind"][0]) for name in page]
        return self._json(
            {"items": items, "total": len(names), "facets": facets, "next": None if is_last else page[-1]}
        )

    def _item(self, name: str, kind: str) -> dict[str, Any]:
        item: dict[str, Any] = {"name": name, "kind": kind, "private": name in self.hub.private, "gated": False}
        item |= {"task": "image-classification", "library": None, "licence": "mit", "licenceClass": "permissive"}
        item |= {"parameters": 25_600_000, "size": 102_400_000, "downloads": 3, "likes": 0, "summary": "A net."}
        item |= {
            "review": "unreviewed",
            "bias": None,
            "tags": ["license:mit"],
            "snippet": [["A ", False], ["net", True]],
        }
        return item | {"createdAt": "2026-11-21T09:30:00+00:00", "updatedAt": "2026-11-21T09:30:00+00:00"}

    def _resolve(self, name: str, path: str) -> None:
        if self.hub.redirect_to:
            self.send_response(302)
            self.send_header("Location", self.hub.redirect_to + self.path)
            self.send_header("Content-Length", "0")
            return self.end_headers()
        data = self.hub.repos[name].get(path)
        if data is None:
            return self._error(404, "EntryNotFound", f"{path} does not exist")
        if path in self.hub.damaged:
            data = data[:-1] + bytes([data[-1] ^ 1])
        start, end = 0, len(data)
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", ""))
        if asked and not self.hub.ignores_ranges:
            start, end = int(asked[1]), int(asked[2] or end - 1) + 1
            if start >= len(data):
                return self._error(416, "", "")
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(data)}")
        else:
            self.send_response(200)
        if not self.hub.ignores_ranges:
            self.send_header("Accept-Ranges", "bytes")
        self.send_header("X-Repo-Commit", self.hub.commit(name))
        self.send_header("ETag", f'"{git_oid(data)}"')
        self.send_header("Content-Length", str(end - start))
        self.end_headers()
        if self.command == "GET":
            self._send(path, data[start:end])
        return None

    def _send(self, path: str, data: bytes) -> None:
        with self.hub.lock:
            cuts = self.hub.cut_after.get(path)
            cut = cuts.pop(0) if cuts else None
        for at in range(0, len(data), 65536):
            block = data[at : at + 65536]
            if cut is not None and at + len(block) > cut:
                self.wfile.write(block[: cut - at])
                self.close_connection = True
                return
            if self.hub.pause:
                threading.Event().wait(self.hub.pause)
            self.wfile.write(block)

    def _guarded(self, name: str, answer: Any) -> None:
        if name not in self.hub.repos or (name in self.hub.private and self._who() != "ann"):
            return self._error(404 if self._who() else 401, "RepoNotFound", "Repository not found")
        return answer()

    def _who(self) -> str | None:
        return self.hub.tokens.get(self.headers.get("Authorization", "").removeprefix("Bearer "))

    def _note(self) -> None:
        if self.hub.is_gone:
            self.close_connection = True
            raise ConnectionAbortedError
        self.hub.asked.append(f"{self.command} {self.path} {self.headers.get('Range', '')}".strip())
        self.hub.authorizations.append(self.headers.get("Authorization", ""))

    def _json(self, value: Any, status: int = 200) -> None:
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def _error(self, status: int, code: str, message: str) -> None:
        data = json.dumps({"error": message}).encode()
        self.send_response(status)
        if code:
            self.send_header("X-Error-Code", code)
        self.send_header("X-Error-Message", message)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that goes away early is what many tests are about."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


@contextmanager
def serving(hub: FakeHub) -> Iterator[str]:
    """The hub on a free port of this machine; gives its address."""
    handler = type("BoundHandler", (Handler,), {"hub": hub})
    server = QuietServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        hub.is_gone = True
        server.shutdown()
        server.server_close()
        thread.join()
