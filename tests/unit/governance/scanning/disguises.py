"""Files that are fine as what they are taken for, and something else to another reader."""

import io
import json
import struct
import zipfile
import zlib

from tests.unit.governance.scanning.containers import gguf, gguf_text, onnx, patched, safetensors, tensor, text, zipped

_RUN = b"cos\nsystem\n(S'echo hi'\ntR."
_POPPED = b"0" + _RUN
# Old pickles that go on, stop nowhere, or write what only CPython reads; under any name that promises something else.
OLD: dict[str, bytes] = {
    "text behind": _RUN + b"\nand so on",
    "no end": _RUN[:-1] + b"# and so on",
    "hexadecimal": b"I0x10\n0" + _RUN + b"\n# end",
    "octal": b"I010\n0" + _RUN + b"\n# end",
    "blank": b"I 1\n0crunpy\nrun_path\n(S'x.py'\ntR.tail",
    "inst": b"(S'echo hi'\nios\nsystem\n.x\n",
    "obj": b"(cos\nsystem\nS'echo hi'\no.x\n",
    "a module of no list": b"I 1\n0cmine\nrun\n(S'x'\ntR.",
    "build": b"cmine\nthing\n}b.x",
    "append": b"cmine\nthing\nI1\na.x",
    "far memo": b"Nr    0" + _RUN + b"x",
    "only named": b"cmine\nthing\n.",
}
NAMES = ("a.txt", "a.json", "README.md", "a.csv", "a.dat", "weights", "vocab.txt", "a.model", "a.py", "a.yaml")
_IN_HEADER = b'{"a":{"dtype":"U8","shape":[64],"data_offsets":[0,64]}}'.ljust(0x56)
_SHOWN = "{{ x[%s] }}"
_STEP = struct.pack("<IQIQ", 1, 8, 0, 0)
_ZIP = zipped({"a.txt": b"hello hello"})
_NPY_HEADER = b"{'descr': '|u1', 'fortran_order': False, 'shape': (%d,)}" % len(_ZIP)
_NPY = b"\x93NUMPY\1\0" + struct.pack("<H", 70) + _NPY_HEADER.ljust(70)
_AT = _ZIP.index(b"PK\5\6")


