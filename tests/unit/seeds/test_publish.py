"""The push and the note that makes the next run skip, through the real SDK, against a small hub in this process."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import sdk
from seeds import making
from seeds.evidence import Finding, Source, Use
from seeds.publish import Hub
from seeds.seed import Seed
from tests.unit.sdk.fake_hub import FakeHub, serving

USE = Use(intended=("Tests.",), out_of_scope=("Use.",), data=1, impact=1, reach=1)
SOURCE = Source("data", "public", "text", "Not stated.", dataset="{owner}/data")
FINDING = Finding("{owner}'s data", "the test", "group", "some", "allocative", 1, 1, "Look.")
RECORDS = "/api/headstart/models/curated/tiny/"


@pytest.fixture
def fake() -> FakeHub:
    return FakeHub()


@pytest.fixture
def told(changed: Callable[..., Seed]) -> Seed:
    return changed(sources=(SOURCE,), use=USE, findings=(FINDING,))


@pytest.fixture
def hub(fake: FakeHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setenv("HEADSTART_CACHE", str(tmp_path / "sdk"))
    monkeypatch.setenv("HEADSTART_CONFIG", str(tmp_path / "config.toml"))
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    with serving(fake) as address:
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


def test_records_are_written_once(told: Seed, hub: Hub, fake: FakeHub) -> None:
    commit = fake.add("curated/data", README__md=b"x")
    assert hub.record(told, owner="curated") == 3
    data = fake.papers[f"{RECORDS}data-record"]["record"]
    assert data["training_data"][0]["dataset"] == {"repo": "curated/data", "revision": commit}
    assert data["quotes"] == [{"text": "From `curated/data`.", "source": "the test"}]
    assert fake.papers[f"{RECORDS}use-record"]["record"]["intended"] == ["Tests."]
    assert [one["note"]["title"] for one in fake.findings[f"{RECORDS}findings"]] == ["curated's data"]
    assert hub.record(told, owner="curated") == 0


def test_what_people_wrote_since_stays(told: Seed, hub: Hub, fake: FakeHub) -> None:
    fake.papers[f"{RECORDS}data-record"] = {"number": 4, "by": "grace", "record": {"training_data": []}}
    assert hub.record(told, owner="curated") == 2
    assert fake.papers[f"{RECORDS}data-record"]["by"] == "grace"


def test_it_tries_again_where_the_hub_read_the_card_first(told: Seed, hub: Hub, fake: FakeHub) -> None:
    fake.conflicts = 2
    assert hub.record(told, owner="curated") == 3
    fake.conflicts = 99
    fake.papers.clear()
    with pytest.raises(sdk.ConflictError):
        hub.record(told, owner="curated")
