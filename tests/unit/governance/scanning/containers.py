"""Archives, headers and texts as an attacker would make them; by name of the file and of the trick."""

import base64
import bz2
import gzip
import io
import json
import lzma
import struct
import tarfile
import zipfile
import zlib
from typing import Any

from tests.unit.governance.scanning.streams import protocol_0, protocol_2, protocol_4

EVIL = protocol_2("os", "system")


def zipped(members: dict[str, bytes], how: int = zipfile.ZIP_STORED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def zip_of(name: str, data: bytes = b"x", **changes: Any) -> bytes:
    """One member whose entry is changed."""
    info = zipfile.ZipInfo("placeholder")
    file = io.BytesIO()
    for field, value in changes.items():
        setattr(info, field, value)
    info.filename = name
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(info, data)
    return file.getvalue()


def patched(data: bytes, old: bytes, new: bytes, count: int = 1) -> bytes:
    assert old in data
    return data.replace(old, new, count)


def tarred(name: str, data: bytes = b"x", **changes: Any) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w") as archive:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        for field, value in changes.items():
            setattr(info, field, value)
        archive.addfile(info, io.BytesIO(data))
    return file.getvalue()


def safetensors(header: Any, body: bytes = b"", length: int | None = None) -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + body


def tensor(size: int = 4, start: int = 0, **more: Any) -> dict[str, Any]:
    return {"dtype": "U8", "shape": [size], "data_offsets": [start, start + size], **more}


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value.encode())) + value.encode()


def gguf(keys: bytes = b"", tensors: bytes = b"", key_count: int = 0, tensor_count: int = 0, version: int = 3) -> bytes:
    return b"GGUF" + struct.pack("<IQQ", version, tensor_count, key_count) + keys + tensors


def gguf_text(key: str, value: str) -> bytes:
    return text(key) + struct.pack("<I", 8) + text(value)


