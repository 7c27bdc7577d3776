"""One live hub for all tests of the wire, and the stock clients' environments."""

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.live import ROOT, LiveHub

Run = Callable[..., str]


@pytest.fixture(scope="session")
def live_hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveHub]:
    # A program that signs in by a code asks every second.
    hub = LiveHub(tmp_path_factory.mktemp("hub"), settings={"HEADSTART_DEVICE_LOGIN_INTERVAL": "1"}).start()
    yield hub
    hub.stop()


@pytest.fixture(scope="session")
def hub_in_parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveHub]:
    """A hub that takes large files in parts of 7 MB, from 20 MB on."""
    settings = {"HEADSTART_LFS_MULTIPART_FROM": "20000000", "HEADSTART_LFS_PART_SIZE": "7000000"}
    hub = LiveHub(tmp_path_factory.mktemp("hub-in-parts"), settings=settings).start()
    yield hub
    hub.stop()


@pytest.fixture(scope="session")
def client_python() -> Callable[[str], Path]:
    """The Python of a stock client's own environment, such as `hf-2.4.0`."""

    def find(name: str) -> Path:
        folder = Path(os.environ.get("HEADSTART_TEST_CLIENTS") or ROOT / ".venvs")
        python = folder / name / "bin" / "python"
        assert python.exists(), f"{python} is missing. Run `make test`: it installs the stock clients."
        return python

    return find


@pytest.fixture
def run_client(live_hub: LiveHub, tmp_path: Path) -> Run:
    """Run a stock client to its end, in a home of its own, and return what it printed."""

    def run(*command: str | Path, hub: LiveHub = live_hub, token: str = "ada", **more: str) -> str:
        done = subprocess.run(
            [str(part) for part in command],
            env=client_environment(hub, tmp_path / "home", token) | more,
            capture_output=True,
            text=True,
            timeout=500,
            check=False,
        )
        assert done.returncode == 0, f"{done.stdout[-4000:]}\n{done.stderr[-6000:]}\n{hub.log.read_text()[-4000:]}"
        return done.stdout

    return run


def client_environment(hub: LiveHub, home: Path, token: str) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "TMPDIR") if name in os.environ}
    return kept | {
        "HOME": str(home),
        "HF_HOME": str(home / "hf"),
        "HF_ENDPOINT": hub.url,
        "HF_TOKEN": hub.tokens[token],
        "HF_HUB_DISABLE_TELEMETRY": "1",
        "HF_HUB_DISABLE_UPDATE_CHECK": "1",
        "HF_HUB_DISABLE_PROGRESS_BARS": "1",
        "OMP_NUM_THREADS": "1",
        "NO_PROXY": "127.0.0.1,localhost",
    }


@pytest.fixture
def wait_for() -> Callable[..., Any]:
    """Ask until the answer is as wanted (what the hub writes a moment later), ten times at most; the last answer."""

    def wait(ask: Callable[[], Any], is_there: Callable[[Any], bool]) -> Any:
        for _ in range(10):
            if is_there(found := ask()):
                break
            time.sleep(0.5)
        return found

    return wait
