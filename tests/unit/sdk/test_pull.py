"""Pull against a hub that can misbehave."""

import os
from pathlib import Path

import pytest

import sdk
from tests.unit.sdk.fake_hub import FakeHub, serving

WEIGHTS = os.urandom(300_000)
LARGE = os.urandom(6_000_000)
CARD = b"---\nlicense: mit\nlibrary_name: safetensors\n---\n# A model\n"


@pytest.fixture
def model(hub: FakeHub) -> FakeHub:
    hub.add("ann/net", README__md=CARD, config__json=b"{}", weights__bin=WEIGHTS)
    return hub


def read(pulled: sdk.Model, name: str) -> bytes:
    with pulled.open(name) as file:
        return file.read()


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def blobs(cache: Path) -> list[Path]:
    return sorted(cache.glob("*/models--ann--net/blobs/*"))


def test_a_fresh_pull_brings_every_file(model: FakeHub) -> None:
    pulled = sdk.pull("ann/net")
    assert pulled.commit == model.commit("ann/net")
    assert (pulled.path / "weights.bin").read_bytes() == WEIGHTS
    assert {file.path for file in pulled.files} == {"README.md", "config.json", "weights.bin"}
    assert pulled.license == "mit"
    assert pulled.card.text == "# A model\n"
    assert read(pulled, "config.json") == b"{}"


def test_a_second_pull_fetches_nothing(model: FakeHub) -> None:
    sdk.pull("ann/net")
    model.asked.clear()
    sdk.pull("ann/net")
    assert len(model.asked) == 2  # Where is main now, and may it be pulled?
    model.asked.clear()
    sdk.pull("ann/net", model.commit("ann/net"))
    assert model.asked == []


def test_only_what_is_new_is_fetched(model: FakeHub) -> None:
    first = sdk.pull("ann/net")
    model.add("ann/net", config__json=b'{"a": 1}')
    model.asked.clear()
    second = sdk.pull("ann/net")
    assert model.count("/resolve/") == 1
    assert read(first, "config.json") == b"{}"
    assert read(second, "config.json") == b'{"a": 1}'


def test_patterns_choose_files_and_the_card_always_comes(model: FakeHub) -> None:
    assert {file.path for file in sdk.pull("ann/net", allow="*.json").files} == {"README.md", "config.json"}
    assert {file.path for file in sdk.pull("ann/net", ignore=["*.bin", "*.md"]).files} == {"README.md", "config.json"}


def test_a_name_alone_is_a_curated_model(hub: FakeHub) -> None:
    hub.add("curated/resnet50", a__bin=b"x")
    assert sdk.pull("resnet50").name == "curated/resnet50"
    assert sdk.pull("resnet50", offline=True).name == "curated/resnet50"


def test_a_data_set_is_a_dataset(model: FakeHub) -> None:
    assert isinstance(sdk.pull("ann/net", kind="dataset"), sdk.Dataset)


def test_large_files_are_hashed_as_they_come(hub: FakeHub) -> None:
    hub.add("ann/net", weights__bin=LARGE)
    assert read(sdk.pull("ann/net"), "weights.bin") == LARGE


@pytest.mark.parametrize("data", [WEIGHTS, LARGE, b"small"], ids=["lfs", "large", "regular"])
def test_a_damaged_file_is_fetched_again_and_then_refused(hub: FakeHub, data: bytes, cache: Path) -> None:
    hub.add("ann/net", a__txt=b"fine", weights__bin=data)
    hub.damaged.add("weights.bin")
    with pytest.raises(sdk.IntegrityError) as caught:
        sdk.pull("ann/net")
    assert caught.value.file == "weights.bin"
    assert caught.value.expected != caught.value.got
    assert hub.count("/weights.bin") == 2
    assert not [path for path in cache.rglob("*") if path.name == "weights.bin"]
    assert len(blobs(cache)) <= 1
    hub.damaged.clear()
    assert read(sdk.pull("ann/net"), "weights.bin") == data


@pytest.mark.parametrize("lie", [-1, 1])
@pytest.mark.parametrize("data", [WEIGHTS, LARGE], ids=["small", "large"])
def test_a_wrong_size_is_refused(hub: FakeHub, data: bytes, lie: int, cache: Path) -> None:
    hub.add("ann/net", weights__bin=data)
    hub.listed_size["weights.bin"] = len(data) + lie
    with pytest.raises(sdk.IntegrityError, match="damaged"):
        sdk.pull("ann/net")
    assert blobs(cache) == []


def test_a_broken_connection_is_taken_up_where_it_broke(hub: FakeHub) -> None:
    hub.add("ann/net", weights__bin=LARGE)
    hub.cut_after["weights.bin"] = [3_000_000, 1_000_000]
    assert read(sdk.pull("ann/net"), "weights.bin") == LARGE
    starts = [line.partition("bytes=")[2].partition("-")[0] for line in hub.asked if "weights.bin" in line]
    assert starts == ["", "3000000", "4000000"]


def test_an_interrupted_pull_goes_on_with_the_next(hub: FakeHub) -> None:
    hub.add("ann/net", weights__bin=LARGE)
    hub.cut_after["weights.bin"] = [3_000_000, 0, 0, 0, 0, 0]
    with pytest.raises(sdk.HubUnavailableError, match="pull again"):
        sdk.pull("ann/net")
    hub.asked.clear()
    hub.cut_after.clear()
    assert read(sdk.pull("ann/net"), "weights.bin") == LARGE
    assert hub.count("bytes=3000000-") == 1


