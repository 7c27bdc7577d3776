"""The structure of zip and tar archives: where readers could disagree on what is in it, it isn't understood."""

import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator

from hub.governance.scanning.findings import MALICIOUS, NotUnderstood
from hub.governance.scanning.limits import (
    FREE_UNPACKED,
    FREE_WITHIN,
    MAX_CHECKED,
    MAX_CHECKED_MEMBER,
    MAX_MEMBER_IN_MEMORY,
    MAX_MEMBERS,
    MAX_NAME,
    MAX_RATIO,
    MAX_UNPACKED,
)
from hub.governance.scanning.opened import opened
from hub.governance.scanning.source import Source, of_bytes

_END, _LOCAL = b"PK\x05\x06", b"PK\x03\x04"
_LOCAL_SIZE = 30
_DESCRIPTOR, _MAX_DESCRIPTOR = 8, 24
# Deflated with a data descriptor, and names in UTF-8: all that writers set.
_FLAGS = 0x0008 | 0x0800 | 0x0006

_SECOND_NAMES = (0x7075, 0x6375)


def check_name(name: str) -> None:
    """Raises `NotUnderstood` (malicious) for a path that leads out of the folder it is unpacked in."""
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or (len(parts[0]) > 1 and parts[0][1] == ":"):
        raise NotUnderstood(f"a member of the archive leads out of it: {name[:80]!r}", MALICIOUS)
    if not name or len(name) > MAX_NAME or "\\" in name or not name.isprintable():
        raise NotUnderstood(f"a member of the archive has a name that is none: {name[:80]!r}")


def has_zip_at_end(source: Source) -> bool:
    """Whether a reader of zip files would find one at the end of it."""
    tail = source.tail(65_557)
    at = tail.rfind(_END)
    while at >= 0:
        if at + 22 <= len(tail) and at + 22 + int.from_bytes(tail[at + 20 : at + 22], "little") == len(tail):
            return True
        at = tail.rfind(_END, 0, at)
    return False


class Zip:
    """A zip archive whose structure is sound: every reader finds the same members with the same bytes.

    `members` by name, folders left out. Raises `NotUnderstood`.
    """

    def __init__(self, source: Source, *, is_within: bool = False) -> None:
        self._source = source
        try:
            self._zip = zipfile.ZipFile(opened(source))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error) as error:
            raise NotUnderstood(f"it is no sound zip archive ({str(error)[:80]})") from error
        infos = self._zip.infolist()
        _check_count(infos)
        _check_ratios(infos, is_within=is_within)
        self._check_end()
        self._check_spans(infos)
        self.members = {info.filename: info for info in infos if not info.is_dir()}
        self._starts: dict[str, int] = {}
        self._checked = 0

    def _check_end(self) -> None:
        """The end record must be the last bytes; a comment could hold another one. It counts what there is."""
        tail = self._source.tail(22)
        if tail[:4] != _END or tail[20:22] != b"\0\0":
            raise NotUnderstood("a zip archive has a comment, or bytes behind its end")
        disk, first, here, count = struct.unpack("<4H", tail[4:12])
        if disk or first or here != count or count not in (len(self._zip.infolist()), 0xFFFF):
            raise NotUnderstood("a zip archive's end counts other members than its directory has")

    def _check_spans(self, infos: list[zipfile.ZipInfo]) -> None:
        """Members lie one behind the other from the first byte to the directory, with nothing between."""
        end = room = 0
        for info in sorted(infos, key=lambda one: one.header_offset):
            _check_gap(info.header_offset - end, room)
            end = _check_local(self._source, info) + info.compress_size
            room = _MAX_DESCRIPTOR if info.flag_bits & _DESCRIPTOR else 0
        _check_gap(self._zip.start_dir - end, room)

    def open(self, name: str, most: int = MAX_MEMBER_IN_MEMORY) -> Source:
        """A member's bytes, unpacked, its checksum verified as far as checksums are."""
        info = self.members[name]
        if info.compress_type == zipfile.ZIP_STORED:
            source = self._source.part(_check_local(self._source, info), info.file_size)
            self._check_sum(source, info)
            return source
        if info.file_size > most:
            raise NotUnderstood(f"{name[:80]} unpacks to more than is looked at")
        return of_bytes(self._unpack(info))

    def _unpack(self, info: zipfile.ZipInfo) -> bytes:
        packed = self._source.read(_check_local(self._source, info), info.compress_size)
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            data = unpacker.decompress(packed, info.file_size + 1)
        except zlib.error as error:
            raise NotUnderstood(f"{info.filename[:80]} doesn't unpack ({str(error)[:60]})") from error
        if not unpacker.eof or unpacker.unused_data:
            raise NotUnderstood(f"{info.filename[:80]} has more packed bytes than it unpacks to, or fewer")
        if len(data) != info.file_size or zlib.crc32(data) != info.CRC:
            raise NotUnderstood(f"{info.filename[:80]} unpacks to other bytes than it announces")
        return data

    def _check_sum(self, source: Source, info: zipfile.ZipInfo) -> None:
        if source.size > MAX_CHECKED_MEMBER or self._checked + source.size > MAX_CHECKED:
            return
        self._checked += source.size
        crc = 0
        for piece in source.pieces():
            crc = zlib.crc32(piece, crc)
        if crc != info.CRC:
            raise NotUnderstood(f"{info.filename[:80]} has another checksum than it announces")


