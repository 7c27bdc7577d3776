"""Pickle streams as an attacker would write them, byte by byte. Nothing unpickles them; all they would say is echo."""

import io
import pickle
import struct
from collections.abc import Iterator
from pathlib import Path

ARG = b"X\x07\x00\x00\x00echo hi"
_TEXT = b"echo hi"

# One callable each that runs, loads, writes or reaches out when it is called with a text, or leads to one that does.
GADGETS = (Path(__file__).parent / "gadgets.txt").read_text().split()


def gadgets() -> Iterator[tuple[str, bytes]]:
    """Each called in one of five ways, by turns, so that every way comes with many names."""
    ways = (protocol_0, protocol_2, protocol_4, with_memo, in_a_dict)
    for number, path in enumerate(GADGETS):
        module, _, name = path.rpartition(".")
        yield f"{path} {ways[number % len(ways)].__name__}", ways[number % len(ways)](module, name)


def protocol_0(module: str, name: str) -> bytes:
    return b"c" + module.encode() + b"\n" + name.encode() + b"\n(S'echo hi'\ntR."


def protocol_2(module: str, name: str) -> bytes:
    return b"\x80\x02c" + module.encode() + b"\n" + name.encode() + b"\nq\x00" + ARG + b"q\x01\x85q\x02Rq\x03."


def short(text: str) -> bytes:
    return b"\x8c" + bytes([len(text)]) + text.encode()


def framed(body: bytes) -> bytes:
    return b"\x80\x04\x95" + struct.pack("<Q", len(body)) + body


def protocol_4(module: str, name: str) -> bytes:
    return framed(short(module) + b"\x94" + short(name) + b"\x94\x93\x94" + short("echo hi") + b"\x94\x85\x94R\x94.")


def with_memo(module: str, name: str) -> bytes:
    """The names are put away, thrown away, and recalled."""
    put = short(module) + b"q\x070" + short(name) + b"r\x99\x00\x00\x000"
    return b"\x80\x04" + put + b"h\x07j\x99\x00\x00\x00\x93" + short("echo hi") + b"\x85R."


def in_a_dict(module: str, name: str) -> bytes:
    """Deep in what looks like a state dict, as the key of an entry."""
    call = b"c" + module.encode() + b"\n" + name.encode() + b"\n" + ARG + b"\x85R"
    return b"\x80\x02ccollections\nOrderedDict\n)R(X\x06\x00\x00\x00weightK\x01" + call + b"K\x02u."


_SYSTEM = b"cos\nsystem\n"

