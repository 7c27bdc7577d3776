import stat
import sys
from pathlib import Path

import pytest

import sdk
from sdk import _config


def test_the_address_comes_from_the_first_that_names_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEADSTART_URL", raising=False)
    assert _config.resolve().hub == "http://127.0.0.1:8000"
    _config.save_login("http://saved", "hs_saved")
    assert _config.resolve().hub == "http://saved"
    monkeypatch.setenv("HF_ENDPOINT", "https://huggingface.co")
    assert _config.resolve().hub == "http://saved"
    monkeypatch.setenv("HF_ENDPOINT", "http://endpoint:1/")
    assert _config.resolve().hub == "http://endpoint:1"
    monkeypatch.setenv("HEADSTART_URL", "HTTP://Url")
    assert _config.resolve().hub == "http://url"
    assert _config.resolve("https://argument").hub == "https://argument"


def test_the_token_comes_from_the_first_that_has_one(monkeypatch: pytest.MonkeyPatch) -> None:
    _config.save_login("http://saved", "hs_saved")
    monkeypatch.setenv("HEADSTART_URL", "http://saved")
    assert _config.resolve().token == "hs_saved"
    monkeypatch.setenv("HF_TOKEN", "hs_hf")
    assert _config.resolve().token == "hs_hf"
    monkeypatch.setenv("HEADSTART_TOKEN", "hs_env")
    assert _config.resolve().token == "hs_env"
    assert _config.resolve(token="hs_argument").token == "hs_argument"


def test_a_saved_token_goes_to_its_own_hub_only() -> None:
    _config.save_login("http://one", "hs_one")
    _config.save_login("http://two", "hs_two")
    assert _config.resolve("http://one").token == "hs_one"
    assert _config.resolve("http://three").token is None


def test_a_token_of_the_public_hub_stays_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    assert _config.resolve("http://ours").token is None
    monkeypatch.setenv("HF_ENDPOINT", "http://ours")
    assert _config.resolve("http://ours").token == "hf_secret"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_the_file_is_for_its_owner_only() -> None:
    path = _config.save_login("http://one", 'hs_"quoted"\\')
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert _config.resolve("http://one").token == 'hs_"quoted"\\'


def test_a_broken_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    _config.config_path().parent.mkdir()
    _config.config_path().write_text("hub = ")
    with pytest.raises(sdk.InvalidInputError, match=r"config\.toml"):
        _config.resolve()


@pytest.mark.parametrize("address", ["", "ftp://x", "localhost:8000", "http://", "http://a/?b", "http://user:pw@host"])
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(sdk.InvalidInputError):
        _config.normalise(address)


def test_two_hubs_have_two_folders() -> None:
    hubs = ["http://a", "https://a", "http://a:1", "http://a/b", "http://b"]
    assert len({_config.resolve(hub).cache for hub in hubs}) == len(hubs)


def test_the_token_is_not_shown(tmp_path: Path) -> None:
    assert "hs_secret" not in repr(_config.resolve("http://a", "hs_secret", tmp_path))
