"""The rows of data files, a page at a time."""

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any

from hub.catalog.errors import BadTable
from hub.catalog.selectors.files import FileAt
from hub.catalog.tables import Cursor, Read, Table
from hub.catalog.tables.arrow import read_arrow
from hub.catalog.tables.delimited import read_delimited
from hub.catalog.tables.jsonrows import read_json_lines, read_json_list
from hub.catalog.tables.parquet import read_parquet
from hub.storage.services import reader

_READERS = {
    ".parquet": read_parquet,
    ".arrow": read_arrow,
    ".csv": read_delimited,
    ".tsv": read_delimited,
    ".tab": read_delimited,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".json": read_json_list,
}
_MAX_PATTERNS = 50


def has_rows(path: str) -> bool:
    """Whether a file of that name may be read as rows."""
    return _suffix(path) in _READERS


def read_rows(file: FileAt, *, at: Cursor = Cursor(), limit: int = 100) -> Table:  # noqa: B008 - it is frozen
    """Rows of the file from `at`. Raises `BadTable`."""
    read_page = _READERS.get(_suffix(file.path))
    if read_page is None:
        raise BadTable(f"{file.path} is not of a format that is read as rows: {', '.join(sorted(_READERS))}.")
    if not 0 <= at.byte <= file.size or at.row < 0:
        raise BadTable(f"{file.path} has no such row.")
    return read_page(file.path, file.size, reader_of(file), at=at, limit=limit)


def reader_of(file: FileAt) -> Read:
    """Reads parts of the file: `read(start, length)`."""
    if file.sha256 is not None:
        return reader(sha256=file.sha256)
    data = file.data or b""
    return lambda start, length: data[start : start + length]


def main_data_file(metadata: dict[str, Any], sizes: Iterable[tuple[str, int]]) -> str:
    """The file that shows best what a data set holds: the first that its card names for training, else the largest
    of the files whose name says train, else the largest of all that have rows; empty when none has."""
    known = sorted((path, size) for path, size in sizes if has_rows(path))
    for pattern in _patterns(metadata.get("configs"))[:_MAX_PATTERNS]:
        found = [path for path, _ in known if path == pattern or fnmatchcase(path, pattern.replace("**/", "*"))]
        if found:
            return found[0]
    tables = [item for item in known if not item[0].lower().endswith(".json")] or known
    training = [item for item in tables if "train" in item[0].lower()]
    return max(training or tables, key=lambda item: item[1], default=("", 0))[0]


def _patterns(configs: Any) -> list[str]:
    """Paths and patterns that the card's `configs` name, the default one's first, of each the training split first."""
    listed = [each for each in configs if isinstance(each, dict)] if isinstance(configs, list) else []
    listed.sort(key=lambda each: (each.get("default") is not True, each.get("config_name") != "default"))
    named: list[tuple[bool, str]] = []
    for config in listed:
        files = config.get("data_files")
        for item in files if isinstance(files, list) else [files]:
            split = item.get("split") if isinstance(item, dict) else "train"
            paths = item.get("path") if isinstance(item, dict) else item
            listed_paths = paths if isinstance(paths, list) else [paths]
            named += [(split != "train", path) for path in listed_paths if isinstance(path, str)]
    return [path for _, path in sorted(named, key=lambda item: item[0])]


def _suffix(path: str) -> str:
    name = path.lower().rpartition("/")[2]
    return f".{name.rpartition('.')[2]}" if "." in name else ""
