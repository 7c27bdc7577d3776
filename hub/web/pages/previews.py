"""How a file's content is shown. Everything is bounded: what is too large says so and offers the download."""

import codecs
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from hub.catalog import selectors as catalog
from hub.catalog.errors import BadTable, BadWeights
from hub.catalog.weights import Weights, is_weights, read_weights
from hub.core.text import storable
from hub.web import markdown
from hub.web.pages import links, repo, words
from hub.web.pages.cells import Cell, Grid, Head, grid

MAX_SHOWN = 512_000
MAX_LINES = 5_000
MAX_WIDTH = 2_000
MAX_TENSORS = 1_000
ROWS = 50
_MAX_HEADER = 2_000_000
_MAX_PRETTY = 200_000
_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif")
_SOUNDS = (".wav", ".mp3", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".aac")
_FILMS = (".mp4", ".webm", ".mov", ".ogv")
_MEDIA = {"image": _IMAGES, "audio": _SOUNDS, "video": _FILMS}
_NOTHING = SafeString("")


@dataclass(frozen=True)
class Shown:
    """`view` is one of markdown, image, audio, video, grid, text, none, refused; `cut` says what of it is shown."""

    view: str
    html: SafeString = _NOTHING
    lines: tuple[SafeString, ...] = ()
    grid: Grid | None = None
    cut: str = ""
    more_url: str = ""


def show(file: Any, place: repo.Place, path: str) -> Shown:
    lower = path.lower()
    for view, endings in _MEDIA.items():
        if lower.endswith(endings):
            return Shown(view)
    if is_weights(path):
        return _tensors(file, path)
    if catalog.has_rows(path) and not lower.endswith(".json"):
        shown = _rows(file, place, path)
        if shown:
            return shown
    return _words(file, place, path) if file.size <= MAX_SHOWN else Shown("none")


def _rows(file: Any, place: repo.Place, path: str) -> Shown | None:
    """The first rows; None for a file that can't be read so."""
    try:
        table = catalog.read_rows(file, limit=ROWS)
    except BadTable as error:
        return Shown("none", cut=error.message) if path.lower().endswith(".parquet") else None
    found = grid(table)
    return Shown("grid", grid=found, cut=found.note, more_url=links.rows_url(*place.at, path) if table.next else "")


def _tensors(file: Any, path: str) -> Shown:
    """What a weights file holds, by its header; not shown when that is broken or too long to read for a page."""
    reader = catalog.reader_of(file)

    def read(start: int, length: int) -> bytes:
        if length > _MAX_HEADER:
            raise BadWeights(f"The header of {path} is longer than this page reads.")
        return reader(start, length)

    try:
        weights: Weights = read_weights(path, file.size, read)
    except BadWeights:
        return Shown("none")
    shown = weights.tensors[:MAX_TENSORS]
    count = words.plural(len(weights.tensors), "tensor")
    cut = f"{count}; the first {len(shown):,} are shown." if len(shown) < len(weights.tensors) else count
    rows = [(each.name, each.dtype, " × ".join(map(str, each.shape)) or "one number") for each in shown]
    heads = tuple(Head(name, "", "") for name in ("Tensor", "Type", "Shape"))
    numbered = tuple((at, tuple(Cell(text) for text in row)) for at, row in enumerate(rows, 1))
    return Shown("grid", grid=Grid(heads, numbered, cut), cut=cut)


def _words(file: Any, place: repo.Place, path: str) -> Shown:
    text, note = decoded(repo.content_of(file, MAX_SHOWN))
    if text is None:
        return Shown("none")
    if path.lower().endswith((".md", ".markdown")):
        base = markdown.Base(*place.at, folder=path.rpartition("/")[0])
        return Shown("markdown", html=markdown.render(markdown.without_metadata(text), base), cut=note)
    if path.lower().endswith((".json", ".jsonld", ".geojson")):
        text, note = _pretty(text, note)
    lines, cut = coloured(text, path)
    return Shown("text", lines=lines, cut=" ".join(part for part in (note, cut) if part))


def decoded(data: bytes) -> tuple[str | None, str]:
    """The bytes as text and what to say about it; None when they are something else."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace"), "UTF-16 text."
    if b"\0" in data:
        return None, ""
    try:
        return data.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    odd = sum(not (character.isprintable() or character in "\t\r\n\f") for character in text[:10_000])
    return (text, "Not UTF-8: read as Latin-1.") if odd * 50 < len(text[:10_000]) else (None, "")


def _pretty(text: str, note: str) -> tuple[str, str]:
    """JSON that stands in one long line gets lines of its own."""
    if len(text) > _MAX_PRETTY or text.count("\n") * 200 > len(text):
        return text, note
    try:
        pretty = json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text, note
    return storable(pretty), f"{note} Line breaks were added.".strip()


@lru_cache(maxsize=64)
def coloured(text: str, path: str) -> tuple[tuple[SafeString, ...], str]:
    """The lines as HTML, and what of them is shown."""
    whole = text.splitlines()
    cut = [line if len(line) <= MAX_WIDTH else f"{line[:MAX_WIDTH]}…" for line in whole[:MAX_LINES]]
    shown = "\n".join(cut)
    html = markdown.coloured_file(shown, path) or escape(shown)
    notes = [f"The first {MAX_LINES:,} of {len(whole):,} lines are shown."] if len(whole) > MAX_LINES else []
    if cut != whole[:MAX_LINES]:
        notes.append(f"Lines of more than {MAX_WIDTH:,} characters are cut.")
    lines = tuple(mark_safe(line) for line in html.split("\n"))  # noqa: S308 - escaped or made by the highlighter
    return lines, " ".join(notes)