def test_what_was_kept_but_spoilt_is_found_out(hub: FakeHub, cache: Path) -> None:
    hub.add("ann/net", weights__bin=LARGE)
    hub.cut_after["weights.bin"] = [3_000_000, 0, 0, 0, 0, 0]
    with pytest.raises(sdk.HubUnavailableError):
        sdk.pull("ann/net", verify=False)
    hub.cut_after.clear()
    (partial,) = blobs(cache)
    partial.write_bytes(b"x" * 3_000_000)
    assert read(sdk.pull("ann/net", verify=False), "weights.bin") == LARGE


def test_a_server_without_ranges_is_read_from_the_start(hub: FakeHub) -> None:
    hub.add("ann/net", weights__bin=LARGE)
    hub.ignores_ranges = True
    hub.cut_after["weights.bin"] = [3_000_000]
    assert read(sdk.pull("ann/net"), "weights.bin") == LARGE


def test_a_slow_file_is_read_by_several_ranges(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sdk._ranges.SLOW_AFTER", 0.02)
    monkeypatch.setattr("sdk._ranges.WORTH_A_RANGE", 200_000)
    monkeypatch.setattr("sdk._ranges.BUFFER", 65536)
    monkeypatch.setattr("sdk._ranges.NOTE_EVERY", 100_000)
    hub.add("ann/net", weights__bin=LARGE)
    hub.pause = 0.005
    hub.cut_after["weights.bin"] = [5_900_000, 300_000, 300_000]
    assert read(sdk.pull("ann/net"), "weights.bin") == LARGE
    assert hub.count("bytes=") >= 3


def test_offline_uses_what_is_here(model: FakeHub) -> None:
    online = sdk.pull("ann/net")
    model.asked.clear()
    assert sdk.pull("ann/net", offline=True) == online
    assert model.asked == []
    with pytest.raises(sdk.OfflineError, match="while online"):
        sdk.pull("ann/net", "v1", offline=True)
    with pytest.raises(sdk.OfflineError, match="while online"):
        sdk.pull("ann/other", offline=True)


def test_offline_misses_files_that_were_not_pulled(model: FakeHub) -> None:
    sdk.pull("ann/net", allow="*.json")
    with pytest.raises(sdk.OfflineError, match=r"weights\.bin"):
        sdk.pull("ann/net", offline=True)


def test_without_the_hub_what_is_here_is_used_with_a_warning(tmp_path: Path) -> None:
    fake = FakeHub()
    fake.add("ann/net", weights__bin=WEIGHTS)
    with serving(fake) as address:
        online = sdk.pull("ann/net", hub=address)
    with pytest.warns(sdk.OfflineWarning, match=online.commit[:12]):
        assert sdk.pull("ann/net", hub=address) == online
    with pytest.raises(sdk.HubUnavailableError, match="can't be reached"):
        sdk.pull("ann/other", hub=address)


def test_a_changed_file_in_the_cache_is_fetched_again(model: FakeHub) -> None:
    pulled = sdk.pull("ann/net")
    blob = (pulled.path / "weights.bin").resolve()
    blob.write_bytes(b"\0" * len(WEIGHTS))
    assert read(sdk.pull("ann/net"), "weights.bin") == WEIGHTS


def test_a_touched_file_is_read_again_but_not_fetched(model: FakeHub) -> None:
    pulled = sdk.pull("ann/net")
    os.utime((pulled.path / "weights.bin").resolve(), (1, 1))
    model.asked.clear()
    sdk.pull("ann/net")
    assert model.count("/resolve/") == 0


def test_missing_names_revisions_and_rights_are_told_apart(model: FakeHub) -> None:
    model.private.add("ann/net")
    with pytest.raises(sdk.NotFoundError, match="headstart login"):
        sdk.pull("ann/net")
    with pytest.raises(sdk.NotFoundError):
        sdk.pull("ann/net", token="hs_reader")
    with pytest.raises(sdk.NotFoundError, match="branch, tag or commit"):
        sdk.pull("ann/net", "nowhere", token="hs_good")
    assert sdk.pull("ann/net", token="hs_good").name == "ann/net"


def test_a_failing_hub_is_unavailable(model: FakeHub) -> None:
    model.status = 500
    with pytest.raises(sdk.HubUnavailableError, match="status 500"):
        sdk.pull("ann/net")


@pytest.mark.parametrize("path", ["../evil", "/etc/evil", "a/../../evil", "a//b", "."])
def test_paths_that_lead_elsewhere_are_refused(model: FakeHub, path: str) -> None:
    model.extra_paths = [path]
    with pytest.raises(sdk.InvalidInputError, match="not a path inside"):
        sdk.pull("ann/net")


@pytest.mark.parametrize("name", ["", "a/b/c", "../x", "a/.b", "a/b.git", "a b/c"])
def test_bad_names_are_refused_before_anything_is_asked(hub: FakeHub, name: str) -> None:
    with pytest.raises(sdk.InvalidInputError):
        sdk.pull(name)


def test_the_token_stays_with_the_hub(model: FakeHub) -> None:
    elsewhere = FakeHub()
    elsewhere.repos = model.repos
    with serving(elsewhere) as address:
        model.redirect_to = address
        sdk.pull("ann/net", token="hs_good")
    assert len(elsewhere.authorizations) == 3
    assert set(elsewhere.authorizations) == {""}
    assert set(model.authorizations) == {"Bearer hs_good"}
