"""The data folder's disk runs full: a clear refusal, nothing half visible, and all is well once there is space."""

import hashlib
import json
import os
import subprocess
import sys
import urllib.error
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.functional.test_killed_server import check_books
from tests.functional.wire import Refused, Wire
from tests.live import LiveHub

pytestmark = [
    pytest.mark.stack,
    pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root can mount a small disk"),
]
MB = 1_000_000
# What the hub leaves for its database is not there for files.
SIZE = 64 * 1024**2 + 24 * MB


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[LiveHub]:
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "headstart-test", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount a small disk")
    hub = LiveHub(folder)
    try:
        yield hub.start()
    finally:
        hub.stop()
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture
def wire(hub: LiveHub) -> Wire:
    wire = Wire(hub.url, hub.tokens["ada"])
    wire.create("net")
    return wire


def refusal(call, *arguments: object) -> tuple[int, str]:
    """The status and the words of an answer that says no."""
    with pytest.raises(urllib.error.HTTPError) as told:
        call(*arguments)
    return told.value.code, json.loads(told.value.read())["error"]


def fill(hub: LiveHub, left: int) -> Path:
    """Leave that many bytes of the disk."""
    filler = hub.data_dir / "filler"
    status = os.statvfs(hub.data_dir)
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, status.f_bavail * status.f_frsize - left))
    return filler


def stored(hub: LiveHub) -> set[str]:
    return {path.name for path in (hub.data_dir / "storage").rglob("*") if path.is_file() and "locks" not in path.parts}


def test_a_file_larger_than_the_space_left_is_refused_before_it_is_sent(hub, wire):
    oid = hashlib.sha256(b"never sent").hexdigest()
    batch = {"operation": "upload", "transfers": ["basic"], "objects": [{"oid": oid, "size": 50 * MB}]}
    told = json.loads(wire.call("POST", "/ada/net.git/info/lfs/objects/batch", batch))["objects"][0]
    assert told["error"]["code"] == 507 and "bytes left" in told["error"]["message"]
    assert "actions" not in told and not stored(hub)


def test_pushes_that_fill_the_disk_together(hub, wire):
    contents = [bytes([number]) * (8 * MB) for number in range(6)]

    def push(number: int) -> int:
        content = contents[number]
        try:
            wire.upload("ada/net", [content])
            wire.commit("ada/net", f"File {number}", {}, {f"{number}.bin": content})
        except urllib.error.HTTPError as error:
            return error.code
        except Refused as error:
            return error.args[0]
        return 200

    with ThreadPoolExecutor(len(contents)) as pool:
        codes = list(pool.map(push, range(len(contents))))
    assert set(codes) == {200, 507}
    landed = {f"{number}.bin" for number, code in enumerate(codes) if code == 200}
    assert set(wire.files("ada/net")) == {".gitattributes", *landed}
    assert len(stored(hub)) == len(landed), "what didn't fit left nothing behind"
    subprocess.run(["mount", "-o", f"remount,size={SIZE * 2}", str(hub.data_dir)], check=True)
    assert [push(number) for number in range(len(contents))] == [200] * len(contents)
    for number, content in enumerate(contents):
        assert wire.read("ada/net", f"{number}.bin") == content
    check_books(hub)


@pytest.mark.parametrize("left", [0, 4096, 60_000, 200_000])
def test_a_database_that_cannot_grow(hub, wire, left):
    """The disk is filled from elsewhere, past what the hub keeps for itself."""
    large = b"\0large" * 200_000
    wire.upload("ada/net", [large])
    before = wire.commits("ada/net")
    filler = fill(hub, left)
    files = {f"{number}.json": os.urandom(40_000) for number in range(20)}
    status, told = refusal(wire.commit, "ada/net", "Too much", files, {"large.bin": large})
    assert status == 507 and "space" in told
    if not left:
        status, told = refusal(wire.create, "another")
        assert status == 507 and "space" in told
    assert wire.commits("ada/net") == before and set(wire.files("ada/net")) == {".gitattributes"}
    reader = Wire(hub.url, hub.tokens["reader"])
    assert reader.read("ada/net", ".gitattributes"), "a full disk doesn't keep anybody from pulling"
    filler.unlink()
    wire.commit("ada/net", "It fits now", files, {"large.bin": large})
    assert wire.read("ada/net", "large.bin") == large and len(wire.files("ada/net")) == 22
    check_books(hub)


def test_an_upload_goes_on_in_the_space_that_it_has(hub, wire):
    """Its space was taken when it began, so that it isn't refused for want of space that it holds already."""
    hub.stop()
    hub.settings |= {"HEADSTART_LFS_MULTIPART_FROM": "1000000", "HEADSTART_LFS_PART_SIZE": "5000000"}
    hub.start()
    content = os.urandom(14 * MB)
    wire.upload_parts("ada/net", content, only=[1])
    assert wire.upload_parts("ada/net", content) == 3
    wire.commit("ada/net", "All parts", {}, {"large.bin": content})
    assert wire.read("ada/net", "large.bin") == content
