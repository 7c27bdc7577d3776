"""Sends errands and waits for them."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from workers.contract import Code, Draft, Source
from workers.lib.hub import HubGone
from workers.lib.session import Trouble
from workers.supervisor.errand import GONE
from workers.supervisor.site import GivenUp, Over, Pulled

_LOOK_SECONDS = 0.1
_COMMAND = (sys.executable, "-m", "workers.supervisor.errand")
_ADVICE = {
    "NotFoundError": "Whoever ordered it must be able to see it; order it anew.",
    "AuthError": "Whoever ordered it must be allowed to; ask the owner of the repository.",
    "PolicyDeniedError": "The hub's rules forbid it now; see the repository's page.",
    "OutOfSpaceError": "Free space, then try again.",
    "IntegrityError": "Its bytes differ from what the hub lists; tell the hub's administrator.",
}


@dataclass(frozen=True)
class Errands:
    """`Porter` by the SDK. `cache`: where what was pulled is kept for the next job; beside it is noted which key the
    hub signs with."""

    url: str
    cache: Path
    log: Path

    def pull(self, source: Source, access_token: str, over: Over) -> Pulled:
        told = {"do": "pull", "name": source.repo, "commit": source.commit, "kind": source.kind, "purpose": ""}
        path = Path(str(self._send(told, access_token, over)["path"]))
        # snapshots/<commit> links to blobs beside it.
        return Pulled(path, path.parent.parent)

    def push(self, folder: Path, draft: Draft, message: str, over: Over) -> str:
        told = {"do": "push", "folder": str(folder), "name": draft.repo, "branch": draft.branch, "message": message}
        return str(self._send(told, draft.access_token, over)["commit"])

    def _send(self, told: dict[str, Any], token: str, over: Over) -> dict[str, Any]:
        told |= {"hub": self.url, "token": token, "cache_dir": str(self.cache)}
        told["config"] = str(self.cache.parent / "config.toml")
        with self.log.open("ab") as log:
            process = subprocess.Popen(_COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log)
        try:
            answer = _answer(process, (json.dumps(told) + "\n").encode(), over)
        finally:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                _closed(pipe)
        return _read(answer)


def _answer(process: "subprocess.Popen[bytes]", told: bytes, over: Over) -> bytes:
    """Its standard output. Its standard input stays open meanwhile: that holds it."""
    if process.stdin is None or process.stdout is None:
        raise ValueError("an errand is told over pipes")
    process.stdin.write(told)
    process.stdin.flush()
    while process.poll() is None:
        if over():
            raise GivenUp
        try:
            process.wait(_LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            continue
    return process.stdout.read()


def _closed(pipe: IO[bytes] | None) -> None:
    if pipe is not None:
        pipe.close()


def _read(answer: bytes) -> dict[str, Any]:
    try:
        told: dict[str, Any] = json.loads(answer.splitlines()[-1])
    except (ValueError, IndexError) as error:
        raise HubGone("An errand to the hub ended without an answer.") from error
    if kind := told.get("error"):
        if kind == GONE:
            raise HubGone(told["message"])
        code = Code.DISK_FULL if kind in ("OutOfSpaceError", "OSError") else Code.HUB_REFUSED
        raise Trouble(code, told["message"], _ADVICE.get(kind, "Look at what the message names, then order it anew."))
    return told