def _check_gap(gap: int, room: int) -> None:
    """Before the first member there is nothing, behind each its descriptor at most."""
    if not 0 <= gap <= room:
        raise NotUnderstood("a zip archive's members overlap, or other bytes lie between them")


def _check_count(infos: list[zipfile.ZipInfo]) -> None:
    if len(infos) > MAX_MEMBERS:
        raise NotUnderstood(f"an archive has more than {MAX_MEMBERS:,} members")
    if len({info.filename.rstrip("/").lower() for info in infos}) != len(infos):
        raise NotUnderstood("an archive has two members of one name")
    if sum(info.file_size for info in infos if info.compress_type) > MAX_UNPACKED:
        raise NotUnderstood("an archive unpacks to more than is looked at")
    for info in infos:
        _check_info(info)


def _check_ratios(infos: list[zipfile.ZipInfo], *, is_within: bool) -> None:
    if not is_within and sum(info.file_size for info in infos if info.compress_type) <= FREE_UNPACKED:
        return
    if any(info.file_size > max(info.compress_size * MAX_RATIO, FREE_WITHIN) for info in infos):
        raise NotUnderstood(f"a member of the archive unpacks to more than {MAX_RATIO} times its size")


def _check_info(info: zipfile.ZipInfo) -> None:
    check_name(info.filename)
    if info.orig_filename != info.filename:
        raise NotUnderstood("a member of the archive has a name that readers cut in different ways")
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise NotUnderstood(f"a member of the archive is a link or a device: {info.filename[:80]!r}", MALICIOUS)
    if info.is_dir() and info.file_size:
        raise NotUnderstood("a folder of the archive has bytes of its own")
    if info.flag_bits & 1:
        raise NotUnderstood("a member of the archive is encrypted")
    if info.flag_bits & ~_FLAGS or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise NotUnderstood("a member of the archive is packed in a way that is not known here")
    if info.compress_type == zipfile.ZIP_STORED and info.file_size != info.compress_size:
        raise NotUnderstood("a member of the archive has two sizes")


def _check_local(source: Source, info: zipfile.ZipInfo) -> int:
    """Where a member's bytes begin. What stands before them must say the same as the directory."""
    head = source.read(info.header_offset, _LOCAL_SIZE)
    if len(head) < _LOCAL_SIZE or head[:4] != _LOCAL:
        raise NotUnderstood("a zip archive's directory leads to something that is no member")
    _, _, flags, method, _, _, crc, packed, size, name_size, extra_size = struct.unpack("<4s5H3I2H", head)
    name = source.read(info.header_offset + _LOCAL_SIZE, name_size)
    coding = "utf-8" if flags & 0x800 else "cp437"
    if name.decode(coding, "replace") != info.orig_filename or flags != info.flag_bits or method != info.compress_type:
        raise NotUnderstood("a member's own header and the zip archive's directory disagree")
    _check_extra(info.extra)
    _check_extra(source.read(info.header_offset + _LOCAL_SIZE + name_size, extra_size))
    told = flags & _DESCRIPTOR or 0xFFFFFFFF in (packed, size)
    if not told and (crc, packed, size) != (info.CRC, info.compress_size, info.file_size):
        raise NotUnderstood("a member's own header and the zip archive's directory disagree on its size")
    return int(info.header_offset + _LOCAL_SIZE + name_size + extra_size)


def _check_extra(data: bytes) -> None:
    """No second name or comment, which only some readers prefer to the first."""
    while len(data) >= 4:
        kind, size = struct.unpack("<2H", data[:4])
        if kind in _SECOND_NAMES:
            raise NotUnderstood("a member of the archive has two names")
        data = data[4 + size :]


def tar_members(source: Source) -> Iterator[tuple[str, Source]]:
    """(name, bytes) of each file in it. Raises `NotUnderstood`."""
    names: set[str] = set()
    try:
        with tarfile.TarFile(fileobj=opened(source), errorlevel=2) as tar:
            end = 0
            for member in tar:
                check_name(member.name)
                _check_tar_member(member, names)
                end = member.offset_data + -(-member.size // 512) * 512
                if member.isfile():
                    yield member.name, source.part(member.offset_data, member.size)
    except (tarfile.TarError, ValueError, EOFError, OSError) as error:
        raise NotUnderstood(f"it is no sound tar archive ({str(error)[:80]})") from error
    _check_tar_end(source, end)


def _check_tar_member(member: tarfile.TarInfo, names: set[str]) -> None:
    if not (member.isreg() or member.isdir()) or member.issparse():
        raise NotUnderstood(f"a member of the archive is a link or a device: {member.name[:80]!r}", MALICIOUS)
    if member.name.lower() in names or len(names) == MAX_MEMBERS:
        raise NotUnderstood("an archive has two members of one name, or too many")
    if member.pax_headers.keys() - {"mtime", "atime", "ctime", "path"}:
        raise NotUnderstood("a tar archive has headers that readers take in different ways")
    names.add(member.name.lower())


def _check_tar_end(source: Source, end: int) -> None:
    """Behind the last member are zeros only: readers that go on would find more there."""
    if source.size - end < 1024 or source.size - end > 1 << 20 or any(source.read(end, source.size - end)):
        raise NotUnderstood("a tar archive has bytes behind its end")
