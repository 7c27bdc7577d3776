"""Several programs, killed programs, full disks."""

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

import sdk
from sdk._errors import from_status
from tests.unit.sdk.fake_hub import FakeHub

LARGE = os.urandom(6_000_000)
PULL = "import sdk, sys; print(sdk.pull('ann/net', cache_dir=sys.argv[1], hub=sys.argv[2]).path)"


def pull_elsewhere(hub: FakeHub, cache: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", PULL, cache, hub.address], stdout=subprocess.PIPE, text=True)


def test_two_programs_fetch_a_file_once(hub: FakeHub, tmp_path: Path) -> None:
    hub.add("ann/net", weights__bin=LARGE)
    hub.pause = 0.005
    programs = [pull_elsewhere(hub, tmp_path) for _ in range(2)]
    folders = {program.communicate()[0].strip() for program in programs}
    assert len(folders) == 1
    assert (Path(folders.pop()) / "weights.bin").read_bytes() == LARGE
    assert hub.count("weights.bin") == 1


def test_a_killed_pull_goes_on_where_it_was(hub: FakeHub, tmp_path: Path) -> None:
    hub.add("ann/net", weights__bin=LARGE)
    hub.pause = 0.02
    program = pull_elsewhere(hub, tmp_path)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        partial = next(tmp_path.rglob("*.incomplete"), None)
        if partial and partial.stat().st_size > 2_000_000:
            break
        time.sleep(0.01)
    program.send_signal(signal.SIGKILL)
    program.communicate()
    hub.pause = 0
    hub.asked.clear()
    pulled = sdk.pull("ann/net", cache_dir=tmp_path)
    assert (pulled.path / "weights.bin").read_bytes() == LARGE
    (asked,) = [line for line in hub.asked if "weights.bin" in line]
    assert int(asked.partition("bytes=")[2].partition("-")[0]) >= 2_000_000


def test_a_failure_stops_the_other_files(hub: FakeHub, tmp_path: Path) -> None:
    hub.add("ann/net", bad__txt=b"bad", weights__bin=LARGE)
    hub.damaged.add("bad.txt")
    hub.pause = 0.05
    with pytest.raises(sdk.IntegrityError):
        sdk.pull("ann/net")
    stopped = [path for path in tmp_path.rglob("*.incomplete") if path.stat().st_size]
    assert stopped, "the other file came to its end first"


def test_a_disk_too_small_is_told_before_anything_is_fetched(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.add("ann/net", weights__bin=LARGE)
    monkeypatch.setattr("sdk._pull.shutil.disk_usage", lambda path: SimpleNamespace(free=5))
    with pytest.raises(sdk.OutOfSpaceError, match="6,000,000 bytes more"):
        sdk.pull("ann/net")
    assert hub.count("/resolve/") == 0


@pytest.mark.parametrize("size", [1000, 6_000_000])
def test_a_disk_that_fills_up_is_told(hub: FakeHub, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    hub.add("ann/net", weights__bin=LARGE[:size])
    monkeypatch.setattr("sdk._ranges._write", full)
    monkeypatch.setattr("sdk._transfer.Path.write_bytes", full)
    with pytest.raises(sdk.OutOfSpaceError, match="no space left"):
        sdk.pull("ann/net")


@pytest.mark.parametrize("commit", ["../../../elsewhere", "main", "A" * 40, ""])
def test_a_commit_id_that_is_none_names_no_folder(hub: FakeHub, tmp_path: Path, monkeypatch, commit: str) -> None:
    hub.add("ann/net", a=b"1")
    monkeypatch.setattr(hub, "commit", lambda name: commit)
    with pytest.raises(sdk.HubUnavailableError, match="commit id"):
        sdk.pull("ann/net", cache_dir=tmp_path / "cache", hub=hub.address)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_curated_name_whose_hub_is_gone_says_so_and_what_helps(tmp_path) -> None:
    with pytest.raises(sdk.HubUnavailableError, match=r"http://127\.0\.0\.1:9 can't be reached .*owner/resnet50"):
        sdk.pull("resnet50", hub="http://127.0.0.1:9", cache_dir=tmp_path)


def test_what_is_missing_is_said_once() -> None:
    error = from_status(404, "RepoNotFound", "There is no such repository.", asked="model a/b", hub="http://h")
    assert "The hub says" not in str(error)
    assert "The hub says: Full." in str(from_status(507, "", "Full.", asked="model a/b", hub="http://h"))
