"""One file, from its first byte to a verdict."""

import bz2
import lzma
import zlib
from collections.abc import Callable
from typing import Any

from hub.governance.scanning import second
from hub.governance.scanning.archives import Zip, tar_members
from hub.governance.scanning.arrays import scan_npy
from hub.governance.scanning.checkpoints import is_checkpoint, scan_zip
from hub.governance.scanning.doubles import check_double
from hub.governance.scanning.findings import CLEAN, ERROR, SUSPICIOUS, UNSUPPORTED, Findings, NotUnderstood, worst
from hub.governance.scanning.kinds import MEDIA, PICKLE, TEXT, WRAPS, form_of, is_lie, suffix_of
from hub.governance.scanning.legacy import is_legacy, scan_legacy
from hub.governance.scanning.limits import (
    FREE_UNPACKED,
    FREE_WITHIN,
    MAX_MEMBER_IN_MEMORY,
    MAX_NESTING,
    MAX_PICKLE,
    MAX_RATIO,
)
from hub.governance.scanning.onnx import scan_onnx
from hub.governance.scanning.opcodes import Stream
from hub.governance.scanning.pickles import walk_all
from hub.governance.scanning.rules import DATE, SECOND, SECOND_VERSION
from hub.governance.scanning.sentencepiece import scan_sentencepiece
from hub.governance.scanning.source import Source, of_bytes
from hub.governance.scanning.tables import has_python_types
from hub.governance.scanning.tensors import scan_gguf, scan_safetensors
from hub.governance.scanning.texts import scan_text

OWN = "headstart"
_PACKED = {
    "gzip": lambda: zlib.decompressobj(16 + zlib.MAX_WBITS),
    "zlib": zlib.decompressobj,
    "bzip2": bz2.BZ2Decompressor,
    "xz": lambda: lzma.LZMADecompressor(memlimit=1 << 28),
}


def scan(path: str, source: Source) -> dict[str, Any]:
    """What is kept of it: the verdict, each scanner's opinion, and how much was read."""
    found = Findings()
    examine(path, source, found, 0)
    own = {"scanner": OWN, "version": DATE, "verdict": found.verdict, "reason": "; ".join(found.reasons)[:1000]}
    opinions, read = [own], source.covered
    if second.is_asked(found):
        verdict, reason = second.opinion(path, found.form, source)
        opinions.append({"scanner": SECOND, "version": SECOND_VERSION, "verdict": verdict, "reason": reason})
    told = found.told()
    return {
        "verdict": worst(one["verdict"] for one in opinions),
        "opinions": opinions,
        "coverage": {"read": read, "of": source.size}
        | {name: told[name] for name in ("format", "is_pickle", "is_code", "members")},
    }


def examine(path: str, source: Source, found: Findings, depth: int) -> None:
    """Add what is found in it; `depth` is how many archives it lies in."""
    try:
        _examine(path, source, found, depth)
        if found.verdict in (CLEAN, SUSPICIOUS) and found.form not in (PICKLE, "torch-legacy"):
            check_double(source, found)
    except NotUnderstood as error:
        found.add(error.verdict, error.reason)
    except RecursionError:
        found.add(UNSUPPORTED, "it is nested too deep")
    except Exception as error:  # noqa: BLE001 - a fault of the scanner: nothing is clean that it did not get through.
        found.add(ERROR, f"the scan failed: {type(error).__name__}")


def _examine(path: str, source: Source, found: Findings, depth: int) -> None:
    suffix = suffix_of(path)
    if source.size == 0:
        found.form = "empty"
        return
    form = found.form = form_of(source, suffix)
    if is_lie(suffix, form):
        found.add(UNSUPPORTED, f"its name ends in {suffix}, and it is {form}")
    if form in _SCANNERS:
        _SCANNERS[form](source, found)
    elif form == TEXT:
        scan_text(source, suffix, found)
    elif form in _PACKED:
        _unwrap(path, source, found, depth)
    elif form in ("zip", "tar"):
        (_scan_zip if form == "zip" else _scan_tar)(source, found, depth)
    else:
        _judge_unread(source, found)