def field(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _varint(value: int) -> bytes:
    out = b""
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def onnx(location: str, *, inside: str = "graph") -> bytes:
    """A model with one tensor that lies in another file."""
    entry = field(13, field(1, b"location") + field(2, location.encode()))
    one = b"\x08\x04" + b"\x10\x01" + field(8, b"w") + entry + b"\x70\x01"
    graph = field(5, one)
    if inside == "subgraph":
        graph = field(1, field(5, field(1, b"body") + field(6, graph)))
    model = b"\x08\x08" + field(7, graph)
    if inside == "function":
        model = b"\x08\x08" + field(7, b"") + field(25, field(7, field(5, field(5, one))))
    return model


_ZIP = zipped({"a.txt": b"fine", "b.txt": b"good"})
_OK = safetensors({"a": tensor()}, b"abcd")
_SAFE = {"a": tensor()}
_ENTRY = json.dumps(tensor()).encode()
_TEMPLATE = "tokenizer.chat_template"

_BOMB = zipped({"a.txt": b"0" * 2_000_000}, zipfile.ZIP_DEFLATED)
ARCHIVES: dict[str, tuple[str, bytes]] = {
    "path upwards": ("a.zip", zipped({"../../etc/cron.d/x": b"x"})),
    "absolute path": ("a.zip", zip_of("/etc/passwd")),
    "backslashes": ("a.zip", zip_of("..\\..\\x.txt")),
    "drive": ("a.zip", zip_of("C:/x.txt")),
    "control letters": ("a.zip", zip_of("a\nb.txt")),
    "symlink": ("a.zip", zip_of("link", b"/etc/passwd", external_attr=0o120777 << 16)),
    "device": ("a.zip", zip_of("device", b"", external_attr=0o060666 << 16)),
    "two names in one": ("a.zip", patched(_ZIP, b"a.txt", b"c.txt")),
    "two of one name": ("a.zip", patched(_ZIP, b"b.txt", b"a.txt", 2)),
    "names alike but for case": ("a.zip", zipped({"a.txt": b"1", "A.TXT": b"2"})),
    "wrong checksum": ("a.zip", patched(_ZIP, b"fine", b"evil")),
    "encrypted": ("a.zip", patched(patched(_ZIP, b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01", 2),
                                   b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01", 2)),
    "flags that disagree": ("a.zip", patched(_ZIP, b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x08")),
    "method that disagrees": ("a.zip", patched(_ZIP, b"\x04\x14\x00\x00\x00\x00", b"\x04\x14\x00\x00\x00\x08")),
    "unknown method": ("a.zip", zipped({"a.txt": b"fine"}, zipfile.ZIP_LZMA)),
    "comment": ("a.zip", _ZIP[:-2] + b"\x04\x00evil"),
    "bytes before": ("a.zip", b"PK\x03\x04" + _ZIP),
    "pickle before": ("a.pkl", EVIL + _ZIP),
    "bytes behind": ("a.zip", _ZIP + EVIL),
    "cut short": ("a.zip", _ZIP[:-30]),
    "bomb": ("a.zip", _BOMB.replace(struct.pack("<I", 2_000_000), struct.pack("<I", 300_000_000))),
    "bomb within": ("a.zip", zipped({"a.zip": _BOMB})),
    "pickle within": ("a.zip", zipped({"fine.txt": b"a", "weights.pkl": EVIL})),
    "pickle within, named a text": ("a.zip", zipped({"notes.txt": EVIL})),
    "pickle two archives deep": ("a.zip", zipped({"b.zip": zipped({"c.pkl": EVIL})})),
    "four archives deep": ("a.zip", zipped({"b.zip": zipped({"c.zip": zipped({"d.zip": _ZIP})})})),
    "in an npz": ("a.npz", zipped({"a.npy": EVIL})),
    "keras": ("model.keras", zipped({"config.json": b'{"class_name": "Lambda"}', "metadata.json": b"{}"})),
    "hdf5": ("model.h5", b"\x89HDF\r\n\x1a\n" + bytes(100)),
    "saved model": ("saved_model.pb", b"\x08\x01\x12\x04\x0a\x02\x08\x01\xff"),
    "tar upwards": ("a.tar", tarred("../x")),
    "tar absolute": ("a.tar", tarred("/etc/x")),
    "tar symlink": ("a.tar", tarred("x", b"", type=tarfile.SYMTYPE, linkname="/etc/passwd")),
    "tar hard link": ("a.tar", tarred("x", b"", type=tarfile.LNKTYPE, linkname="y")),
    "tar device": ("a.tar", tarred("x", b"", type=tarfile.BLKTYPE)),
    "tar fifo": ("a.tar", tarred("x", b"", type=tarfile.FIFOTYPE)),
    "tar with a pickle": ("a.tar", tarred("x.pkl", EVIL)),
    "tar with bytes behind": ("a.tar", tarred("x.txt") + EVIL),
    "tar named as a checkpoint": ("a.pth", tarred("pickle", EVIL)),
    "gzip": ("a.joblib", gzip.compress(EVIL)),
    "zlib": ("a.joblib", zlib.compress(EVIL)),
    "bzip2": ("a.pkl", bz2.compress(EVIL)),
    "xz": ("a.pkl", lzma.compress(EVIL)),
    "gzip twice": ("a.pkl.gz", gzip.compress(gzip.compress(protocol_4("os", "system")))),
    "gzip four times": ("a.gz", gzip.compress(gzip.compress(gzip.compress(gzip.compress(b"a"))))),
    "gzip of two": ("a.pkl", gzip.compress(b"\x80\x02N.") + gzip.compress(EVIL)),
    "gzip bomb": ("a.txt.gz", gzip.compress(b"0" * 80_000_000)),
    "gzip cut": ("a.txt.gz", gzip.compress(b"0123456789")[:-6]),
    "tgz": ("a.tgz", gzip.compress(tarred("../x"))),
    "zstd": ("a.zst", b"\x28\xb5\x2f\xfd" + bytes(20)),
    "7z": ("a.pt", b"7z\xbc\xaf\x27\x1c" + bytes(20)),
    "program": ("model.bin", b"\x7fELF" + bytes(60)),
    "program without a name": ("tool", b"MZ" + bytes(60)),
    "empty pickle of noise": ("a.pkl", bytes(range(200, 256))),
}  # fmt: skip

HEADERS: dict[str, tuple[str, bytes]] = {
    "longer than the file": ("a.safetensors", safetensors(_SAFE, b"abcd", 1 << 40)),
    "longer than any": ("a.safetensors", safetensors(_SAFE, b"abcd", 101_000_000)),
    "too short": ("a.safetensors", b"\x01\x02"),
    "no JSON": ("a.safetensors", safetensors(b"{nothing}")),
    "blank before": ("a.safetensors", safetensors(b" " + json.dumps(_SAFE).encode(), b"abcd")),
    "junk behind": ("a.safetensors", safetensors(json.dumps(_SAFE).encode() + b"x", b"abcd")),
    "bytes behind": ("a.safetensors", _OK + b"x"),
    "zip behind": ("a.safetensors", safetensors({"a": tensor(len(_ZIP))}, _ZIP)),
    "overlap": ("a.safetensors", safetensors({"a": tensor(), "b": tensor(4, 2)}, b"abcdef")),
    "alias": ("a.safetensors", safetensors({"a": tensor(), "b": tensor()}, b"abcd")),
    "hole": ("a.safetensors", safetensors({"a": tensor(4, 4)}, b"abcdefgh")),
    "cut": ("a.safetensors", safetensors(_SAFE, b"ab")),
    "two of one name": ("a.safetensors", safetensors(b'{"a":%s,"a":%s}' % (_ENTRY, _ENTRY), b"abcd")),
    "unknown field": ("a.safetensors", safetensors({"a": tensor(note="x")}, b"abcd")),
    "name that is a path": ("a.safetensors", safetensors({"../../etc/passwd": tensor()}, b"abcd")),
    "absolute name": ("a.safetensors", safetensors({"/etc/passwd": tensor()}, b"abcd")),
    "name with control letters": ("a.safetensors", safetensors({"a\u001b[2J": tensor()}, b"abcd")),
    "name of markup": ("a.safetensors", safetensors({"<script>": tensor()}, b"abcd")),
    "long name": ("a.safetensors", safetensors({"a" * 600: tensor()}, b"abcd")),
    "shape beyond all": ("a.safetensors", safetensors({"a": {**tensor(), "shape": [1 << 62, 1 << 62]}}, b"abcd")),
    "negative offset": ("a.safetensors", safetensors({"a": {**tensor(), "data_offsets": [-4, 0]}}, b"abcd")),
    "unknown dtype": ("a.safetensors", safetensors({"a": {**tensor(), "dtype": "PICKLE"}}, b"abcd")),
    "metadata of numbers": ("a.safetensors", safetensors({"__metadata__": {"a": 1}, **_SAFE}, b"abcd")),
    "deep JSON": ("a.safetensors", safetensors(b'{"a":' * 5_000 + b"1" + b"}" * 5_000)),
    "a pickle": ("a.safetensors", EVIL),
    "an old pickle": ("a.safetensors", protocol_0("os", "system")),
    "a list beyond all": ("a.gguf", gguf(text("a") + struct.pack("<IIQ", 9, 4, 1 << 61), key_count=1)),
    "texts beyond all": ("a.gguf", gguf(text("a") + struct.pack("<IIQ", 9, 8, 1 << 61), key_count=1)),
    "lists in lists": ("a.gguf", gguf(text("a") + struct.pack("<IIQ", 9, 9, 9) * 9, key_count=1)),
    "a text beyond all": ("a.gguf", gguf(text("a") + struct.pack("<IQ", 8, 1 << 62), key_count=1)),
    "keys beyond all": ("a.gguf", gguf(key_count=1 << 40)),
    "tensors beyond all": ("a.gguf", gguf(tensor_count=1 << 40)),
    "two of one key": ("a.gguf", gguf(gguf_text("a", "x") * 2, key_count=2)),
    "unknown type": ("a.gguf", gguf(text("a") + struct.pack("<I", 99), key_count=1)),
    "unknown version": ("a.gguf", gguf(version=9)),
    "tensor outside": ("a.gguf", gguf(tensors=text("w") + struct.pack("<IQIQ", 1, 4, 0, 1 << 40), tensor_count=1)),
    "gguf with bytes behind": ("a.gguf", gguf(tensors=text("w") + struct.pack("<IQIQ", 1, 1, 0, 0), tensor_count=1)
                               + bytes(64) + EVIL * 9),
    "template": ("a.gguf", gguf(gguf_text(_TEMPLATE, "{{ ().__class__.__mro__[1] }}"), key_count=1)),
    "template by attr": ("a.gguf", gguf(gguf_text(_TEMPLATE, "{{ x|attr('_'~'_class_'~'_') }}"), key_count=1)),
    "named template": ("a.gguf", gguf(gguf_text("tokenizer.chat_template.tool", "{{ cycler.x }}"), key_count=1)),
    "onnx upwards": ("a.onnx", onnx("../../etc/passwd")),
    "onnx absolute": ("a.onnx", onnx("/etc/passwd")),
    "onnx address": ("a.onnx", onnx("file:///etc/passwd")),
    "onnx backslashes": ("a.onnx", onnx("..\\x")),
    "onnx in a branch": ("a.onnx", onnx("../x", inside="subgraph")),
    "onnx in a function": ("a.onnx", onnx("../x", inside="function")),
    "onnx of noise": ("a.onnx", b"\x08\x08\xff\xff\xff"),
    "npy that is a pickle": ("a.npy", EVIL),
    "npy of code": ("a.npy", b"\x93NUMPY\1\0" + struct.pack("<H", 20) + b"__import__('os')    "),
    "npy too short": ("a.npy", b"\x93NUMPY\1\0" + struct.pack("<H", 58)
                      + b"{'descr': '<f8', 'fortran_order': False, 'shape': (9,)}".ljust(57) + b"\n"),
}  # fmt: skip

TEXTS: dict[str, tuple[str, bytes]] = {
    "yaml object": ("a.yaml", b"a: !!python/object/apply:os.system ['echo']"),
    "yaml tag": ("a.yml", b"a: !<tag:yaml.org,2002:python/object/apply:os.system> ['echo']"),
    "yaml handle": ("a.yaml", b"%TAG !e! tag:yaml.org,2002:python/\n---\na: !e!object/apply:os.system ['echo']"),
    "template": ("tokenizer_config.json", json.dumps({"chat_template": "{{ ''.__class__ }}"}).encode()),
    "one of templates": (
        "tokenizer_config.json",
        json.dumps({"chat_template": [{"name": "x", "template": "{% if ().__class__ %}"}]}).encode(),
    ),
    "template alone": ("chat_template.jinja", b"{{ lipsum.__globals__ }}"),
    "deep JSON": ("a.json", b"[" * 100_000 + b"]" * 100_000),
    "deep objects": ("a.json", b'{"a":' * 65 + b"1" + b"}" * 65),
    "deep and spoken": ("a.json", b'{"module":[' * 33 + b"1" + b"]}" * 33),
    "no JSON": ("config.json", b"import os"),
    "binary text": ("README.md", b"# A\0B"),
    "Latin text": ("README.md", b"\xe9"),
    "image with a zip": ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(30) + _ZIP),
    "image that is none": ("a.png", b"GIF89a" + bytes(30)),
    "csv that is a program": ("a.csv", b"\x7fELF" + bytes(40)),
    "types of Python": ("a.arrow", b"ARROW1\0\0" + b"ARROW:extension:name" + b"arrow.py_extension_type" + bytes(40)),
    "types in a footer": ("a.parquet", b"PAR1" + base64.b64encode(b"xx arrow.py_extension_type yy") + b"PAR1"),
    "trap in a text": ("notes.dat", b"I0x10\n0cos\nsystem\n(S'echo hi'\ntR."),
    "half a table": ("a.parquet", b"PAR1" + bytes(40)),
    "lambda": ("config.json", json.dumps({"class_name": "Lambda", "config": {}}).encode()),
}
