"""A folder of a repository, and one file of it."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.weights import is_weights
from hub.web.pages import links, reading, repo, verdict_panel, verdicts
from hub.web.pages.links import Link
from hub.web.pages.previews import Shown, show
from hub.web.pages.revisions import Picker, picker
from hub.web.pages.versions import CommitRow, commit_row

PER_PAGE = 500


@dataclass(frozen=True)
class EntryRow:
    name: str
    url: str
    is_folder: bool
    size: int
    is_lfs: bool
    is_weights: bool
    digest: str
    raw_url: str
    last: CommitRow | None
    mark: verdicts.Mark | None


@dataclass(frozen=True)
class TreePage:
    title: str
    banner: repo.Banner
    picker: Picker
    crumbs: tuple[Link, ...]
    entries: tuple[EntryRow, ...]
    parent_url: str
    next_url: str
    is_scanning: bool


@dataclass(frozen=True)
class FilePage:
    title: str
    name: str
    banner: repo.Banner
    picker: Picker
    crumbs: tuple[Link, ...]
    size: int
    raw_url: str
    history: CommitRow | None
    oid: str
    sha256: str
    is_lfs: bool
    scan: verdict_panel.Panel | None
    mark: verdicts.Mark
    shown: Shown


def build_tree(viewer: Viewer, address: repo.Address, *, after: str | None, origin: str) -> TreePage:
    path = address.path
    place = repo.find(viewer, address)
    found = catalog.list_tree(place.revision, path, recursive=False, expand=True, after=after, limit=PER_PAGE)
    here = links.tree_url(*place.at, path)
    up = path.rpartition("/")[0]
    is_scanning = verdicts.is_scanning(place)
    of_files = [entry.path for entry in found.entries if entry.type != "directory"]
    marks = verdicts.marks(place, of_files, scanning=is_scanning)
    return TreePage(
        title=f"{path or 'Files'} · {place.repo.full_name}",
        banner=repo.banner(place, "files", "" if path else origin),
        picker=picker(place, lambda name: links.tree_url(*place.at[:2], name, path)),
        crumbs=crumbs(place, path),
        entries=tuple(_entry(place, entry, marks.get(entry.path)) for entry in _folders_first(found.entries)),
        parent_url=links.tree_url(*place.at, up) if path else "",
        next_url=f"{here}?after={quote(found.next)}" if found.next else "",
        is_scanning=is_scanning,
    )


def build_file(viewer: Viewer, address: repo.Address) -> FilePage:
    path = address.path
    place = repo.find(viewer, address)
    file, refused = reading.shown_at(viewer, place.revision, path)
    (entry,) = catalog.paths_info(place.revision, [path], expand=True)
    scan = verdict_panel.panel(place, path)
    return FilePage(
        name=path.rpartition("/")[2],
        title=f"{path} · {place.repo.full_name}",
        banner=repo.banner(place, "files", path=path),
        picker=picker(place, lambda name: links.file_url(*place.at[:2], name, path)),
        crumbs=crumbs(place, path),
        size=file.size,
        raw_url="" if refused else links.raw_url(*place.at, path),
        history=commit_row(place.repo, entry.last_commit) if entry.last_commit else None,
        oid=file.oid,
        sha256=file.sha256 or "",
        is_lfs=file.is_lfs,
        scan=scan,
        mark=scan.mark if scan else verdicts.unknown(scanning=verdicts.is_scanning(place)),
        shown=Shown("refused", cut=refused) if refused else show(file, place, path),
    )


def _folders_first(entries: Any) -> list[Any]:
    return sorted(entries, key=lambda entry: (entry.type != "directory", entry.path.lower()))


def _entry(place: repo.Place, entry: Any, mark: verdicts.Mark | None) -> EntryRow:
    is_folder = entry.type == "directory"
    return EntryRow(
        name=entry.path.rpartition("/")[2],
        url=links.tree_url(*place.at, entry.path) if is_folder else links.file_url(*place.at, entry.path),
        is_folder=is_folder,
        size=entry.size,
        is_lfs=entry.lfs is not None,
        is_weights=is_weights(entry.path),
        digest=entry.lfs.sha256 if entry.lfs else entry.oid,
        raw_url="" if is_folder else links.raw_url(*place.at, entry.path),
        last=commit_row(place.repo, entry.last_commit) if entry.last_commit else None,
        mark=mark,
    )


def crumbs(place: repo.Place, path: str) -> tuple[Link, ...]:
    parts = path.split("/") if path else []
    steps = [Link(part, links.tree_url(*place.at, "/".join(parts[: at + 1]))) for at, part in enumerate(parts)]
    return (Link(place.repo.name, links.tree_url(*place.at)), *steps)