def _judge_unread(source: Source, found: Findings) -> None:
    """Formats that are known by their beginning, and hold nothing that is run; all others aren't understood."""
    if found.form == "program":
        found.is_code = True
        found.add(SUSPICIOUS, "it is a program for a machine")
    elif found.form == "parquet" and source.tail(4) != b"PAR1":
        found.add(UNSUPPORTED, "it doesn't end as it begins")
    elif found.form in ("parquet", "arrow") and has_python_types(source):
        found.add(SUSPICIOUS, "its columns are of types that old loaders make by unpickling")
    elif found.form not in MEDIA | {"parquet", "arrow", "fasttext"}:
        found.add(UNSUPPORTED, f"files of the format {found.form} are not understood here")


def _scan_pickle(source: Source, found: Findings) -> None:
    found.form, found.is_pickle = "pickle", True
    if is_legacy(source):
        scan_legacy(source, found)
    elif source.size > MAX_PICKLE:
        raise NotUnderstood("it is longer than any pickle that is read here")
    else:
        walk_all(Stream(source), found)


def _scan_zip(source: Source, found: Findings, depth: int) -> None:
    archive = Zip(source, is_within=depth > 0)
    if is_checkpoint(archive):
        found.is_pickle = True
        scan_zip(archive, found)
        return
    _check_depth(depth)
    for name in archive.members:
        _member(name, archive.open(name, MAX_MEMBER_IN_MEMORY if depth else FREE_UNPACKED), found, depth)


def _scan_tar(source: Source, found: Findings, depth: int) -> None:
    _check_depth(depth)
    for name, member in tar_members(source):
        _member(name, member, found, depth)


def _member(name: str, member: Source, found: Findings, depth: int) -> None:
    inner = Findings()
    examine(name, member, inner, depth + 1)
    found.take(inner, name[:80])
    found.members += 1 + inner.members


def _unwrap(path: str, source: Source, found: Findings, depth: int) -> None:
    """One compressed file: it is what is in it."""
    _check_depth(depth)
    name = path.lower()
    inner = next((path[: -len(end)] for end in WRAPS if name.endswith(end)), path)
    if name.endswith(".tgz"):
        inner += ".tar"
    _member(
        inner, of_bytes(_unpacked(source, _PACKED[found.form], FREE_WITHIN if depth else FREE_UNPACKED)), found, depth
    )


def _unpacked(source: Source, make: Callable[[], Any], free: int) -> bytes:
    """All streams of it, one after the other; `free` bytes may be packed as well as can be."""
    unpacker, data, left = make(), bytearray(), b""
    for piece in source.pieces():
        left = piece
        while left:
            if unpacker.eof:
                unpacker = make()
            data += _step(unpacker, left, MAX_MEMBER_IN_MEMORY + 1 - len(data))
            left = _rest(unpacker)
            if len(data) > min(MAX_MEMBER_IN_MEMORY, max(source.size * MAX_RATIO, free)):
                raise NotUnderstood("it unpacks to more than is looked at")
    if not unpacker.eof:
        raise NotUnderstood("it ends in the middle of what is packed")
    return bytes(data)


def _step(unpacker: Any, data: bytes, most: int) -> bytes:
    try:
        return bytes(unpacker.decompress(data, most))
    except (zlib.error, OSError, lzma.LZMAError, EOFError, ValueError) as error:
        raise NotUnderstood("it doesn't unpack") from error


def _rest(unpacker: Any) -> bytes:
    return bytes(unpacker.unused_data if unpacker.eof else getattr(unpacker, "unconsumed_tail", b""))


def _check_depth(depth: int) -> None:
    if depth >= MAX_NESTING:
        raise NotUnderstood(f"it has more than {MAX_NESTING} archives within archives")


_SCANNERS: dict[str, Callable[[Source, Findings], None]] = {
    "safetensors": scan_safetensors,
    "gguf": scan_gguf,
    "onnx": scan_onnx,
    "npy": scan_npy,
    "sentencepiece": scan_sentencepiece,
    PICKLE: _scan_pickle,
}
