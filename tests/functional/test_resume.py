"""A killed hub goes on where it was: parts that it has are not sent again, what it protects stays."""

import hashlib
import json
import os
import subprocess
import sys
import time
import urllib.error
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.functional.test_killed_server import check_books
from tests.functional.wire import Wire
from tests.live import LiveHub

pytestmark = pytest.mark.stack
PART = 300_000
RECEIVED = """
import sys, django
django.setup()
from hub.storage.models import UploadPart
print(sorted(UploadPart.objects.filter(upload__sha256=sys.argv[1]).values_list("number", flat=True)))
"""
AGE = """
import django, datetime as dt
django.setup()
from hub.core import clock
from hub.storage.models import Blob, Holding, Upload
then = clock.now() - dt.timedelta(days=100)
Blob.objects.update(created_at=then)
Holding.objects.update(uploaded_at=then)
Upload.objects.update(active_at=then)
"""
PUSH = """
import sys
from huggingface_hub import HfApi
HfApi().upload_folder(repo_id=sys.argv[1], folder_path=sys.argv[2])
"""


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[LiveHub]:
    settings = {"HEADSTART_LFS_MULTIPART_FROM": "1000000", "HEADSTART_LFS_PART_SIZE": str(PART)}
    hub = LiveHub(tmp_path / "hub", settings=settings).start()
    yield hub
    hub.stop()


@pytest.fixture
def wire(hub: LiveHub) -> Wire:
    wire = Wire(hub.url, hub.tokens["ada"])
    wire.create("net")
    return wire


def received(hub: LiveHub, content: bytes) -> list[int]:
    return json.loads(hub.run("-c", RECEIVED, hashlib.sha256(content).hexdigest()))


def collect(hub: LiveHub) -> str:
    return hub.run("-m", "hub.cli", "gc", "--yes", "--data", str(hub.data_dir))


def test_parts_received_before_a_kill_need_not_be_sent_again(hub, wire):
    content = os.urandom(1_400_000)
    wire.upload_parts("ada/net", content, only=[2, 4])
    hub.kill()
    hub.start()
    assert received(hub, content) == [2, 4]
    assert "nothing to free" in collect(hub), "what was received is protected"
    wire.upload_parts("ada/net", content, only=[1, 3, 5])
    wire.complete("ada/net", content)
    wire.commit("ada/net", "All", {}, {"large.bin": content})
    assert wire.read("ada/net", "large.bin") == content
    check_books(hub)


def test_an_upload_that_was_collected_is_begun_again(hub, wire):
    content = os.urandom(1_400_000)
    plan = wire.plan("ada/net", content)
    wire.upload_parts("ada/net", content, only=[1, 2])
    hub.kill()
    hub.start()
    hub.run("-c", AGE)
    assert "1 unfinished uploads" in collect(hub)
    with pytest.raises(urllib.error.HTTPError) as told:
        wire.call("PUT", plan["header"]["3"], content[2 * PART : 3 * PART], "application/octet-stream")
    assert told.value.code == 404 and "Begin it again" in json.loads(told.value.read())["error"]
    assert wire.upload_parts("ada/net", content) == 5
    wire.commit("ada/net", "All", {}, {"large.bin": content})
    assert wire.read("ada/net", "large.bin") == content


def test_bytes_collected_before_their_commit_are_asked_for_again(hub, wire):
    content = os.urandom(100_000)
    wire.upload("ada/net", [content])
    hub.kill()
    hub.start()
    assert "nothing to free" in collect(hub), "an interrupted push finds its bytes again"
    hub.run("-c", AGE)
    assert "1 files" in collect(hub)
    with pytest.raises(urllib.error.HTTPError) as told:
        wire.commit("ada/net", "Late", {}, {"late.bin": content})
    assert told.value.code == 422 and "not uploaded" in json.loads(told.value.read())["error"]
    assert wire.upload("ada/net", [content]) == 0
    wire.commit("ada/net", "Late", {}, {"late.bin": content})
    hub.run("-c", AGE)
    assert "nothing to free" in collect(hub)
    assert wire.read("ada/net", "late.bin") == content


def test_a_stock_client_survives_kills_in_the_middle_of_a_push_over_xet(hub, wire, tmp_path):
    folder = tmp_path / "files"
    folder.mkdir()
    content = os.urandom(30_000_000)
    (folder / "weights.bin").write_bytes(content)
    mine = {key: value for key, value in os.environ.items() if not key.startswith(("HF_", "HEADSTART_"))}
    mine |= {"HF_ENDPOINT": hub.url, "HF_TOKEN": hub.tokens["ada"], "HF_HOME": str(tmp_path / "hf")}
    mine |= {"HF_HUB_DISABLE_PROGRESS_BARS": "1", "HF_HUB_DISABLE_UPDATE_CHECK": "1"}
    command = [sys.executable, "-W", "ignore", "-c", PUSH, "ada/net", str(folder)]
    for moment in (0.3, 0.8, 1.3):
        with subprocess.Popen(command, env=mine, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as client:
            wait_for_request(hub)
            time.sleep(moment)
            hub.kill()
            client.kill()
        hub.start()
        there = wire.files("ada/net")
        assert "weights.bin" not in there or wire.read("ada/net", "weights.bin") == content
    done = subprocess.run(command, env=mine, capture_output=True, timeout=200, check=False)
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    assert wire.read("ada/net", "weights.bin") == content
    check_books(hub)


def wait_for_request(hub: LiveHub) -> None:
    """Until the client, whose start takes seconds, has sent its first bytes."""
    incoming = hub.data_dir / "storage"
    seen = {path for path in incoming.rglob("*") if path.is_file()}
    give_up_at = time.monotonic() + 30
    while time.monotonic() < give_up_at:
        if {path for path in incoming.rglob("*") if path.is_file()} - seen:
            return
        time.sleep(0.02)
