"""The SDK against the hub itself: what one pushes, another pulls, verified."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import sdk

WEIGHTS = os.urandom(3_000_000)
CARD = "---\nlicense: mit\nlibrary_name: safetensors\ntags:\n- tiny\n---\n# A tiny model\n"


@pytest.fixture
def owner(live_server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A user of a running hub whose token the SDK has; gives their name."""
    from tests.factories import make_token, make_user

    user = make_user()
    for name in ("HF_ENDPOINT", "HF_TOKEN", "HF_HUB_OFFLINE", "HEADSTART_OFFLINE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HEADSTART_URL", live_server.url)
    monkeypatch.setenv("HEADSTART_TOKEN", make_token(user))
    monkeypatch.setenv("HEADSTART_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HEADSTART_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.setenv("HF_XET_CACHE", str(tmp_path / "xet"))
    return user.username


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "net"
    (path / "sub").mkdir(parents=True)
    (path / "README.md").write_text(CARD)
    (path / "config.json").write_text("{}")
    (path / "sub" / "weights.bin").write_bytes(WEIGHTS)
    return path


def test_what_is_pushed_is_pulled(owner: str, folder: Path) -> None:
    pushed = sdk.push(folder, f"{owner}/net", message="First")
    pulled = sdk.pull(f"{owner}/net")
    assert pulled.commit == pushed.commit
    assert pulled.license == "mit"
    assert (pulled.path / "sub" / "weights.bin").read_bytes() == WEIGHTS
    (weights,) = [file for file in pulled.files if file.path == "sub/weights.bin"]
    assert weights.sha256
    assert sdk.verify(f"{owner}/net").is_good


def test_a_second_push_makes_no_commit(owner: str, folder: Path) -> None:
    first = sdk.push(folder, f"{owner}/net")
    second = sdk.push(folder, f"{owner}/net")
    assert not second.is_new
    assert second.commit == first.commit
    (folder / "copy.bin").write_bytes(WEIGHTS)
    third = sdk.push(folder, f"{owner}/net")
    assert third.copied == ("copy.bin",)
    assert (sdk.pull(f"{owner}/net").path / "copy.bin").read_bytes() == WEIGHTS


def test_it_is_found_and_described(owner: str, folder: Path) -> None:
    pushed = sdk.push(folder, f"{owner}/net", card={"pipeline_tag": "feature-extraction"})
    found = sdk.info(f"{owner}/net")
    assert (found.commit, found.license, found.task) == (pushed.commit, "mit", "feature-extraction")
    assert f"{owner}/net" in [one.name for one in sdk.search("net", license="mit", owner=owner)]
    assert sdk.search("net", license="apache-2.0", owner=owner) == []
    assert sdk.whoami().name == owner


def test_a_lock_brings_back_the_same(owner: str, folder: Path, tmp_path: Path) -> None:
    first = sdk.push(folder, f"{owner}/net")
    sdk.lock(tmp_path / "headstart.lock", f"{owner}/net")
    (folder / "config.json").write_text('{"changed": true}')
    sdk.push(folder, f"{owner}/net")
    pulled = sdk.sync(tmp_path / "headstart.lock")[f"{owner}/net"]
    assert pulled.commit == first.commit
    assert (pulled.path / "config.json").read_text() == "{}"


def test_a_private_model_is_as_good_as_missing(owner: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sdk.push(folder, f"{owner}/secret", private=True)
    monkeypatch.delenv("HEADSTART_TOKEN")
    with pytest.raises(sdk.NotFoundError) as private:
        sdk.pull(f"{owner}/secret")
    with pytest.raises(sdk.NotFoundError) as missing:
        sdk.pull(f"{owner}/nothing")
    assert str(private.value).replace("secret", "nothing") == str(missing.value)


def test_trouble_has_its_own_error(owner: str, folder: Path) -> None:
    sdk.push(folder, f"{owner}/net")
    with pytest.raises(sdk.NotFoundError, match="branch, tag or commit"):
        sdk.pull(f"{owner}/net", "nowhere")
    with pytest.raises(sdk.AuthError):
        sdk.push(folder, f"{owner}/net", token="hs_nonsense")
    from tests.factories import make_user

    with pytest.raises(sdk.AuthError):
        sdk.push(folder, f"{make_user().username}/net")


def test_a_data_set_goes_there_and_back(owner: str, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("a,b\n1,2\n")
    sdk.push(tmp_path / "rows.csv", f"{owner}/rows", kind="dataset", card={"license": "cc0-1.0"})
    pulled = sdk.pull(f"{owner}/rows", kind="dataset")
    assert (pulled.path / "rows.csv").read_text() == "a,b\n1,2\n"
    assert pulled.license == "cc0-1.0"


def test_a_branch_of_its_own(owner: str, folder: Path) -> None:
    main = sdk.push(folder, f"{owner}/net")
    (folder / "config.json").write_text('{"trial": 1}')
    trial = sdk.push(folder, f"{owner}/net", revision="trial")
    assert sdk.pull(f"{owner}/net").commit == main.commit
    assert sdk.pull(f"{owner}/net", "trial").commit == trial.commit


def test_the_hubs_curated_models_need_no_owner(owner: str, folder: Path, settings: Any) -> None:
    settings.CURATED_OWNER = owner
    pushed = sdk.push(folder, "net")
    assert pushed.name == f"{owner}/net"
    assert sdk.pull("net").commit == pushed.commit
