"""No archive, header or text of the corpus is ever clean; what people really push is."""

import gzip
import io
import json
import struct
import tarfile
import zipfile
from typing import Any

import pytest

from hub.governance.scanning.scan import scan
from hub.governance.scanning.source import of_bytes
from tests.unit.governance.scanning.containers import (
    ARCHIVES,
    HEADERS,
    TEXTS,
    gguf,
    gguf_text,
    onnx,
    safetensors,
    tarred,
    tensor,
    text,
    zipped,
)


def told(name: str, data: bytes) -> dict[str, Any]:
    return scan(name, of_bytes(data))


def test_there_are_enough_of_them() -> None:
    assert len(ARCHIVES) >= 30
    assert len(HEADERS) >= 30


@pytest.mark.parametrize("name", ARCHIVES)
def test_archives_are_denied(name: str) -> None:
    assert told(*ARCHIVES[name])["opinions"][0]["verdict"] not in ("clean", "error")


@pytest.mark.parametrize("name", HEADERS)
def test_headers_are_denied(name: str) -> None:
    assert told(*HEADERS[name])["opinions"][0]["verdict"] not in ("clean", "error")


@pytest.mark.parametrize("name", TEXTS)
def test_texts_are_denied(name: str) -> None:
    assert told(*TEXTS[name])["opinions"][0]["verdict"] not in ("clean", "error")


@pytest.mark.parametrize(
    "name",
    [
        "path upwards",
        "symlink",
        "tar upwards",
        "tar symlink",
        "pickle within",
        "pickle two archives deep",
        "gzip",
        "zlib",
    ],
)
def test_attacks_are_malicious(name: str) -> None:
    assert told(*ARCHIVES[name])["verdict"] == "malicious"


_TEMPLATE = "{% for m in messages %}{{ m['role'] }}{% endfor %}"
_ONE = gguf(gguf_text("general.name", "a") + gguf_text("tokenizer.chat_template", _TEMPLATE),
            text("w") + struct.pack("<IQIQ", 1, 1, 0, 0), 2, 1)  # fmt: skip
FINE = {
    "model.safetensors": safetensors({"__metadata__": {"format": "pt"}, "a.weight": tensor(8)}, b"abcdefgh"),
    "adapter_model.safetensors": safetensors({"base_model.model.layers.0.lora_A.weight": tensor(1)}, b"a"),
    "model.gguf": _ONE.ljust(-(-len(_ONE) // 32) * 32, b"\0") + bytes(32),
    "model.onnx": onnx("weights/model.onnx_data"),
    "data.zip": zipped({"a/b.txt": b"fine", "c.json": b"{}"}, zipfile.ZIP_DEFLATED),
    "zeros.zip": zipped({"a.txt": b"0" * 8_000_000}, zipfile.ZIP_DEFLATED),
    "zeros.txt.gz": gzip.compress(b"0" * 8_000_000),
    "data.tar": tarred("a/b.txt", b"fine"),
    "data.tar.gz": gzip.compress(tarred("a/b.txt", b"fine")),
    "rows.csv.gz": gzip.compress(b"a,b\n1,2\n"),
    "README.md": "# A model\n\nWith __class__ in its text, and é.\n".encode(),
    "LICENSE": b"Do what you like.",
    ".gitattributes": b"*.bin filter=lfs\n",
    "config.json": b'{"architectures": ["BertModel"], "auto_map": {}}',
    "rows.json": b'{"a": [{"b": [1, {}]}]}\n{"c": "\xe2\x80\xa8"}\n',
    "rows.jsonl": b'{"a": 1}\n{"a": 2}\n',
    "tokenizer.json": json.dumps(
        {"model": {"type": "BPE", "vocab": {"a": 0, "__init__": 1}, "merges": ["a b"]}}
    ).encode(),
    "tokenizer_config.json": json.dumps({"chat_template": "{% if x is defined %}{{ bos_token }}{% endif %}"}).encode(),
    "vocab.txt": b"[PAD]\n[UNK]\nthe\n",
    "merges.txt": "#version: 0.2\n\u0120 t\n".encode(),
    "tokenizer.model": b"\x0a\x0c\x0a\x05<unk>\x15\0\0\0\0\x12\x02\x18\x01",
    "params.yaml": b"a: 1\nb: [2, 3]\n",
    "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(60),
    "sound.wav": b"RIFF\x24\0\0\0WAVEfmt " + bytes(40),
    "table.parquet": b"PAR1" + bytes(40) + b"PAR1",
    "empty.txt": b"",
    "modeling.py": b"import torch\n",
}


@pytest.mark.parametrize("name", FINE)
def test_what_people_push_is_clean(name: str) -> None:
    report = told(name, FINE[name])
    assert report["verdict"] == "clean", report


def test_code_is_marked() -> None:
    assert told("modeling.py", b"import torch\n")["coverage"]["is_code"]
    assert told("a.ipynb", b'{"cells": []}')["coverage"]["is_code"]
    config = told("config.json", b'{"auto_\\u006dap": {"AutoModel": "modeling.Model"}}')
    assert config["coverage"]["is_code"]
    assert "auto_map" in config["opinions"][0]["reason"]
    assert not told("config.json", b'{"a": 1}')["coverage"]["is_code"]


def test_real_writers_of_archives_are_understood() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        with archive.open("big.txt", "w", force_zip64=True) as member:
            member.write(b"text " * 100)
        archive.mkdir("folder")
        archive.writestr("folder/ü.txt", b"a")
    assert told("a.zip", file.getvalue())["verdict"] == "clean"
    for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT):
        file = io.BytesIO()
        with tarfile.open(fileobj=file, mode="w", format=form) as tar:
            info = tarfile.TarInfo("folder/" + "long" * (40 if form != tarfile.USTAR_FORMAT else 10) + ".txt")
            info.size = 1
            tar.addfile(info, io.BytesIO(b"a"))
        assert told("a.tar", file.getvalue())["verdict"] == "clean"
