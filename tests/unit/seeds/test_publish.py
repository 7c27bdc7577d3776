"""The push and the note that makes the next run skip, through the real SDK, against a small hub in this process."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from seeds import making
from seeds.publish import Hub
from seeds.seed import Seed
from tests.unit.sdk.fake_hub import FakeHub, serving


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setenv("HEADSTART_CACHE", str(tmp_path / "sdk"))
    monkeypatch.setenv("HEADSTART_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    with serving(FakeHub()) as address:
        yield Hub(address, "hs_good")


def test_what_was_pushed_is_recognised(tiny: Seed, hub: Hub, cache: Path, tmp_path: Path) -> None:
    owner = hub.owner()
    assert hub.fingerprint(tiny, owner=owner) is None
    making.make(tiny, cache=cache, out=tmp_path / "out", owner=owner)
    pushed = hub.push(tiny, tmp_path / "out", owner=owner)
    assert pushed.name == f"{owner}/tiny"
    assert {"model.bin", "README.md", ".headstart/seed.json"} <= {*pushed.uploaded, *pushed.unchanged}
    assert hub.fingerprint(tiny, owner=owner) == tiny.fingerprint(owner)
    assert not hub.push(tiny, tmp_path / "out", owner=owner).is_new
