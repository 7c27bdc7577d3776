import os
from pathlib import Path

import pytest

import sdk
from tests.unit.sdk.fake_hub import FakeHub

WEIGHTS = os.urandom(5000)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HEADSTART_TOKEN", "hs_good")
    path = tmp_path / "net"
    (path / "sub").mkdir(parents=True)
    (path / ".git").mkdir()
    (path / ".git" / "config").write_text("not for the hub")
    (path / "sub" / "weights.bin").write_bytes(WEIGHTS)
    (path / "config.json").write_text("{}")
    return path


def test_a_push_makes_the_repository_and_one_commit(hub: FakeHub, folder: Path) -> None:
    done = sdk.push(folder, "ann/net", message="First")
    assert done.is_new
    assert done.commit == hub.commit("ann/net")
    assert done.url == f"{hub.address}/ann/net"
    assert set(done.uploaded) == {"config.json", "sub/weights.bin"}
    assert hub.repos["ann/net"]["sub/weights.bin"] == WEIGHTS
    assert hub.count("/commit/") == 1


def test_a_second_push_sends_nothing(hub: FakeHub, folder: Path) -> None:
    first = sdk.push(folder, "ann/net")
    hub.asked.clear()
    second = sdk.push(folder, "ann/net")
    assert not second.is_new
    assert second.commit == first.commit
    assert set(second.unchanged) == {"config.json", "sub/weights.bin"}
    assert not [line for line in hub.asked if line.startswith("POST")]


def test_what_the_hub_has_elsewhere_is_copied(hub: FakeHub, folder: Path) -> None:
    sdk.push(folder, "ann/net")
    (folder / "copy.bin").write_bytes(WEIGHTS)
    done = sdk.push(folder, "ann/net")
    assert done.copied == ("copy.bin",)
    assert done.uploaded == ()
    assert hub.repos["ann/net"]["copy.bin"] == WEIGHTS


def test_a_card_is_merged(hub: FakeHub, folder: Path) -> None:
    (folder / "README.md").write_text("---\nlicense: mit\n---\n# Words\n")
    sdk.push(folder, "ann/net", card={"pipeline_tag": "text-classification"})
    assert hub.repos["ann/net"]["README.md"] == b"---\nlicense: mit\npipeline_tag: text-classification\n---\n# Words\n"
    assert (folder / "README.md").read_text() == "---\nlicense: mit\n---\n# Words\n"
    (folder / "README.md").unlink()
    sdk.push(folder, "ann/net", card={"license": "apache-2.0"})
    assert b"license: apache-2.0\npipeline_tag" in hub.repos["ann/net"]["README.md"]
    sdk.push(folder, "ann/net", card="---\ntags: [x]\n---\n# New words\n")
    assert hub.repos["ann/net"]["README.md"].endswith(b"tags:\n- x\n---\n# New words\n")


def test_a_new_card_has_the_name_as_its_title(hub: FakeHub, folder: Path) -> None:
    sdk.push(folder, "ann/net", card={"license": "mit"})
    assert hub.repos["ann/net"]["README.md"] == b"---\nlicense: mit\n---\n\n# net\n"


def test_a_card_that_is_nothing_is_refused(hub: FakeHub, folder: Path) -> None:
    with pytest.raises(sdk.InvalidInputError, match="no file"):
        sdk.push(folder, "ann/net", card="nowhere.md")


def test_a_private_push_makes_a_private_repository(hub: FakeHub, folder: Path) -> None:
    sdk.push(folder, "ann/net", private=True)
    assert hub.private == {"ann/net"}


def test_a_push_that_others_overtake_is_planned_anew(
    hub: FakeHub, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sdk.push(folder, "ann/net")
    (folder / "config.json").write_text('{"a": 1}')
    from sdk import _push

    plans = []

    def overtaken(*args: object) -> object:
        if not plans:
            hub.add("ann/net", other__txt=b"theirs")
        plans.append(args)
        return plan(*args)

    plan = _push._plan
    monkeypatch.setattr(_push, "_plan", overtaken)
    sdk.push(folder, "ann/net")
    assert len(plans) == 2
    assert hub.repos["ann/net"]["other.txt"] == b"theirs"
    assert hub.repos["ann/net"]["config.json"] == b'{"a": 1}'


def test_who_may_not_write_is_told(hub: FakeHub, folder: Path) -> None:
    hub.add("ann/net", a__txt=b"")
    with pytest.raises(sdk.AuthError, match="may not"):
        sdk.push(folder, "ann/net", token="hs_reader")
    with pytest.raises(sdk.AuthError, match="headstart login"):
        sdk.push(folder, "ann/new", token="hs_bad")


@pytest.mark.parametrize("what", ["nowhere", 7, {"a": 7}, {}])
def test_what_is_no_model_is_refused(hub: FakeHub, what: object) -> None:
    with pytest.raises(sdk.InvalidInputError):
        sdk.push(what, "ann/net")


def test_an_empty_folder_is_refused(hub: FakeHub, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(sdk.InvalidInputError, match="no files"):
        sdk.push(tmp_path / "empty", "ann/net")


def test_tensors_and_modules_are_saved_as_safetensors(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    torch = pytest.importorskip("torch")
    monkeypatch.setenv("HEADSTART_TOKEN", "hs_good")
    layer = torch.nn.Linear(3, 2)
    sdk.push(layer, "ann/layer")
    sdk.push(layer.state_dict(), "ann/tensors")
    for name in ("ann/layer", "ann/tensors"):
        loaded = sdk.pull(name).load()
        assert torch.equal(loaded["weight"], layer.weight)
