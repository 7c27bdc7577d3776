"""A flipped byte on the hub's disk: scrub names it, a pull refuses it, a push of the same file mends it."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

import sdk
from tests.functional.wire import Wire
from tests.live import ROOT, LiveHub

pytestmark = pytest.mark.stack
NUMBERS = count(1)
PUSH = """
import sys
from huggingface_hub import HfApi
HfApi().upload_file(repo_id=sys.argv[1], path_or_fileobj=sys.argv[2], path_in_repo="weights.bin")
"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveHub]:
    hub = LiveHub(tmp_path_factory.mktemp("hub")).start()
    yield hub
    hub.stop()


@pytest.fixture
def name(hub: LiveHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    for variable in ("HF_ENDPOINT", "HF_TOKEN", "HF_HUB_OFFLINE", "HEADSTART_OFFLINE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HEADSTART_URL", hub.url)
    monkeypatch.setenv("HEADSTART_TOKEN", hub.tokens["ada"])
    monkeypatch.setenv("HEADSTART_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HEADSTART_CONFIG", str(tmp_path / "config.toml"))
    name = f"net{next(NUMBERS)}"
    Wire(hub.url, hub.tokens["ada"]).create(name)
    return f"ada/{name}"


@pytest.fixture
def push(hub: LiveHub, name: str, tmp_path: Path):
    """Push the file with the stock client, over Xet or not."""

    def run(path: Path, *, over_xet: bool) -> None:
        mine = {key: value for key, value in os.environ.items() if not key.startswith(("HF_", "HEADSTART_"))}
        mine |= {"HF_ENDPOINT": hub.url, "HF_TOKEN": hub.tokens["ada"], "HF_HOME": str(tmp_path / "hf")}
        mine |= {"HF_HUB_DISABLE_XET": "" if over_xet else "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1"}
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", PUSH, name, str(path)],
            env=mine,
            capture_output=True,
            timeout=200,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()[-3000:]

    return run


def scrub(hub: LiveHub) -> tuple[int, str]:
    command = [sys.executable, "-m", "hub.cli", "scrub", "--data", str(hub.data_dir)]
    done = subprocess.run(
        command, cwd=ROOT, env=hub.environment(), capture_output=True, text=True, timeout=120, check=False
    )
    return done.returncode, done.stdout


def flip(hub: LiveHub, needle: bytes) -> Path:
    """Flip one bit in the stored file that holds these bytes."""
    for path in (hub.data_dir / "storage").rglob("*"):
        if path.is_file() and needle in (held := bytearray(path.read_bytes())):
            held[held.index(needle)] ^= 1
            path.write_bytes(held)
            return path
    raise AssertionError("nothing holds these bytes")


@pytest.mark.parametrize("over_xet", [False, True])
def test_it_is_reported_refused_and_mended(hub, name, push, tmp_path, over_xet):
    weights = os.urandom(12_000_000)
    (tmp_path / "weights.bin").write_bytes(weights)
    push(tmp_path / "weights.bin", over_xet=over_xet)
    assert scrub(hub)[0] == 0
    assert flip(hub, weights[5_000_000:5_000_032]).parts[-4] == ("xorbs" if over_xet else "sha256")
    with pytest.raises((sdk.IntegrityError, sdk.HubUnavailableError)):
        sdk.pull(name, cache_dir=tmp_path / "refused")
    code, told = scrub(hub)
    assert code == 1 and hashlib.sha256(weights).hexdigest() in told
    with pytest.raises((sdk.IntegrityError, sdk.HubUnavailableError), match=r"damaged"):
        sdk.pull(name, cache_dir=tmp_path / "refused")
    try:
        push(tmp_path / "weights.bin", over_xet=over_xet)
    except AssertionError:
        # The client counted on the chunks that it had sent; the hub told it to forget them.
        assert over_xet
        push(tmp_path / "weights.bin", over_xet=over_xet)
    assert (sdk.pull(name, cache_dir=tmp_path / "mended").path / "weights.bin").read_bytes() == weights
    assert scrub(hub)[0] == 0


@pytest.mark.parametrize("lost", ["gone", "cut short"])
def test_bytes_that_are_gone_are_taken_in_again_before_any_scrub(hub, name, push, tmp_path, lost):
    weights = os.urandom(3_000_000)
    wire = Wire(hub.url, hub.tokens["ada"])
    wire.upload(name, [weights])
    wire.commit(name, "Weights", {}, {"weights.bin": weights})
    sha256 = hashlib.sha256(weights).hexdigest()
    stored = hub.data_dir / "storage" / "sha256" / sha256[:2] / sha256[2:4] / sha256
    if lost == "gone":
        stored.unlink()
    else:
        stored.write_bytes(weights[:-1])
    with pytest.raises(OSError, match="500"):
        wire.read(name, "weights.bin")
    assert wire.upload(name, [weights]) == 0, "the hub asks for them"
    assert wire.read(name, "weights.bin") == weights
