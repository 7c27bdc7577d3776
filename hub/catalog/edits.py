"""Make a new tree from an old one by what is deleted, copied and added."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hub.catalog.errors import BadPath, EntryNotFound
from hub.catalog.models import GitObject
from hub.catalog.trees import EMPTY_TREE, Entry, Names, entry_at, load_tree, tree_object, tree_oid


@dataclass(frozen=True)
class Edits:
    """`deletions` are (path, must it be a folder)."""

    additions: Mapping[str, Entry] = field(default_factory=dict)
    deletions: Iterable[tuple[str, bool]] = ()


@dataclass(frozen=True)
class Edited:
    """The tree after the edits, the tree objects that it needs beyond those before (not saved), and what is in them."""

    tree: str
    objects: tuple[GitObject, ...]
    fresh: Mapping[str, Names]


def apply(root: str, edits: Edits) -> Edited:
    """Raises `EntryNotFound` for a deletion of what isn't there, `BadPath` where a file would stand in for a folder."""
    top = _Folder(root)
    for path, is_folder in edits.deletions:
        _check_exists(root, path, is_folder)
    for path, _ in edits.deletions:
        top.remove(path.split("/"))
    for path, entry in edits.additions.items():
        top.put(path, path.split("/"), entry)
    written: dict[str, Names] = {}
    entry = top.write(written) or Entry(EMPTY_TREE, is_tree=True)
    if entry.oid == EMPTY_TREE:
        written[EMPTY_TREE] = {}
    return Edited(entry.oid, tuple(tree_object(names) for names in written.values()), written)


def _check_exists(root: str, path: str, is_folder: bool) -> None:
    entry = entry_at(root, path)
    if entry is None or (is_folder and not entry.is_tree):
        raise EntryNotFound(f"A {'folder' if is_folder else 'file'} with this name doesn't exist: {path}", path=path)


class _Folder:
    """A tree being edited; folders below are read when something in them changes."""

    def __init__(self, oid: str | None) -> None:
        self._oid = oid
        self._names: dict[str, Entry | _Folder] = dict(load_tree(oid)) if oid else {}

    def remove(self, names: list[str]) -> None:
        below = self._names.get(names[0])
        if len(names) == 1:
            self._names.pop(names[0], None)
        elif isinstance(below, _Folder) or (below and below.is_tree):
            self._open(names[0]).remove(names[1:])

    def put(self, path: str, names: list[str], entry: Entry) -> None:
        below = self._names.get(names[0])
        is_folder = isinstance(below, _Folder) or (below is not None and below.is_tree)
        if len(names) > 1:
            if below is not None and not is_folder:
                raise BadPath(
                    f"{path!r} needs a folder where the file {names[0]!r} is. Delete the file in this commit."
                )
            self._open(names[0]).put(path, names[1:], entry)
            return
        if is_folder and not self._is_empty(names[0]):
            raise BadPath(f"{path!r} is a folder. Delete it in this commit to put a file in its place.")
        self._names[names[0]] = entry

    def write(self, written: dict[str, Names]) -> Entry | None:
        """The entry of this folder, None when nothing is left in it (git keeps no empty folders)."""
        names: dict[str, Entry] = {}
        for name, below in self._names.items():
            entry = below.write(written) if isinstance(below, _Folder) else below
            if entry:
                names[name] = entry
        if not names:
            return None
        oid = tree_oid(names)
        if oid != self._oid:
            written[oid] = names
        return Entry(oid, is_tree=True)

    def _open(self, name: str) -> "_Folder":
        below = self._names.get(name)
        if not isinstance(below, _Folder):
            below = self._names[name] = _Folder(below.oid if below else None)
        return below

    def _is_empty(self, name: str) -> bool:
        below = self._names[name]
        return isinstance(below, _Folder) and all(below._is_empty(inner) for inner in below._names)
