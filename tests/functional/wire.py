"""A bare client of the upload wire: no retries and no hidden state, so that a test knows what was acknowledged."""

import base64
import hashlib
import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass


class Refused(Exception):
    """The plan of a transfer says no: a code, and why."""


@dataclass(frozen=True)
class Wire:
    url: str
    token: str
    patience: float = 60

    def call(self, method: str, path: str, body: object = None, content_type: str = "application/json") -> bytes:
        """The answer's body; `OSError` (`HTTPError` among them) when there is none."""
        return self.answer(method, path, body, content_type)[0]

    def answer(self, method: str, path: str, body: object = None, content_type: str = "") -> tuple[bytes, str]:
        """The answer's body, and its Link header."""
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        address = path if path.startswith("http") else self.url + path
        request = urllib.request.Request(address, data=data, method=method)
        request.add_header("Authorization", f"Bearer {self.token}")
        request.add_header("Content-Type", content_type)
        with urllib.request.urlopen(request, timeout=self.patience) as response:
            return response.read(), response.headers.get("Link") or ""

    def pages(self, path: str) -> Iterator[dict]:
        """What a list holds, page after page."""
        while path:
            body, link = self.answer("GET", path)
            yield from json.loads(body)
            path = link.partition("<")[2].partition(">")[0]

    def create(self, name: str) -> None:
        self.call("POST", "/api/repos/create", {"name": name})

    def upload(self, repo: str, contents: list[bytes]) -> int:
        """Bring LFS contents; how many of them the hub said it had already."""
        objects = [{"oid": hashlib.sha256(content).hexdigest(), "size": len(content)} for content in contents]
        batch = {"operation": "upload", "transfers": ["basic"], "objects": objects, "hash_algo": "sha256"}
        answer = json.loads(self.call("POST", f"/{repo}.git/info/lfs/objects/batch", batch))
        there = 0
        for item, content in zip(answer["objects"], contents, strict=True):
            if error := item.get("error"):
                raise Refused(error["code"], error["message"])
            actions = item.get("actions")
            if not actions:
                there += 1
                continue
            self.call("PUT", actions["upload"]["href"], content, "application/octet-stream")
            if verify := actions.get("verify"):
                self.call("POST", verify["href"], {"oid": item["oid"], "size": item["size"]})
        return there

    def plan(self, repo: str, content: bytes) -> dict:
        """Where the parts of a content go that comes in parts."""
        objects = [{"oid": hashlib.sha256(content).hexdigest(), "size": len(content)}]
        batch = {"operation": "upload", "transfers": ["basic", "multipart"], "objects": objects}
        [told] = json.loads(self.call("POST", f"/{repo}.git/info/lfs/objects/batch", batch))["objects"]
        if error := told.get("error"):
            raise Refused(error["code"], error["message"])
        return told["actions"]["upload"]

    def upload_parts(self, repo: str, content: bytes, only: list[int] | None = None) -> int:
        """Send these parts of a content, or all of them and complete it. How many it has."""
        upload = self.plan(repo, content)
        size = int(upload["header"]["chunk_size"])
        count = -(-len(content) // size)
        for number in only or range(1, count + 1):
            part = content[(number - 1) * size : number * size]
            self.call("PUT", upload["header"][str(number)], part, "application/octet-stream")
        if only is None:
            self.complete(repo, content)
        return count

    def complete(self, repo: str, content: bytes) -> None:
        """Say that all parts of a content were sent."""
        oid = hashlib.sha256(content).hexdigest()
        self.call("POST", self.plan(repo, content)["href"], {"oid": oid, "parts": []})

    def commit(self, repo: str, title: str, inline: dict[str, bytes], large: dict[str, bytes]) -> str:
        """Make one commit on main; its id, once the hub acknowledged it."""
        lines: list[dict] = [{"key": "header", "value": {"summary": title, "description": ""}}]
        for path, content in inline.items():
            encoded = base64.b64encode(content).decode()
            lines.append({"key": "file", "value": {"path": path, "content": encoded, "encoding": "base64"}})
        for path, content in large.items():
            oid = hashlib.sha256(content).hexdigest()
            lines.append(
                {"key": "lfsFile", "value": {"path": path, "algo": "sha256", "oid": oid, "size": len(content)}}
            )
        body = "\n".join(json.dumps(line) for line in lines).encode()
        answer = self.call("POST", f"/api/models/{repo}/commit/main", body, "application/x-ndjson")
        return json.loads(answer)["commitOid"]

    def files(self, repo: str, revision: str = "main") -> dict[str, dict]:
        """Tree entries by path, files only."""
        entries = self.pages(f"/api/models/{repo}/tree/{revision}?recursive=true&expand=false")
        return {entry["path"]: entry for entry in entries if entry["type"] == "file"}

    def commits(self, repo: str) -> list[str]:
        return [commit["id"] for commit in self.pages(f"/api/models/{repo}/commits/main?limit=1000")]

    def read(self, repo: str, path: str) -> bytes:
        return self.call("GET", f"/{repo}/resolve/main/{path}")
