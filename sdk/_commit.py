"""One commit over the wire: ask how each file is wanted, send the large ones, then the lines that make the commit."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

from sdk import _progress
from sdk._client import PREFIX, Client
from sdk._errors import InvalidInputError
from sdk._hashes import Digests
from sdk._models import Kind
from sdk._upload import Large, upload

Content = Path | bytes
SAMPLE = 512
FILES_A_CALL = 1000
CARD = "README.md"


def commit(
    client: Client,
    name: str,
    kind: Kind,
    revision: str,
    *,
    add: Mapping[str, Content],
    copy: Mapping[str, Digests],
    digests: Mapping[str, Digests],
    parent: str,
    message: str,
) -> str:
    """Make the commit on top of `parent` and return its id. `copy`: new paths of large files that the hub has.

    Raises ConflictError if the branch is elsewhere by now. Safe to repeat: the same files on the same parent are one
    commit.
    """
    asked = f"push to {name}"
    api = f"{client.config.hub}/api/{kind}s/{name}"
    if CARD in add:
        _check_card(client, _bytes_of(add[CARD]), kind, asked=asked)
    is_large = _modes(client, f"{api}/preupload/{quote(revision, safe='')}", add, digests, asked=asked)
    _send_large(client, name, kind, {path: add[path] for path, large in is_large.items() if large}, digests, asked)
    lines: list[dict[str, object]] = [_header(message, parent)]
    lines += [_large_line(path, digests[path]) if large else _line(path, add[path]) for path, large in is_large.items()]
    lines += [_large_line(path, digest) for path, digest in copy.items()]
    body = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    with client.sessions() as session:
        url = f"{api}/commit/{quote(revision, safe='')}"
        return str(session.post(url, body, "application/x-ndjson", asked=asked, timeout=300)["commitOid"])


def _check_card(client: Client, text: bytes, kind: Kind, *, asked: str) -> None:
    """Metadata that the hub would not understand is refused before anything is sent."""
    body = {"content": text.decode("utf-8", errors="replace"), "repoType": kind}
    with client.sessions() as session:
        told = session.post_json(f"{client.config.hub}/api/validate-yaml", body, asked=asked)
    if errors := [str(error["message"]) for error in told.get("errors", [])]:
        raise InvalidInputError(f"{asked}: the metadata of {CARD} is not right: {' '.join(errors)}")


def _modes(
    client: Client, url: str, add: Mapping[str, Content], digests: Mapping[str, Digests], *, asked: str
) -> dict[str, bool]:
    """Whether each file goes as a large one; what the hub's .gitignore leaves out is not among them."""
    modes: dict[str, bool] = {}
    paths = list(add)
    for start in range(0, len(paths), FILES_A_CALL):
        some = paths[start : start + FILES_A_CALL]
        files = [{"path": path, "size": digests[path].size, "sample": _sample(add[path])} for path in some]
        with client.sessions() as session:
            told = session.post_json(url, {"files": files}, asked=asked)
        modes |= {
            file["path"]: file["uploadMode"] == "lfs" and digests[file["path"]].size > 0
            for file in told["files"]
            if not file.get("shouldIgnore")
        }
    return modes


def _send_large(
    client: Client, name: str, kind: Kind, files: Mapping[str, Content], digests: Mapping[str, Digests], asked: str
) -> None:
    large = [Large(content, digests[path].sha256, digests[path].size) for path, content in files.items()]
    if not large:
        return
    url = f"{client.config.hub}/{PREFIX[kind]}{name}.git/info/lfs/objects/batch"
    with _progress.bar(name, sum(file.size for file in large)) as on_bytes:
        upload(large, url, sessions=client.sessions, asked=asked, on_bytes=on_bytes)


def _header(message: str, parent: str) -> dict[str, object]:
    return {"key": "header", "value": {"summary": message, "description": "", "parentCommit": parent}}


def _line(path: str, content: Content) -> dict[str, object]:
    encoded = base64.b64encode(_bytes_of(content)).decode("ascii")
    return {"key": "file", "value": {"path": path, "encoding": "base64", "content": encoded}}


def _large_line(path: str, digest: Digests) -> dict[str, object]:
    return {"key": "lfsFile", "value": {"path": path, "algo": "sha256", "oid": digest.sha256, "size": digest.size}}


def _bytes_of(content: Content) -> bytes:
    return content if isinstance(content, bytes) else content.read_bytes()


def _sample(content: Content) -> str:
    if isinstance(content, bytes):
        return base64.b64encode(content[:SAMPLE]).decode("ascii")
    with content.open("rb") as file:
        return base64.b64encode(file.read(SAMPLE)).decode("ascii")
