"""What differs between two states of a repository, file by file: for the page of a commit and for comparing two
revisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.selectors import Change
from hub.catalog.weights import is_weights
from hub.core.errors import HubError
from hub.web import diffs
from hub.web.pages import links, reading, repo, weights_diff, words
from hub.web.pages.previews import decoded
from hub.web.pages.weights_diff import WeightsChange

MAX_FILES = 500
MAX_SHOWN = 20
MAX_TEXT = 200_000
MAX_ALL = 1_000_000
MAX_LINES = 3_000
_IMAGES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif")


@dataclass(frozen=True)
class FileChange:
    """One file. `view` names the partial `repo/change_<view>.html` that shows it: text, image, weights or plain;
    `told` says in words what can't be shown."""

    path: str
    anchor: str
    sort: str
    tone: str
    sizes: str
    old_url: str
    new_url: str
    old_raw_url: str
    new_raw_url: str
    view: str
    told: str = ""
    hunks: tuple[diffs.Hunk, ...] = ()
    weights: WeightsChange | None = None
    only_url: str = ""


@dataclass(frozen=True)
class Changes:
    """`note` says what is left out."""

    summary: str
    files: tuple[FileChange, ...]
    note: str
    all_url: str


@dataclass(frozen=True)
class Choice:
    """The form that chooses two revisions to compare."""

    url: str
    old: str
    new: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class ComparePage:
    title: str
    banner: repo.Banner
    choice: Choice
    old: str
    new: str
    changes: Changes | None


def choice(place: repo.Place, old: str = "", new: str = "") -> Choice:
    refs = catalog.list_refs(place.repo)
    names = tuple(ref.name for ref in (*refs.branches, *refs.tags))
    return Choice(links.revisions_url(*place.at[:2]), old, new or place.name, names)


def build_compare(viewer: Viewer, address: repo.Address, old: str, new: str, only: str = "") -> ComparePage:
    """Without `old`, the form alone."""
    place = repo.find(viewer, address)
    at = place.at[:2]
    found = None
    if old:
        before, after = catalog.revision_of(place.repo, old), catalog.revision_of(place.repo, new or place.name)
        here = links.revisions_url(*at, old, new or place.name)
        found = build(viewer, place.repo, before, after, here=here, only=only)
    what = f"{old} and {new}" if old else "Compare two revisions"
    return ComparePage(
        title=f"{what} · {place.repo.full_name}",
        banner=repo.banner(place, "versions"),
        choice=choice(place, old, new),
        old=old,
        new=new or place.name,
        changes=found,
    )


def build(viewer: Viewer, of: Any, old: Any, new: Any, *, here: str, only: str = "") -> Changes:
    """The files that differ between two revisions of the repository, `old` None for nothing; `here` is the address
    of the page, where `only` shows one of them by itself."""
    everything = catalog.changes_between(old, new)
    changes = [change for change in everything if change.path == only] if only else everything[:MAX_FILES]
    maker = _Maker(of, old, new, here)
    shown = changes[:MAX_SHOWN]
    contents, refused = _contents(viewer, of, shown, (old, new))
    weights = [change.path for change in shown if change.sort == "changed" and is_weights(change.path)]
    if not refused:
        maker.weights = {found.path: found for found in weights_diff.changes(viewer, old, new, weights)}
    files = [maker.file(change, contents, refused) for change in shown]
    files += [maker.file(change, {}, "Not shown: many files changed.") for change in changes[MAX_SHOWN:]]
    left = len(everything) - len(changes)
    return Changes(
        summary=f"{words.plural(len(everything), 'file')} changed",
        files=tuple(files),
        note=f"Not listed: {words.plural(left, 'more file')}." if left else "",
        all_url=here if only else "",
    )


def _contents(
    viewer: Viewer, of: Any, changes: Sequence[Change], revisions: tuple[Any, Any]
) -> tuple[dict[str, bytes], str]:
    """What the texts among these files held, as far as a page reads, and why they may not be read."""
    wanted, left = [], MAX_ALL
    try:
        hidden = reading.hidden_paths(viewer, *revisions)
    except HubError as error:
        return {}, error.message
    for change in changes:
        if change.path in hidden:
            continue
        sides = [entry for entry in (change.old, change.new) if entry]
        size = sum(entry.size for entry in sides)
        if _view(change) == "text" and size <= min(2 * MAX_TEXT, left):
            wanted += sides
            left -= size
    try:
        return catalog.contents_of(viewer, of, wanted, MAX_TEXT), ""
    except HubError as error:
        return {}, error.message


class _Maker:
    def __init__(self, of: Any, old: Any, new: Any, here: str) -> None:
        self.at, self.here = (of.kind, of.full_name), here
        self.old, self.new = old.commit if old else "", new.commit
        self.lines_left = MAX_LINES
        self.weights: dict[str, WeightsChange] = {}

    def file(self, change: Change, contents: dict[str, bytes], refused: str) -> FileChange:
        view, told = _view(change), refused
        found: tuple[diffs.Hunk, ...] = ()
        if not refused and view == "text":
            told, found = self._diff(change, contents)
        if told and view == "text":
            view = "plain"
        tones = {"added": "ok", "removed": "bad", "changed": "warn"}
        return FileChange(
            path=change.path,
            anchor=f"file-{(change.new or change.old).oid[:12]}-{len(change.path)}",  # type: ignore[union-attr]
            sort=change.sort,
            tone=tones[change.sort],
            sizes=_sizes(change),
            old_url=links.file_url(*self.at, self.old, change.path) if change.old else "",
            new_url=links.file_url(*self.at, self.new, change.path) if change.new else "",
            old_raw_url=links.raw_url(*self.at, self.old, change.path) if change.old else "",
            new_raw_url=links.raw_url(*self.at, self.new, change.path) if change.new else "",
            view=view,
            told=told,
            hunks=found,
            weights=self.weights.get(change.path),
            only_url=f"{self.here}?path={quote(change.path, safe='')}",
        )

    def _diff(self, change: Change, contents: dict[str, bytes]) -> tuple[str, tuple[diffs.Hunk, ...]]:
        sides = [contents.get(entry.oid) if entry else b"" for entry in (change.old, change.new)]
        if None in sides:
            return "Too large to show here.", ()
        old, new = (decoded(side or b"")[0] for side in sides)
        if old is None or new is None:
            return "Not text.", ()
        found = diffs.hunks(old, new)
        if found is None:
            return "Too many lines to show here.", ()
        self.lines_left -= sum(len(hunk.lines) for hunk in found)
        if self.lines_left < 0:
            return "Not shown: much changed on this page.", ()
        nothing = "Only line ends or the encoding differ." if change.sort == "changed" else "An empty file."
        return "" if found else nothing, found


def _view(change: Change) -> str:
    path = change.path.lower()
    if path.endswith(_IMAGES):
        return "image"
    if is_weights(change.path):
        return "weights"
    large = any(entry and entry.size > MAX_TEXT for entry in (change.old, change.new))
    return "plain" if large else "text"


def _sizes(change: Change) -> str:
    old, new = (words.size(entry.size) if entry else "" for entry in (change.old, change.new))
    return f"{old} → {new}" if old and new and old != new else new or old
