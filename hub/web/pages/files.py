"""A folder of a repository, and one file of it."""

import csv
import io
from dataclasses import dataclass
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.errors import BadWeights
from hub.catalog.weights import Weights, is_weights, read_weights
from hub.storage.services import read_range
from hub.web import markdown
from hub.web.pages import links, repo, words
from hub.web.pages.links import Link
from hub.web.pages.revisions import Picker, picker
from hub.web.pages.versions import CommitRow, commit_row

PER_PAGE = 500
MAX_SHOWN = 512_000
MAX_TABLE = 256_000
MAX_ROWS = 200
MAX_LINES = 5_000
MAX_TENSORS = 1_000
_MAX_HEADER = 2_000_000
_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif")
_TABLES = {".csv": ",", ".tsv": "\t"}
_NOTHING = SafeString("")


@dataclass(frozen=True)
class EntryRow:
    name: str
    url: str
    is_folder: bool
    size: int
    is_lfs: bool
    digest: str
    raw_url: str
    last: CommitRow | None


@dataclass(frozen=True)
class TreePage:
    title: str
    banner: repo.Banner
    picker: Picker
    crumbs: tuple[Link, ...]
    entries: tuple[EntryRow, ...]
    parent_url: str
    next_url: str


@dataclass(frozen=True)
class FilePage:
    title: str
    banner: repo.Banner
    picker: Picker
    crumbs: tuple[Link, ...]
    size: int
    raw_url: str
    oid: str
    sha256: str
    is_lfs: bool
    view: str
    html: SafeString
    lines: tuple[SafeString, ...]
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    cut: str


@dataclass(frozen=True)
class Shown:
    """How a file's content is shown: markdown, image, table, text or none."""

    view: str
    html: SafeString = _NOTHING
    lines: tuple[SafeString, ...] = ()
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    cut: str = ""


def build_tree(viewer: Viewer, address: repo.Address, *, after: str | None, origin: str) -> TreePage:
    path = address.path
    place = repo.find(viewer, address)
    found = catalog.list_tree(place.revision, path, recursive=False, expand=True, after=after, limit=PER_PAGE)
    here = links.tree_url(*place.at, path)
    up = path.rpartition("/")[0]
    return TreePage(
        title=f"{path or 'Files'} · {place.repo.full_name}",
        banner=repo.banner(place, "files", "" if path else origin),
        picker=picker(place, lambda name: links.tree_url(*place.at[:2], name, path)),
        crumbs=_crumbs(place, path),
        entries=tuple(_entry(place, entry) for entry in _folders_first(found.entries)),
        parent_url=links.tree_url(*place.at, up) if path else "",
        next_url=f"{here}?after={found.next}" if found.next else "",
    )


def build_file(viewer: Viewer, address: repo.Address) -> FilePage:
    path = address.path
    place = repo.find(viewer, address)
    file = catalog.find_file(viewer, address.kind, address.owner, address.name, address.revision, path)
    shown = show(file, place, path)
    return FilePage(
        title=f"{path} · {place.repo.full_name}",
        banner=repo.banner(place, "files", path=path),
        picker=picker(place, lambda name: links.file_url(*place.at[:2], name, path)),
        crumbs=_crumbs(place, path),
        size=file.size,
        raw_url=links.raw_url(*place.at, path),
        oid=file.oid,
        sha256=file.sha256 or "",
        is_lfs=file.is_lfs,
        view=shown.view,
        html=shown.html,
        lines=shown.lines,
        header=shown.header,
        rows=shown.rows,
        cut=shown.cut,
    )


def show(file: Any, place: repo.Place, path: str) -> Shown:
    lower = path.lower()
    if lower.endswith(_IMAGES):
        return Shown("image")
    if is_weights(path):
        return _tensors(file, path)
    text = _text(repo.content_of(file, MAX_SHOWN)) if file.size <= MAX_SHOWN else None
    if text is None:
        return Shown("none")
    if lower.endswith((".md", ".markdown")):
        base = markdown.Base(*place.at, folder=path.rpartition("/")[0])
        return Shown("markdown", html=markdown.render(markdown.without_metadata(text), base))
    separator = next((mark for suffix, mark in _TABLES.items() if lower.endswith(suffix)), "")
    if separator and file.size <= MAX_TABLE:
        return _table(text, separator)
    return _lines(text, path)


def _tensors(file: Any, path: str) -> Shown:
    """What a weights file holds, by its header; not shown when that is broken or too long to read for a page."""

    def read(start: int, length: int) -> bytes:
        if length > _MAX_HEADER:
            raise BadWeights(f"The header of {path} is longer than this page reads.")
        return (
            bytes(file.data[start : start + length])
            if file.data is not None
            else read_range(sha256=file.sha256, start=start, length=length)
        )

    try:
        weights: Weights = read_weights(path, file.size, read)
    except BadWeights:
        return Shown("none")
    shown = weights.tensors[:MAX_TENSORS]
    count = words.plural(len(weights.tensors), "tensor")
    cut = f"{count}; the first {len(shown):,} are shown." if len(shown) < len(weights.tensors) else count
    rows = tuple((each.name, each.dtype, " × ".join(map(str, each.shape)) or "one number") for each in shown)
    return Shown("table", header=("Tensor", "Type", "Shape"), rows=rows, cut=cut)


def _text(data: bytes) -> str | None:
    """The bytes as text; None when they are something else."""
    if b"\0" in data:
        return None
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _table(text: str, separator: str) -> Shown:
    rows = []
    try:
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            rows.append(tuple(row))
            if len(rows) > MAX_ROWS:
                break
    except csv.Error:
        return _lines(text, "")
    cut = f"The first {MAX_ROWS} rows are shown." if len(rows) > MAX_ROWS else ""
    return Shown("table", header=rows[0] if rows else (), rows=tuple(rows[1 : MAX_ROWS + 1]), cut=cut)


def _lines(text: str, path: str) -> Shown:
    all_lines = text.splitlines()
    shown = "\n".join(all_lines[:MAX_LINES])
    html = markdown.coloured_file(shown, path) or escape(shown)
    cut = f"The first {MAX_LINES:,} of {len(all_lines):,} lines are shown." if len(all_lines) > MAX_LINES else ""
    lines = tuple(mark_safe(line) for line in html.split("\n"))  # noqa: S308 - escaped or made by the highlighter
    return Shown("text", lines=lines, cut=cut)


def _folders_first(entries: Any) -> list[Any]:
    return sorted(entries, key=lambda entry: (entry.type != "directory", entry.path.lower()))


def _entry(place: repo.Place, entry: Any) -> EntryRow:
    is_folder = entry.type == "directory"
    return EntryRow(
        name=entry.path.rpartition("/")[2],
        url=links.tree_url(*place.at, entry.path) if is_folder else links.file_url(*place.at, entry.path),
        is_folder=is_folder,
        size=entry.size,
        is_lfs=entry.lfs is not None,
        digest=entry.lfs.sha256 if entry.lfs else entry.oid,
        raw_url="" if is_folder else links.raw_url(*place.at, entry.path),
        last=commit_row(place.repo, entry.last_commit) if entry.last_commit else None,
    )


def _crumbs(place: repo.Place, path: str) -> tuple[Link, ...]:
    parts = path.split("/") if path else []
    steps = [Link(part, links.tree_url(*place.at, "/".join(parts[: at + 1]))) for at, part in enumerate(parts)]
    return (Link(place.repo.name, links.tree_url(*place.at)), *steps)