# Ways to call, to name and to hide.
TRICKS: dict[str, bytes] = {
    "reduce": b"\x80\x02" + _SYSTEM + ARG + b"\x85R.",
    "inst": b"(S'echo hi'\nios\nsystem\n.",
    "obj": b"(" + _SYSTEM + b"S'echo hi'\no.",
    "newobj": b"\x80\x02" + _SYSTEM + ARG + b"\x85\x81.",
    "newobj_ex": b"\x80\x04" + _SYSTEM + ARG + b"\x85}\x92.",
    "build": b"\x80\x02ccollections\nOrderedDict\n)R}X\x0c\x00\x00\x00__setstate__" + _SYSTEM + b"sb" + ARG + b"b.",
    "build of a name": b"\x80\x02ctorch\nFloatStorage\n}X\x01\x00\x00\x00aK\x01sb.",
    "extension 1": b"\x80\x02\x82\x01)R.",
    "extension 2": b"\x80\x02\x83\x01\x00)R.",
    "extension 4": b"\x80\x02\x84\x01\x00\x00\x00)R.",
    "persistent text": b"Pstorage\n.",
    "persistent value": b"\x80\x02X\x01\x00\x00\x00aQ.",
    "dotted name": b"\x80\x04" + short("collections") + short("OrderedDict.fromkeys.__globals__") + b"\x93)R.",
    "dotted into allowed": b"\x80\x04" + short("torch") + short("serialization.load") + b"\x93" + ARG + b"\x85R.",
    "joined alike": b"\x80\x04" + short("torch._utils._rebuild_tensor_v2") + short("") + b"\x93)R.",
    "module with blanks": b"\x80\x02c os\nsystem\n" + ARG + b"\x85R.",
    "carriage return": b"\x80\x02cos\r\nsystem\n" + ARG + b"\x85R.",
    "name by SHORT_BINSTRING": b"\x80\x04U\x02osU\x06system\x93" + ARG + b"\x85R.",
    "name by BINSTRING": b"\x80\x04T\x02\x00\x00\x00osT\x06\x00\x00\x00system\x93" + ARG + b"\x85R.",
    "name by UNICODE": b"\x80\x04Vos\nV\\u0073ystem\n\x93" + ARG + b"\x85R.",
    "name by escape": b"\x80\x04S'\\x6fs'\nS'\\163ystem'\n\x93" + ARG + b"\x85R.",
    "name by DUP": b"\x80\x04" + short("code") + b"2\x93" + ARG + b"\x85R.",
    "name under a mark": b"\x80\x04"
    + short("os")
    + b"("
    + short("junk")
    + b"1"
    + short("system")
    + b"\x93"
    + ARG
    + b"\x85R.",
    "name from a tuple": b"\x80\x04" + short("os") + short("system") + b"\x86" + b"\x93.",
    "memo overwritten": b"\x80\x04"
    + short("collections")
    + b"q\x000"
    + short("os")
    + b"q\x000"
    + b"h\x00"
    + short("system")
    + b"\x93"
    + ARG
    + b"\x85R.",
    "memo by number": b"\x80\x04" + short("os") + b"\x940" + short("system") + b"\x940h\x00h\x01\x93" + ARG + b"\x85R.",
    "memo as text": b"Vos\np0\n0Vsystem\np1\n0cos\nsystem\n(g1\ntR.",
    "call of a call": b"\x80\x02cbuiltins\ngetattr\ncos\nX\x06\x00\x00\x00system\x86R" + ARG + b"\x85R.",
    "call of what an allowed one gave": b"\x80\x02ccollections\nCounter\n)R)R.",
    "an allowed one lent": b"\x80\x02ctorch._tensor\n_rebuild_from_type_v2\n("
    + _SYSTEM
    + b"ctorch\nTensor\n"
    + ARG
    + b"\x85}tR.",
    "storage lent": b"\x80\x02ctorch._tensor\n_rebuild_from_type_v2\n(ctorch\nfloat32\nctorch\nTensor\n)}tR.",
    "dtype called": b"\x80\x02ctorch\nfloat32\n)R.",
    "object array": b"\x80\x02cnumpy\ndtype\nX\x02\x00\x00\x00O8\x85R.",
    "rebuilt from a class": b"\x80\x02cnumpy.core.multiarray\n_reconstruct\ncos\nsystem\nK\x00\x85C\x01b\x87R.",
    "a codec by name": b"\x80\x02c_codecs\nencode\nX\x01\x00\x00\x00aX\x05\x00\x00\x00rot13\x86R.",
    "pickle in bytes": b"\x80\x03ctorch.storage\n_load_from_bytes\nC\x09cos\nabs\n.\x85R.",
    "pickle in a pickle": b"\x80\x03c_pickle\nloads\nC\x09cos\nabs\n.\x85R.",
    "thrown away": b"\x80\x02" + _SYSTEM + ARG + b"\x85R0N.",
    "behind the end": b"\x80\x02N." + _SYSTEM + b"(" + ARG + b"tR.",
    "third in a row": b"\x80\x02N.\x80\x02]." + protocol_4("os", "system"),
    "before the first": protocol_0("os", "system") + b"\x80\x02N.",
    "no stop": b"\x80\x02" + _SYSTEM + ARG + b"\x85R",
    "broken behind": b"\x80\x02" + _SYSTEM + ARG + b"\x85R\xff\xff.",
    "broken behind a plain one": b"\x80\x02]\xff.",
    "two left": b"\x80\x02NN.",
    "mark left": b"\x80\x02N(.",
    "out-of-band buffer": b"\x80\x05\x97.",
    "attribute of everything": b"\x80\x02X\x0e\x00\x00\x00__subclasses__.",
    "append to an object": b"\x80\x02ctorch\nTensor\n)RK\x01a.",
    "item into a name": b"\x80\x02ctorch\nTensor\nK\x01K\x02s.",
    "state that is a name": b"\x80\x02ccollections\nOrderedDict\n)Rctorch\nTensor\nb.",
    "set of a call": b"\x80\x04(" + _SYSTEM + ARG + b"\x85R\x91.",
}

