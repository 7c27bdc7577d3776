from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.sdk.fake_hub import FakeHub, serving

VARIABLES = (
    "HEADSTART_TOKEN",
    "HEADSTART_OFFLINE",
    "HEADSTART_NO_PROGRESS",
    "HF_ENDPOINT",
    "HF_TOKEN",
    "HF_HUB_OFFLINE",
    "http_proxy",
    "https_proxy",
    "all_proxy",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "ALL_PROXY",
    "NO_PROXY",
)


@pytest.fixture(autouse=True)
def _own_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings and cache of this test's own; nothing from the machine it runs on."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HEADSTART_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HEADSTART_CONFIG", str(tmp_path / "config" / "config.toml"))
    monkeypatch.setattr("sdk._checks.PAUSE", 0.0)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """A running fake hub, which HEADSTART_URL names."""
    fake = FakeHub()
    with serving(fake) as address:
        fake.address = address
        monkeypatch.setenv("HEADSTART_URL", address)
        yield fake
