"""The server is killed with SIGKILL at random moments of concurrent pushes; nothing may be lost or half done."""

import hashlib
import http.client
import json
import random
import threading
import time
from dataclasses import dataclass, field

import pytest

from tests.functional.wire import Wire
from tests.live import LiveHub

KILLS = 50
REPOS = ("ada/one", "ada/two")
PUSHERS_A_REPO = 2
AUDIT = "import django; django.setup(); from hub.audit.services import first_broken; print(first_broken())"


@dataclass
class Pusher:
    """Pushes rounds of two large files and a manifest of their digests, each round one commit."""

    name: str
    repo: str
    wire: Wire
    round: int = 0
    already_there: int = 0
    acknowledged: list[str] = field(default_factory=list)

    def push_until_cut_off(self) -> None:
        try:
            while True:
                self.push_round()
        except (OSError, http.client.HTTPException):
            return

    def push_round(self) -> None:
        """The same bytes and paths each time until the round is acknowledged: a retry, as a client would make it."""
        prefix = f"{self.name}/{self.round:04}"
        source = random.Random(prefix)
        large = {f"{prefix}/{part}.bin": source.randbytes(source.randint(300_000, 2_000_000)) for part in "ab"}
        manifest = {path: hashlib.sha256(content).hexdigest() for path, content in large.items()}
        self.already_there += self.wire.upload(self.repo, list(large.values()))
        self.wire.commit(self.repo, prefix, {f"{prefix}/manifest.json": json.dumps(manifest).encode()}, large)
        self.acknowledged.append(prefix)
        self.round += 1


@pytest.mark.stack
def test_fifty_kills_leave_no_half_commit_and_lose_no_committed_byte(tmp_path):
    moments = random.Random(20261121)
    hub = LiveHub(tmp_path).start()
    wire = Wire(hub.url, hub.tokens["ada"])
    for repo in REPOS:
        wire.create(repo.partition("/")[2])
    pushers = [Pusher(f"{number}", repo, wire) for number in range(PUSHERS_A_REPO) for repo in REPOS]
    checked: set[str] = set()
    try:
        for _ in range(KILLS):
            threads = [threading.Thread(target=pusher.push_until_cut_off) for pusher in pushers]
            for thread in threads:
                thread.start()
            time.sleep(moments.uniform(0.02, 0.7))
            hub.kill()
            for thread in threads:
                thread.join()
            hub.start()
            _check(wire, pushers, checked)
            for pusher in pushers:
                pusher.push_round()
        check_books(hub)
    finally:
        hub.stop()
    assert sum(pusher.already_there for pusher in pushers) > 0, "no retry ever found bytes of its first try"


def check_books(hub: LiveHub) -> None:
    """The audit log's chain holds, nothing is due for collection, and all that is stored reads well."""
    assert hub.run("-c", AUDIT).split() == ["None"]
    assert "nothing to free" in hub.run("-m", "hub.cli", "gc", "--dry-run", "--data", str(hub.data_dir))
    assert "Read " in hub.run("-m", "hub.cli", "scrub", "--data", str(hub.data_dir))


def _check(wire: Wire, pushers: list[Pusher], checked: set[str]) -> None:
    """Each visible round is whole and reads back; each acknowledged round is visible."""
    for repo in REPOS:
        files = wire.files(repo)
        rounds = {path.rpartition("/")[0] for path in files if "/" in path}
        for pusher in pushers:
            if pusher.repo == repo:
                assert set(pusher.acknowledged) <= rounds
        for prefix in sorted(rounds - {key.removeprefix(repo) for key in checked if key.startswith(repo)}):
            _check_round(wire, repo, prefix, files)
            checked.add(repo + prefix)


def _check_round(wire: Wire, repo: str, prefix: str, files: dict[str, dict]) -> None:
    manifest = json.loads(wire.read(repo, f"{prefix}/manifest.json"))
    assert {path for path in files if path.startswith(f"{prefix}/")} == {*manifest, f"{prefix}/manifest.json"}
    for path, sha256 in manifest.items():
        content = wire.read(repo, path)
        assert hashlib.sha256(content).hexdigest() == sha256 == files[path]["lfs"]["oid"]
        assert len(content) == files[path]["size"]
