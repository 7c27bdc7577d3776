"""Several pushers, one branch, two server processes: everything that was acknowledged is there, in one line."""

import json
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.functional.wire import Wire
from tests.live import ROOT, LiveHub

pytestmark = pytest.mark.stack
PUSHERS, COMMITS = 4, 25
POSTGRES = ROOT / ".ci" / "postgres"


@pytest.fixture(params=["sqlite", "postgres"])
def hub(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[LiveHub]:
    hub = LiveHub(tmp_path)
    folder = None
    if request.param == "postgres":
        if subprocess.run([POSTGRES, "found"], check=False).returncode:
            pytest.skip("PostgreSQL is not installed")
        # A socket's path is short.
        folder = tempfile.mkdtemp(prefix="headstart-pg-", dir="/tmp")
        address = subprocess.run([POSTGRES, "start", folder], check=True, capture_output=True, text=True).stdout
        hub.settings["HEADSTART_DATABASE_URL"] = address.strip()
    try:
        yield hub.start()
    finally:
        hub.stop()
        if folder:
            subprocess.run([POSTGRES, "stop", folder], check=True)


def test_all_commits_land_in_one_line(hub: LiveHub) -> None:
    wire = Wire(hub.url, hub.tokens["ada"])
    wire.create("busy")
    before = wire.commits("ada/busy")

    def push(pusher: int) -> dict[str, set[str]]:
        paths: set[str] = set()
        made = {}
        for number in range(COMMITS):
            large = {f"{pusher}/{number}.bin": b"\0%d/%d" % (pusher, number) * 3000}
            wire.upload("ada/busy", list(large.values()))
            path = f"{pusher}/{number}.json"
            oid = wire.commit("ada/busy", path, {path: json.dumps([pusher, number]).encode()}, large)
            paths |= {path, *large}
            made[oid] = set(paths)
        return made

    with ThreadPoolExecutor(PUSHERS) as pool:
        made = {oid: paths for part in pool.map(push, range(PUSHERS)) for oid, paths in part.items()}
    assert len(made) == PUSHERS * COMMITS
    # Newest first: each is the parent of the one before.
    line = wire.commits("ada/busy")
    assert set(line) == {*made, *before}, "every commit that was acknowledged, and no other"
    seen = {".gitattributes"}
    for oid in reversed(line):
        there = set(wire.files("ada/busy", oid))
        assert seen <= there and made.get(oid, set()) <= there
        assert len(there - seen) == (2 if oid in made else 0), "each commit adds its own two files to its parent's"
        seen = there
    for path in made[line[0]]:
        assert wire.read("ada/busy", path)
