import tomllib
from pathlib import Path

import pytest

import sdk
from tests.unit.sdk.fake_hub import FakeHub


@pytest.fixture
def locked(hub: FakeHub, tmp_path: Path) -> Path:
    hub.add("curated/net", config__json=b"{}", weights__bin=b"x" * 2000)
    hub.add("ann/data", rows__csv=b"1,2")
    path = tmp_path / "headstart.lock"
    sdk.lock(path, ["net"])
    sdk.lock(path, "ann/data", kind="dataset")
    return path


def test_a_lock_pins_commit_and_digests(hub: FakeHub, locked: Path) -> None:
    data, model = tomllib.loads(locked.read_text())["locked"]
    assert data["kind"] == "dataset"
    assert model["asked"] == "net"
    assert model["name"] == "curated/net"
    assert model["commit"] == hub.commit("curated/net")
    assert [sorted(file) for file in model["files"]] == [["oid", "path", "size"], ["oid", "path", "sha256", "size"]]


def test_sync_pulls_exactly_that(hub: FakeHub, locked: Path) -> None:
    pulled = sdk.sync(locked)
    assert isinstance(pulled["ann/data"], sdk.Dataset)
    assert pulled["net"].commit == hub.commit("curated/net")
    hub.asked.clear()
    assert sdk.sync(locked, offline=True) == pulled
    assert hub.asked == []


def test_a_listing_that_differs_is_refused(hub: FakeHub, locked: Path) -> None:
    text = locked.read_text()
    locked.write_text(text.replace("size = 2000", "size = 2001"))
    with pytest.raises(sdk.LockError, match=r"weights\.bin"):
        sdk.sync(locked)
    assert hub.count("/resolve/") == 1  # The data set's, which is as it was locked.


def test_a_commit_that_is_gone_is_refused(hub: FakeHub, locked: Path) -> None:
    hub.add("curated/net", config__json=b"changed")
    with pytest.raises(sdk.NotFoundError):
        sdk.sync(locked)


def test_locking_again_renews_all(hub: FakeHub, locked: Path) -> None:
    hub.add("curated/net", config__json=b"changed")
    assert {one.commit for one in sdk.lock(locked)} == {hub.commit("curated/net"), hub.commit("ann/data")}


def test_patterns_lock_part_of_it(hub: FakeHub, locked: Path) -> None:
    sdk.lock(locked, ["net"], allow="*.json")
    assert [file.path for file in sdk.sync(locked)["net"].files] == ["config.json"]


@pytest.mark.parametrize("text", ["", "version = 9", "[", "version = 1\n[[locked]]\nname = 'x'"])
def test_what_is_no_lock_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bad.lock"
    path.write_text(text)
    with pytest.raises(sdk.LockError):
        sdk.sync(path)


def test_no_lock_and_nothing_to_lock_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(sdk.LockError, match="headstart lock"):
        sdk.sync(tmp_path / "none.lock")
    with pytest.raises(sdk.InvalidInputError, match="at least one"):
        sdk.lock(tmp_path / "none.lock")
