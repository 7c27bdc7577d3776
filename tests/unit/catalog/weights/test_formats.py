import pytest

from hub.catalog.weights.formats import FileSet, counted, file_sets, format_of


def test_which_files_count() -> None:
    assert counted(["model.safetensors", "model.fp16.safetensors", "model.gguf"]) == {"model.safetensors"}
    shards = {"model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"}
    assert counted([*shards, "other.safetensors"]) == shards
    assert counted(["unet/a.safetensors", "vae/b.safetensors", "c.bin"]) == {"unet/a.safetensors", "vae/b.safetensors"}


@pytest.mark.parametrize(
    ("path", "format_"),
    [
        ("a/B.SAFETENSORS", "safetensors"),
        ("m.gguf", "gguf"),
        ("m.onnx", "onnx"),
        ("pytorch_model-00001-of-00002.bin", "pickle"),
        ("adapter_model.bin", "pickle"),
        ("m.pth", "pickle"),
        ("tf_model.h5", "other"),
        ("optimizer.pt", None),
        ("training_args.bin", None),
        ("w.bin", None),
        ("README.md", None),
    ],
)
def test_formats(path: str, format_: str | None) -> None:
    assert format_of(path) == format_


def test_parts_belong_together() -> None:
    paths = ["m.onnx", "q4-00002-of-00003.gguf", "q4-00001-of-00003.gguf", "q8.gguf", "x.safetensors", "a.txt"]
    assert file_sets(paths) == (
        FileSet("x.safetensors", "safetensors", ("x.safetensors",), 1),
        FileSet("q4-00001-of-00003.gguf", "gguf", ("q4-00001-of-00003.gguf", "q4-00002-of-00003.gguf"), 3),
        FileSet("q8.gguf", "gguf", ("q8.gguf",), 1),
        FileSet("m.onnx", "onnx", ("m.onnx",), 1),
    )
