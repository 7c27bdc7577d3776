"""What a file is, by its first bytes; and what its name says that it is."""

from collections.abc import Callable

from hub.governance.scanning.arrays import MAGIC as NPY
from hub.governance.scanning.source import Source
from hub.governance.scanning.texts import is_text

TEXT, PICKLE, UNKNOWN = "text", "pickle", "unknown"
_STARTS: tuple[tuple[bytes, str], ...] = (
    (b"GGUF", "gguf"),
    (NPY, "npy"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\x04\x22\x4d\x18", "lz4"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!", "rar"),
    (b"!<arch>\n", "ar"),
    (b"\x89HDF\r\n\x1a\n", "hdf5"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"\0\0\1\0", "ico"),
    (b"BM", "bmp"),
    (b"fLaC", "flac"),
    (b"OggS", "ogg"),
    (b"ID3", "mp3"),
    (b"\xff\xfb", "mp3"),
    (b"\xff\xf3", "mp3"),
    (b"PAR1", "parquet"),
    (b"ARROW1", "arrow"),
    (b"%PDF-", "pdf"),
    (b"\xba\x16\x4f\x2f", "fasttext"),
    (b"\x7fELF", "program"),
    (b"MZ", "program"),
    (b"\xca\xfe\xba\xbe", "program"),
    (b"\xcf\xfa\xed\xfe", "program"),
    (b"\xfe\xed\xfa", "program"),
    (b"\0asm", "program"),
    (b"SQLite format 3\0", "sqlite"),
)
MEDIA = frozenset(["png", "jpeg", "gif", "tiff", "ico", "bmp", "webp", "flac", "ogg", "mp3", "wav", "mp4"])
# Suffixes of one packed file, whose name within says how that is read.
WRAPS = (".gz", ".bz2", ".xz", ".z", ".lzma", ".tgz")
# Suffixes that say what is inside; a content that is something else is a lie, or a mistake that ends as badly.
_PICKLED = {PICKLE, "zip", "tar", "gzip", "bzip2", "xz", "zlib"}
_TEXTS = (
    *("json", "jsonl", "ndjson", "md", "txt", "yaml", "yml", "toml", "ini", "cfg", "csv", "tsv", "html", "svg", "py"),
    *("pyi", "ipynb", "sh", "js", "jinja", "jinja2", "j2", "vocab", "merges", "lock", "rst", "xml", "css"),
)
_EXPECTED: dict[str, set[str]] = {
    ".safetensors": {"safetensors"},
    ".gguf": {"gguf"},
    ".onnx": {"onnx"},
    ".npy": {"npy"},
    ".npz": {"zip"},
    ".zip": {"zip"},
    ".tar": {"tar"},
    ".gz": {"gzip"},
    ".tgz": {"gzip"},
    ".bz2": {"bzip2"},
    ".xz": {"xz"},
    ".png": {"png"},
    ".jpg": {"jpeg"},
    ".jpeg": {"jpeg"},
    ".gif": {"gif"},
    ".webp": {"webp"},
    ".bmp": {"bmp"},
    ".ico": {"ico"},
    ".tif": {"tiff"},
    ".tiff": {"tiff"},
    ".wav": {"wav"},
    ".flac": {"flac"},
    ".mp3": {"mp3"},
    ".ogg": {"ogg"},
    ".parquet": {"parquet"},
    ".arrow": {"arrow"},
    ".ftz": {"fasttext"},
    ".spm": {"sentencepiece"},
    **dict.fromkeys((".pt", ".pth", ".ckpt", ".pkl", ".pickle", ".joblib", ".dill", ".pck", ".pcl"), _PICKLED),
    ".bin": {*_PICKLED, "fasttext"},
    **{f".{ending}": {TEXT} for ending in _TEXTS},
}


def suffix_of(path: str) -> str:
    """The ending of a name in lower case, with its dot; empty without one."""
    name = path.rpartition("/")[2].lower()
    stem, dot, ending = name.rpartition(".")
    return f".{ending}"[:32] if dot and stem else ""


def form_of(source: Source, suffix: str) -> str:
    """The format by content. Formats without a mark of their own are taken on the name's word, and then parsed."""
    head = source.head(1024)
    # An old pickle is a text as well: where the name promises a pickle, it is one.
    if suffix in _EXPECTED and PICKLE in _EXPECTED[suffix]:
        return _of_pickled(head)
    for test, form in _TESTS:
        if test(head, source):
            return form
    if suffix in (".onnx", ".spm", ".model") and head[:1] in (b"\x08", b"\x0a"):
        return "onnx" if suffix == ".onnx" else "sentencepiece"
    return TEXT if is_text(head) else UNKNOWN


def is_lie(suffix: str, form: str) -> bool:
    return suffix in _EXPECTED and form not in _EXPECTED[suffix]


def _of_pickled(head: bytes) -> str:
    if head[257:262] == b"ustar":
        return "tar"
    if head[:2] in (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda"):
        return "zlib"
    if _is_safetensors(head):
        return "safetensors"
    known = next((form for start, form in _STARTS if head.startswith(start)), PICKLE)
    # Two letters that a pickle may begin with as well.
    return PICKLE if known in ("bmp", "program") and head[:2] in (b"BM", b"MZ") else known


def _is_safetensors(head: bytes, _: Source | None = None) -> bool:
    return head[8:9] == b"{" and head[6:8] == b"\0\0"


def _is_riff(kind: bytes) -> Callable[[bytes, Source], bool]:
    return lambda head, _: head[:4] == b"RIFF" and head[8:12] == kind


def _starts(start: bytes) -> Callable[[bytes, Source], bool]:
    return lambda head, _: head.startswith(start)


_TESTS: tuple[tuple[Callable[[bytes, Source], bool], str], ...] = (
    (_is_safetensors, "safetensors"),
    (lambda head, _: head[257:262] == b"ustar", "tar"),
    (_is_riff(b"WEBP"), "webp"),
    (_is_riff(b"WAVE"), "wav"),
    (lambda head, _: head[4:8] == b"ftyp", "mp4"),
    (lambda head, _: head[:1] == b"\x80" and head[1:2] in b"\x02\x03\x04\x05" and len(head) > 2, PICKLE),
    *((_starts(start), form) for start, form in _STARTS),
)
