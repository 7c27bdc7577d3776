"""Loading: by the right library, and never a pickle."""

import json
from pathlib import Path

import pytest

import sdk
from sdk._load import library_of
from tests.unit.sdk.fake_hub import FakeHub

torch = pytest.importorskip("torch")
safetensors = pytest.importorskip("safetensors.torch")


def pulled(hub: FakeHub, folder: Path | None = None, **files: bytes) -> sdk.Model:
    if folder:
        content = {
            path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
        }
        hub.repos["ann/net"] = {**content, **files}
    else:
        hub.add("ann/net", **files)
    return sdk.pull("ann/net")


def tensors(**values: float) -> bytes:
    return safetensors.save({name: torch.tensor([value]) for name, value in values.items()})


def test_plain_tensors_come_from_all_shards(hub: FakeHub) -> None:
    loaded = pulled(hub, a__safetensors=tensors(x=1.0), b__safetensors=tensors(y=2.0)).load(device="cpu")
    assert {name: one.item() for name, one in loaded.items()} == {"x": 1.0, "y": 2.0}


def test_without_torch_tensors_are_arrays(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sdk._load.find_spec", lambda name: None)
    model = pulled(hub, a__safetensors=tensors(x=1.0))
    assert type(model.load()["x"]).__module__ == "numpy"
    with pytest.raises(sdk.MissingLibraryError, match="pip install torch"):
        model.load(device="cuda")


def test_the_same_tensor_twice_is_refused(hub: FakeHub) -> None:
    with pytest.raises(sdk.LoadError, match="two files"):
        pulled(hub, a__safetensors=tensors(x=1.0), b__safetensors=tensors(x=2.0)).load()


@pytest.mark.parametrize("name", ["pytorch_model__bin", "net__pt", "model__pkl"])
def test_a_pickle_is_never_read(hub: FakeHub, name: str) -> None:
    with pytest.raises(sdk.UnsafeFormatError, match="Convert them to safetensors"):
        pulled(hub, **{name: b"\x80\x04."}).load()


def test_nothing_to_load_is_told(hub: FakeHub) -> None:
    with pytest.raises(sdk.LoadError, match="no safetensors"):
        pulled(hub, notes__txt=b"").load()
    with pytest.raises(sdk.LoadError, match="no options"):
        pulled(hub, a__safetensors=tensors(x=1.0)).load(dtype="auto")


def test_code_that_came_along_is_not_run(hub: FakeHub) -> None:
    config = {"model_type": "own", "architectures": ["OwnModel"], "auto_map": {"AutoModel": "own.OwnModel"}}
    model = pulled(hub, config__json=json.dumps(config).encode(), a__safetensors=tensors(x=1.0))
    with pytest.raises(sdk.UnsafeFormatError, match="trust_remote_code"):
        model.load()


def test_a_missing_library_says_what_to_install(hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "sentence_transformers", None)
    model = pulled(hub, modules__json=b"[]", a__safetensors=tensors(x=1.0))
    with pytest.raises(sdk.MissingLibraryError, match="pip install sentence-transformers"):
        model.load()


@pytest.mark.parametrize(
    ("files", "library"),
    [
        ({"modules__json": b"[]", "config__json": b'{"model_type": "bert"}'}, "sentence-transformers"),
        ({"config__json": b'{"model_type": "bert"}'}, "transformers"),
        ({"config__json": b"{}"}, "safetensors"),
        ({"README__md": b"---\nlibrary_name: sentence_transformers\n---\n"}, "sentence-transformers"),
        ({"README__md": b"---\nlibrary_name: timm\n---\n", "config__json": b'{"model_type": "x"}'}, "timm"),
    ],
)
def test_the_library_is_the_cards_or_the_files(hub: FakeHub, files: dict[str, bytes], library: str) -> None:
    assert library_of(pulled(hub, **files)) == library


def test_a_transformers_model_is_of_its_architecture(hub: FakeHub, tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    config = transformers.BertConfig(
        vocab_size=8, hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8, num_labels=3
    )
    made = transformers.BertForSequenceClassification(config)
    made.save_pretrained(tmp_path / "bert")
    loaded = pulled(hub, tmp_path / "bert").load(device="cpu")
    assert type(loaded).__name__ == "BertForSequenceClassification"
    assert torch.equal(loaded.classifier.weight, made.classifier.weight)
    assert not loaded.training
