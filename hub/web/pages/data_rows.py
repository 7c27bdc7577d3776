"""The rows of a data file, a page at a time, and the first of them for the data set's own page."""

from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.errors import BadTable
from hub.catalog.tables import Cursor
from hub.core.errors import HubError
from hub.web.pages import files, links, reading, repo
from hub.web.pages.cells import Grid, grid
from hub.web.pages.links import Link
from hub.web.pages.revisions import Picker, picker

PER_PAGE = 100
FIRST_ROWS = 10


@dataclass(frozen=True)
class RowsPage:
    """`fault` stands in place of the rows of a file that can't be read so."""

    title: str
    banner: repo.Banner
    picker: Picker
    crumbs: tuple[Link, ...]
    file_url: str
    raw_url: str
    grid: Grid | None
    fault: str
    first_url: str
    next_url: str


@dataclass(frozen=True)
class FirstRows:
    """The beginning of a data set's main file."""

    path: str
    file_url: str
    rows_url: str
    grid: Grid | None
    fault: str


def build(viewer: Viewer, address: repo.Address, at: Cursor) -> RowsPage:
    path = address.path
    place = repo.find(viewer, address)
    file = reading.file_at(viewer, place.revision, path)
    found, fault, following = _read(file, at, PER_PAGE)
    here = links.rows_url(*place.at, path)
    return RowsPage(
        title=f"Rows of {path} · {place.repo.full_name}",
        banner=repo.banner(place, "files"),
        picker=picker(place, lambda name: links.rows_url(*place.at[:2], name, path)),
        crumbs=files.crumbs(place, path),
        file_url=links.file_url(*place.at, path),
        raw_url=links.raw_url(*place.at, path),
        grid=found,
        fault=fault,
        first_url=here if at.row else "",
        next_url=f"{here}?from={following.row}&at={following.byte}" if following else "",
    )


def first_rows(
    viewer: Viewer, place: repo.Place, metadata: dict[str, Any], sizes: list[tuple[str, int]]
) -> FirstRows | None:
    """None where no file has rows, or where the viewer may not read them."""
    path = catalog.main_data_file(metadata, sizes)
    if not path:
        return None
    try:
        file = reading.file_at(viewer, place.revision, path)
    except HubError:
        return None
    found, fault, _ = _read(file, Cursor(), FIRST_ROWS)
    return FirstRows(path, links.file_url(*place.at, path), links.rows_url(*place.at, path), found, fault)


def _read(file: Any, at: Cursor, limit: int) -> tuple[Grid | None, str, Cursor | None]:
    try:
        table = catalog.read_rows(file, at=at, limit=limit)
    except BadTable as error:
        return None, error.message, None
    return grid(table), "", table.next
