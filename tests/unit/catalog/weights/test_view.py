"""What a revision's weights are, as selectors tell it, and what the index keeps of them."""

import json
from typing import Any

import pytest

from hub.accounts.viewer import Viewer
from hub.catalog import selectors, services
from hub.catalog.errors import GatedRepo
from hub.catalog.operations import AddInline, CopyFile
from hub.catalog.selectors import headers, weights_of, weights_summary
from hub.storage import services as storage
from tests.factories import make_repo, viewer_of
from tests.unit.catalog.weights.made import field, gguf, gguf_key, gguf_text, onnx, onnx_tensor, safetensors

LLAMA = [gguf_key("general.architecture", 8, gguf_text("llama"))] + [
    gguf_key(f"llama.{name}", 4, number.to_bytes(4, "little"))
    for name, number in {"block_count": 2, "embedding_length": 8, "attention.head_count": 2}.items()
]
GGUF = gguf(LLAMA, [("blk.0.w", [64], 8, 0), ("b", [2], 0, 96)], body=104)
ONNX = onnx(field(5, onnx_tensor("w", [2, 3], 1, b"\1" * 24)))
ONE = safetensors({"a": ("F32", [2, 3], 24), "b": ("I8", [2], 2)})
TWO = safetensors({"c": ("F32", [2], 8)})


@pytest.fixture(autouse=True)
def _cold() -> None:
    headers.headers.clear()


def at(repo: Any, revision: str = "main") -> Any:
    return selectors.revision_of(repo, revision)


def card_of(repo: Any) -> Any:
    return selectors.find_repo(Viewer(), repo.kind, repo.owner.name, repo.name).card


def test_the_card_counts_and_weighs(db: None) -> None:
    files = {"model.safetensors": ONE, "q.gguf": GGUF, "README.md": b"# Hi\n"}
    card = card_of(make_repo(files=files))
    assert (card.parameters, card.parameter_count) == ({"F32": 6, "I8": 2}, 8)
    assert card.size == sum(map(len, files.values())) + len(services_attributes())


def services_attributes() -> bytes:
    from hub.catalog.attributes import default_attributes

    return default_attributes()


@pytest.mark.parametrize(
    ("files", "count"),
    [
        ({"q.gguf": GGUF}, 66),
        ({"small.gguf": gguf(tensors=[("b", [2], 0, 0)], body=8), "large.gguf": GGUF, "m.onnx": ONNX}, 66),
        ({"m.onnx": ONNX}, 6),
        ({"m.onnx": b"not one", "q.gguf": b"GGUF"}, None),
        ({"pytorch_model.bin": b"\x80\2"}, None),
    ],
)
def test_parameters_from_other_formats(db: None, files: dict[str, bytes], count: int | None) -> None:
    card = card_of(make_repo(files=files))
    assert card.parameter_count == count and card.parameters == {}


def test_one_content_under_two_names(db: None, viewer: Any, user: Any) -> None:
    """What was noted of it as one format says nothing of it as another."""
    repo = make_repo(owner=user, files={"a.gguf": ONE, "b.safetensors": ONE})
    operations = [CopyFile(source="b.safetensors", path="c.onnx")]
    services.commit(by=viewer, repo=repo, revision="main", operations=operations, title="Copy")
    found = weights_of(viewer, at(repo)).files
    assert found["b.safetensors"].parameters == {"F32": 6, "I8": 2} and not found["b.safetensors"].fault
    assert "doesn't start with GGUF" in found["a.gguf"].fault and found["c.onnx"].fault


def test_shards_are_one_model(db: None) -> None:
    names = [f"model-0000{number}-of-00003.safetensors" for number in (1, 2)]
    index = json.dumps({"weight_map": {"a": names[0], "b": names[0], "c": names[1], "d\ud800": "x"}}).encode()
    repo = make_repo(files=dict(zip(names, (ONE, TWO), strict=True)) | {"model.safetensors.index.json": index})
    view = weights_of(Viewer(), at(repo))
    assert view.shown and view.shown.paths == tuple(names) and view.parts_missing == 1
    assert view.missing == ("d?",) and view.tensor_count == 3 and view.held == 34
    assert dict(view.parameters) == {"F32": 8, "I8": 2}


def test_a_second_look_reads_nothing(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = make_repo(files={"model.safetensors": ONE, "q.gguf": GGUF})
    first = [weights_of(Viewer(), at(repo), name=name) for name in ("", "q.gguf")]
    monkeypatch.setattr(storage, "reader", None)
    monkeypatch.setattr(headers, "_saved", None)
    assert [weights_of(Viewer(), at(repo), name=name) for name in ("", "q.gguf")] == first
    assert [view.shown.format for view in first if view.shown] == ["safetensors", "gguf"]


def test_the_summary_needs_no_header(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    repo = make_repo(files={"q.gguf": GGUF})
    monkeypatch.setattr(headers, "read_weights", None)
    found = weights_summary(Viewer(), at(repo))
    assert found and found.run and dict(found.parameters) == {"Q8_0": 64, "F32": 2}
    assert found.held == 68 + 8 and [term.key for term in found.run.terms] == ["weights", "pass", "cache"]


def test_an_adapter_runs_on_its_base(db: None) -> None:
    files = {"adapter_model.safetensors": TWO, "adapter_config.json": b"{}"}
    repo = make_repo(files=files)
    found = weights_summary(Viewer(), at(repo))
    assert found and found.is_adapter and found.run is None and weights_of(Viewer(), at(repo)).needs == ()


def test_no_weights_and_data_sets(db: None) -> None:
    empty, data = make_repo(files={"a.txt": b"a"}), make_repo(kind="dataset", files={"a.safetensors": ONE})
    for repo in (empty, data):
        assert not selectors.has_weights(at(repo)) and weights_summary(Viewer(), at(repo)) is None
        view = weights_of(Viewer(), at(repo))
        assert view.shown is None and view.sets == () and view.needs == ()


def test_a_gate_closes_headers_too(db: None, user: Any) -> None:
    repo = make_repo(owner=user, files={"model.safetensors": ONE})
    repo.gate = "manual"
    repo.save(update_fields=["gate"])
    with pytest.raises(GatedRepo):
        weights_of(Viewer(), at(repo))
    with pytest.raises(GatedRepo):
        selectors.weights_diff(Viewer(), at(repo), at(repo), "model.safetensors")
    assert weights_of(viewer_of(user), at(repo)).tensor_count == 2


def test_diff_between_revisions(db: None, user: Any, viewer: Any) -> None:
    repo = make_repo(owner=user, files={"model.safetensors": ONE, "q.gguf": GGUF})
    before = at(repo)
    changed = [AddInline(path="model.safetensors", data=TWO), AddInline(path="q.gguf", data=b"GGUF")]
    services.commit(by=viewer, repo=repo, revision="main", operations=changed, title="Change")
    found = selectors.weights_diff(viewer, before, at(repo), "model.safetensors")
    assert found and [(change.name, change.sort) for change in found.changes] == [
        ("a", "removed"),
        ("b", "removed"),
        ("c", "added"),
    ]
    broken = selectors.weights_diff(viewer, before, at(repo), "q.gguf")
    assert broken and "inside of its header" in broken.fault
    assert selectors.weights_diff(viewer, before, before, "model.safetensors") is None
    assert selectors.weights_diff(viewer, before, at(repo), "none.safetensors") is None