# Valid for one reader and not for another, or read by them in different ways.
DIFFERENTIALS: dict[str, bytes] = {
    "hexadecimal INT": b"I0x10\n0" + protocol_0("os", "system"),
    "hexadecimal LONG": b"L0x10L\n0" + protocol_0("os", "system"),
    "octal INT": b"I0o17\n0" + protocol_0("os", "system"),
    "binary INT": b"I0b11\n0" + protocol_0("os", "system"),
    "underscored INT": b"I1_0\n0" + protocol_0("os", "system"),
    "padded INT": b"I 7 \n0" + protocol_0("os", "system"),
    "plain hexadecimal": b"I0x10\n.",
    "non-ASCII STRING": b"S'\xc3\xa9'\n0" + protocol_0("os", "system"),
    "plain non-ASCII": b"S'\xc3\xa9'\n.",
    "non-ASCII BINSTRING": b"U\x02\xc3\xa90" + protocol_0("os", "system"),
    "negative BINSTRING": b"T\xff\xff\xff\xff0" + protocol_0("os", "system"),
    "STRING without quotes": b"Secho\n.",
    "STRING with two quotes": b"S'a\"\n.",
    "FLOAT with blanks": b"F 1.0\n0" + protocol_0("os", "system"),
    "FLOAT underscored": b"F1_0.0\n0" + protocol_0("os", "system"),
    "memo index with a sign": b"Np+0\n0" + protocol_0("os", "system"),
    "memo never put": b"\x80\x02h\x05.",
    "PROTO in the middle": b"N\x80\x020" + protocol_0("os", "system"),
    "PROTO of nothing": b"\x80\x09" + protocol_0("os", "system"),
    "PROTO twice": b"\x80\x02\x80\x04N.",
    "opcode of a later protocol": b"\x80\x02" + short("os") + short("system") + b"\x93" + ARG + b"\x85R.",
    "frame too long": b"\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\x7f" + protocol_0("os", "system"),
    "frame too short": b"\x80\x04\x95\x01\x00\x00\x00\x00\x00\x00\x00" + short("os") + short("system") + b"\x93.",
    "frame in a frame": b"\x80\x04\x95\x0c\x00\x00\x00\x00\x00\x00\x00\x95\x02\x00\x00\x00\x00\x00\x00\x00N.",
    "LONG4 of negative length": b"\x80\x02\x8b\xff\xff\xff\xffN.",
    "BINUNICODE8 beyond all": b"\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\xffN.",
    "half a letter": b"\x80\x04\x8c\x02\xff\xfe.",
    "UNICODE with a half escape": b"V\\u00\n.",
    "mark below the stack": b"\x80\x02(t1.",
    "pop of nothing": b"\x80\x020N.",
    "get before put, text": b"g0\n.",
}


def benign() -> Iterator[tuple[str, bytes]]:
    """Plain values, as the standard pickler writes them in every protocol."""
    values = [None, True, 1, -5, 1 << 70, 1.5, "é", {"a": [1, (2, 3)], "b": {"c": None}}, ["x"] * 300, list(range(500))]
    for protocol in range(6):
        for number, value in enumerate(values):
            yield f"value {number} protocol {protocol}", pickle.dumps(value, protocol)
        yield f"set protocol {protocol}", pickle.dumps({1, 2}, protocol)
    file = io.BytesIO()
    pickler = pickle.Pickler(file, 4)
    pickler.dump({"epoch": 3})
    yield "framed", file.getvalue()