def _hole(offset: int, body: bytes) -> bytes:
    head = gguf(tensors=text("a") + struct.pack("<IQIQ", 1, 8, 0, offset), tensor_count=1)
    return head.ljust(-(-len(head) // 32) * 32, b"\0") + body


def _with_extra(kind: int, data: bytes) -> bytes:
    info = zipfile.ZipInfo("a.txt")
    info.extra = struct.pack("<HH", kind, len(data)) + data
    return _written(info, b"hello")


def _written(info: zipfile.ZipInfo, data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(info, data)
    return file.getvalue()


def _more_packed() -> bytes:
    data = zipped({"a.txt": b"hello"}, zipfile.ZIP_DEFLATED)
    at, packed = data.index(b"PK\1\2"), 35
    body, size = data[packed:at] + b"TRAILER", at - packed
    end = data.index(b"PK\5\6")
    longer = struct.pack("<I", len(body))
    local = data[:18] + longer + data[22:packed]
    directory = data[at : at + 20] + longer + data[at + 24 : end]
    assert size > 0
    return local + body + directory + data[end : end + 16] + struct.pack("<I", packed + len(body)) + data[end + 20 :]


FILES: dict[str, tuple[str, bytes]] = {
    "gif": ("a.gif", b"GIF89a\1\1\1" + _POPPED),
    "gif without a name": ("weights", b"GIF87a\1\1\1" + _POPPED + bytes(3_000)),
    "bmp": ("a.bmp", b"BM\0\0\0" + b"x" * 77 + _POPPED),
    "mp4": ("a.mp4", b"U\x06abftyp" + _POPPED),
    "mp4 with a frame": ("a.mp4", b"U\x06abftyp0\x95" + bytes(8) + _RUN),
    "safetensors": ("a.safetensors", struct.pack("<Q", 0x56) + _IN_HEADER + (b"\n" + _POPPED).ljust(64, b"\0")),
    "text in a zip": ("a.zip", zipped({"a.txt": _RUN + b"zz"})),
    "npy with a zip": ("a.npy", _NPY + _ZIP),
    "gguf of metadata and more": ("a.gguf", gguf(gguf_text("a", "x"), key_count=1) + b"A" * 99),
    "gguf with a hole": ("a.gguf", _hole(1 << 12, bytes((1 << 12) + 32))),
    "gguf key of none": ("a.gguf", gguf(gguf_text("", "x"), key_count=1)),
    "gguf key of control letters": ("a.gguf", gguf(gguf_text("a\0b", "x"), key_count=1)),
    "gguf truth": ("a.gguf", gguf(text("a") + struct.pack("<IB", 7, 9), key_count=1)),
    "gguf alignment as text": ("a.gguf", gguf(gguf_text("general.alignment", "32"), key_count=1)),
    "gguf templates in a list": (
        "a.gguf",
        gguf(text("tokenizer.chat_template") + struct.pack("<IIQ", 9, 8, 1) + text("{{ x.__class__ }}"), key_count=1),
    ),
    "zip count": ("a.zip", patched(_ZIP, _ZIP[_AT:], _ZIP[_AT:].replace(b"\1\0\1\0", b"\1\0\2\0", 1))),
    "zip of no members": ("a.zip", patched(_ZIP, _ZIP[_AT:], _ZIP[_AT:].replace(b"\1\0\1\0", bytes(4), 1))),
    "zip disk": ("a.zip", patched(_ZIP, _ZIP[_AT:], _ZIP[_AT:].replace(bytes(4), b"\1\0\0\0", 1))),
    "second name": ("a.zip", _with_extra(0x7075, struct.pack("<BI", 1, zlib.crc32(b"a.txt")) + b"b.pkl")),
    "turned name": ("a.zip", zipped({"a\u202etxt.exe": b"a"})),
    "more packed": ("a.zip", _more_packed()),
    "onnx by a variable": ("a.onnx", onnx("$HOME/x")),
    "ar": ("a.a", b"!<arch>\nfoo"),
    "keras module": (
        "a.keras",
        zipped({"config.json": b'{"module": "os", "class_name": "system", "config": {"command": "x"}}'}),
    ),
    "keras builtin": ("config.json", b'{"module": "builtins", "class_name": "function", "config": "exec"}'),
    "yaml percent": ("a.yaml", b"a: !!%70ython/object/apply:os.system ['echo']"),
    "yaml verbatim": ("a.yaml", b"a: !<tag:yaml.org,2002:%70ython/object/apply:os.system> [echo]"),
    "yaml parts": ("a.yaml", b"%TAG !p! tag:yaml.org,\n--- !p!2002:python/name:os.system"),
    "yaml percent parts": ("a.yaml", b"%TAG !p! tag:yaml.org,200%32:python/\n---\na: !p!object/apply:os.system [x]"),
    "front matter": ("README.md", b"---\na: !!python/object/apply:os.system ['echo']\n---\nhi\n"),
    "template by name": ("tokenizer_config.json", json.dumps({"chat_template": {"d": "{{ x.__class__ }}"}}).encode()),
    "template in a list": (
        "tokenizer_config.json",
        json.dumps({"chat_template": [{"name": "d", "template": "{{ x.__class__ }}"}]}).encode(),
    ),
}  # fmt: skip

TEMPLATES: tuple[str, ...] = (
    *(_SHOWN % part for part in (r"'\x5F\x5Fclass'", r"'\N{LOW LINE}'", r'"\U0000005f\137class__"', "'CLASS'|lower")),
    *(_SHOWN % part for part in ("('_','_','class')|join", "'__ssalc__'[::-1]", "'__claXss__'|replace('X','')")),
    r"{{ x|map(attribute='\137\137class\137\137')|list }}",
    r'{{ x|map(attribute="__\x63lass__") }}',
    "{{ x|map(attribute=y) }}",
    "{{ x|selectattr(y) }}",
    "{% set u = ('_','_')|join %}{{ x[u~'class'~u] }}",
    "{% set u = '%c%c'|format(95,95) %}{{ x[u~'class'~u] }}",
    "{% set u = 'a_b'[1] %}{% set c = u~u~'class'~u~u %}{{ x[c] }}",
    "{% set a = 'glo'~'bals' %}{{ namespace[a] }}",
    "{{ '{0.a}'.format(x) }}",
    "{%- import 'os' as x %}",
    "{% include '/etc/passwd' %}",
    "{% extends 'a' %}",
    "{{ url_for.x }}",
    "{{ request.application }}",
)
# Pickles without a bad name, whose objects nothing that reads them was made for.
_STORAGE = b"(X\x07\0\0\0storagectorch\nFloatStorage\nX\1\0\0\x000X\3\0\0\0cpuK\4tQ"
_VIEW = b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n(" + _STORAGE + b"%s\x89ccollections\nOrderedDict\n)RtR."
PLAIN: dict[str, bytes] = {
    "pair into a list": b"\x80\x02]K\x00K\x01s.",
    "item into a dictionary": b"\x80\x02}K\x00a.",
    "set's items into a list": b"\x80\x04](K\x01\x90.",
    "room": b"\x80\x02c__builtin__\nbytearray\n\x8a\x08\0\0\0\0\0\1\0\0\x85R.",
    "room for a tensor": b"\x80\x02ctorch\nTensor\n\x8a\x08\0\0\0\0\0\1\0\0\x85R.",
    "bytes of a number": b"\x80\x02c__builtin__\nbytes\nJ\0\0\0\x7f\x85R.",
    "far memo": b"\x80\x02Nr\xff\xff\xff\xff.",
}
# In a checkpoint whose one storage has four numbers.
TENSORS: dict[str, bytes] = {
    "pair into a storage": b"\x80\x02" + _STORAGE + b"K\x00K\x01s.",
    "item into a storage": b"\x80\x02" + _STORAGE + b"K\x00a.",
    "more than there is": _VIEW % b"K\x00K\x05\x85K\x01\x85",
    "before the first": _VIEW % b"J\xff\xff\xff\xffK\x01\x85K\x01\x85",
    "far strides": _VIEW % b"K\x00K\x02\x85M\xff\xff\x85",
    "two shapes": _VIEW % b"K\x00K\x02\x85)",
}
WHOLE = _VIEW % b"K\x00K\x04\x85K\x01\x85"
# What real files say that comes near to one of the above.
FINE: dict[str, tuple[str, bytes]] = {
    "a list of words": ("platforms.txt", b"ios\nandroid\nweb."),
    "words in lines": ("vocab.txt", b"cat\ndog\n)\nR\nelephant\n"),
    "a number": ("notes.txt", b"Nr. 12 is the first.\n"),
    "a title": ("rows.csv", b"Text,Label\nBest,1\n"),
    "keras": ("config.json", b'{"module": "keras.layers", "class_name": "Dense", "config": {"units": 1}}'),
    "keras function": ("config.json", b'{"module": "builtins", "class_name": "function", "config": "relu"}'),
    "front matter": ("README.md", b"---\nlicense: mit\n---\nUse `!!python/object` never.\n"),
    "safetensors": ("a.safetensors", safetensors({"a": tensor(2)}, b"ab")),
}
FINE_TEMPLATES: tuple[str, ...] = (
    "{%- for m in messages[::-1] %}{{ messages[loop.index0 - 1]['role'] + '\\n' + m.content.split('</think>')[-1] }}"
    "{%- endfor %}",
    "{{ '<|im_start|>' + m['role'] + '\\n' }}{{ 'Answer the request. Use [INST] and {\"name\": x}.' }}",
    "{% set tools = tools | selectattr('type', 'equalto', 'function') | map(attribute='function') | list %}",
    "{{ key|tojson(ensure_ascii=false) }}{{ '[' }}{{ value['a']|upper == 'STRING' }}{{ x|replace('_', ' ') }}",
    "{% set role = 'model' if m['role'] == 'assistant' else m['role'] %}{{ x|replace('-', '_') }}",
    "{%- macro f(a, b=[]) -%}{%- for attr in b -%}{{ ' ' + attr[0] + '=\"' }}{%- endfor -%}{%- endmacro -%}",
)
