"""The SDK against the hub itself: what one pushes, another pulls, verified."""

import json
import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from click.testing import CliRunner

import sdk
from sdk.cli import main
from tests.live import LiveHub

pytestmark = pytest.mark.stack
NUMBERS = count(1)
WEIGHTS = os.urandom(3_000_000)
CARD = "---\nlicense: mit\nlibrary_name: safetensors\ntags:\n- tiny\n---\n# A tiny model\n"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveHub]:
    live = LiveHub(tmp_path_factory.mktemp("hub")).start()
    with pytest.MonkeyPatch.context() as patch:
        # hf-xet remembers what it stored where, even where the hub was thrown away since.
        patch.setenv("HF_XET_CACHE", str(tmp_path_factory.mktemp("xet")))
        yield live
    live.stop()


@pytest.fixture
def name(hub: LiveHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The name of a model of this test's own, below ada, whose token the SDK has."""
    for variable in ("HF_ENDPOINT", "HF_TOKEN", "HF_HUB_OFFLINE", "HEADSTART_OFFLINE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HEADSTART_URL", hub.url)
    monkeypatch.setenv("HEADSTART_TOKEN", hub.tokens["ada"])
    monkeypatch.setenv("HEADSTART_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HEADSTART_CONFIG", str(tmp_path / "config.toml"))
    return f"ada/net-{next(NUMBERS)}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "net"
    (path / "sub").mkdir(parents=True)
    (path / "README.md").write_text(CARD)
    (path / "config.json").write_text("{}")
    (path / "sub" / "weights.bin").write_bytes(WEIGHTS)
    return path


def test_what_is_pushed_is_pulled(name: str, folder: Path) -> None:
    pushed = sdk.push(folder, name, message="First")
    pulled = sdk.pull(name)
    assert pulled.commit == pushed.commit
    assert pulled.license == "mit"
    assert (pulled.path / "sub" / "weights.bin").read_bytes() == WEIGHTS
    (weights,) = [file for file in pulled.files if file.path == "sub/weights.bin"]
    assert weights.sha256
    assert sdk.verify(name).is_good


def test_what_the_hub_signed_is_checked_against_the_key_that_is_known(name: str, folder: Path, tmp_path: Path) -> None:
    sdk.push(folder, name)
    pulled = sdk.pull(name)
    known = json.loads((tmp_path / "known_hubs.json").read_text())[pulled.hub]
    note = json.loads(next(tmp_path.glob(f"cache/*/*/.headstart/{pulled.commit}.signature.json")).read_text())
    assert note["key"] == known["id"] == sdk.trust().id
    (tmp_path / "known_hubs.json").write_text(json.dumps({pulled.hub: {**known, "id": "0" * 64}}))
    with pytest.raises(sdk.TrustError, match="headstart trust"):
        sdk.pull(name)


def test_a_second_push_makes_no_commit(name: str, folder: Path) -> None:
    first = sdk.push(folder, name)
    second = sdk.push(folder, name)
    assert not second.is_new
    assert second.commit == first.commit
    (folder / "copy.bin").write_bytes(WEIGHTS)
    third = sdk.push(folder, name)
    assert third.copied == ("copy.bin",)
    assert (sdk.pull(name).path / "copy.bin").read_bytes() == WEIGHTS


def test_it_is_found_and_described(name: str, folder: Path) -> None:
    pushed = sdk.push(folder, name, card={"pipeline_tag": "feature-extraction"})
    found = sdk.info(name)
    assert (found.commit, found.license, found.task) == (pushed.commit, "mit", "feature-extraction")
    assert name in [one.name for one in sdk.search("net", licence="mit", owner="ada")]
    assert not sdk.search("net", licence="apache-2.0", owner="ada")
    assert sdk.whoami().name == "ada"


def test_a_search_has_filters_facets_and_pages(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sdk._search.PAGE", 2)
    made = [sdk.push(folder, f"{name}-{number}", card={"tags": [name.replace("/", "-")]}).name for number in range(3)]
    found = sdk.search(tag=name.replace("/", "-"), licence_class="permissive", gated=False, sort="created", limit=None)
    assert [one.name for one in found] == made[::-1]
    assert (found.total, found.facets["licence"]) == (3, {"mit": 3})
    assert (found[0].review, found[0].licence_class) == ("unreviewed", "permissive")
    with pytest.raises(sdk.InvalidInputError, match="parameters_min is a number"):
        sdk.search(parameters="many..")


def test_the_command_prints_what_is_found(name: str, folder: Path) -> None:
    sdk.push(folder, name, private=True)
    done = CliRunner().invoke(main, ["search", name.partition("/")[2], "--owner", "ada", "--format", "gguf"])
    assert done.exit_code == 0, done.output
    assert done.stderr == "Nothing found.\n"
    shown = CliRunner().invoke(main, ["search", name.partition("/")[2], "--owner", "ADA", "--licence", "mit"]).stdout
    assert shown.splitlines()[1].startswith(f"{name} (private)  mit")


def test_a_lock_brings_back_the_same(name: str, folder: Path, tmp_path: Path) -> None:
    first = sdk.push(folder, name)
    sdk.lock(tmp_path / "headstart.lock", name)
    (folder / "config.json").write_text('{"changed": true}')
    sdk.push(folder, name)
    pulled = sdk.sync(tmp_path / "headstart.lock")[name]
    assert pulled.commit == first.commit
    assert (pulled.path / "config.json").read_text() == "{}"


def test_a_private_model_is_as_good_as_missing(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sdk.push(folder, name, private=True)
    monkeypatch.delenv("HEADSTART_TOKEN")
    with pytest.raises(sdk.NotFoundError) as private:
        sdk.pull(name)
    with pytest.raises(sdk.NotFoundError) as missing:
        sdk.pull("ada/nothing")
    assert str(private.value).replace(name, "ada/nothing") == str(missing.value)


def test_trouble_has_its_own_error(name: str, folder: Path) -> None:
    sdk.push(folder, name)
    with pytest.raises(sdk.NotFoundError, match="branch, tag or commit"):
        sdk.pull(name, "nowhere")
    with pytest.raises(sdk.AuthError):
        sdk.push(folder, name, token="hs_nonsense")
    with pytest.raises(sdk.AuthError):
        sdk.push(folder, "bob/net")


def test_a_data_set_goes_there_and_back(name: str, tmp_path: Path) -> None:
    (tmp_path / "rows.csv").write_text("a,b\n1,2\n")
    sdk.push(tmp_path / "rows.csv", name, kind="dataset", card={"license": "cc0-1.0"})
    pulled = sdk.pull(name, kind="dataset")
    assert (pulled.path / "rows.csv").read_text() == "a,b\n1,2\n"
    assert pulled.license == "cc0-1.0"


def test_a_branch_of_its_own(name: str, folder: Path) -> None:
    main = sdk.push(folder, name)
    (folder / "config.json").write_text('{"trial": 1}')
    trial = sdk.push(folder, name, revision="trial")
    assert sdk.pull(name).commit == main.commit
    assert sdk.pull(name, "trial").commit == trial.commit


def test_the_hubs_curated_models_need_no_owner(name: str, folder: Path) -> None:
    pushed = sdk.push(folder, "curated-net")
    assert pushed.name == "headstart/curated-net"
    assert sdk.pull("curated-net").commit == pushed.commit


def test_a_byte_flipped_on_the_hubs_disk_is_refused(hub: LiveHub, name: str, tmp_path: Path) -> None:
    weights = os.urandom(3_000_000)
    (tmp_path / "weights.bin").write_bytes(weights)
    sdk.push(tmp_path / "weights.bin", name)
    sdk.pull(name, cache_dir=tmp_path / "before")
    needle = weights[1_000_000:1_000_032]
    flipped = 0
    for path in hub.data_dir.rglob("*"):
        if path.is_file() and needle in (held := path.read_bytes()):
            at = held.index(needle)
            path.chmod(0o644)
            path.write_bytes(held[:at] + bytes([held[at] ^ 1]) + held[at + 1 :])
            flipped += 1
    assert flipped == 1
    with pytest.raises((sdk.IntegrityError, sdk.HubUnavailableError)):
        sdk.pull(name, cache_dir=tmp_path / "after")
    assert not list((tmp_path / "after").rglob("weights.bin"))
