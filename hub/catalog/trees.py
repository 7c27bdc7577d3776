"""Trees as the hub reads and writes them. A tree never changes, so what was parsed once is kept and never dropped
for being old. Ids come from a commit of the repository in question, never from a request."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hub.catalog import git
from hub.catalog.models import GitObject
from hub.core.kept import Kept

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands under a name in a tree.

    `size` is that of the content (0 for a tree), `lfs` the sha256 of a large file's content, `stored` the sha256 under
    which storage has the bytes of a regular file that is too large for the table.
    """

    oid: str
    is_tree: bool = False
    size: int = 0
    lfs: str | None = None
    stored: str | None = None


Names = Mapping[str, Entry]


# Parsed trees by id; the limit counts their entries.
cache: Kept[str, Names] = Kept(limit=100_000)


def load_tree(oid: str) -> Names:
    """The entries of a tree by name, in git's order. No query once it was read by this process."""
    return load_trees([oid])[oid]


def load_trees(oids: Iterable[str], fresh: Mapping[str, Names] = MappingProxyType({})) -> dict[str, Names]:
    """Several trees, with one query (a few, for very many) for those not read before; `fresh` ones aren't saved yet."""
    found: dict[str, Names] = {}
    missing: list[str] = []
    for oid in dict.fromkeys(oids):
        if oid == EMPTY_TREE:
            found[oid] = MappingProxyType({})
        elif oid in fresh:
            found[oid] = fresh[oid]
        elif (tree := cache.get(oid)) is not None:
            found[oid] = tree
        else:
            missing.append(oid)
    for start in range(0, len(missing), _BATCH):
        rows = GitObject.objects.filter(oid__in=missing[start : start + _BATCH], kind=GitObject.Kind.TREE)
        for oid, data, detail in rows.values_list("oid", "data", "detail"):
            found[oid] = _parse(bytes(data or b""), detail or {})
            cache.put(oid, found[oid], len(found[oid]) + 1)
    return found


def load_below(roots: Iterable[str]) -> None:
    """Read all trees below these, a query for each level of folders, so that walking them asks nothing."""
    seen: set[str] = set()
    level = set(roots)
    while level:
        seen |= level
        trees = load_trees(level)
        level = {entry.oid for tree in trees.values() for entry in tree.values() if entry.is_tree} - seen


def entry_at(root: str, path: str) -> Entry | None:
    """What stands at that path below the tree `root`; the tree itself for an empty path."""
    entry = Entry(root, is_tree=True)
    for name in path.split("/") if path else ():
        if not entry.is_tree or (below := load_tree(entry.oid).get(name)) is None:
            return None
        entry = below
    return entry


def entries_at(root: str, paths: Iterable[str]) -> dict[str, Entry]:
    """What stands at those paths, for those where something does; a query for each level that was not read yet."""
    here = {path: (Entry(root, is_tree=True), path.split("/")) for path in paths if path}
    found: dict[str, Entry] = {}
    while here:
        trees = load_trees(entry.oid for entry, _ in here.values())
        below: dict[str, tuple[Entry, list[str]]] = {}
        for path, (entry, names) in here.items():
            step = trees[entry.oid].get(names[0])
            if step and len(names) == 1:
                found[path] = step
            elif step and step.is_tree:
                below[path] = (step, names[1:])
        here = below
    return found


def walk(root: str, prefix: str = "", fresh: Mapping[str, Names] = MappingProxyType({})) -> list[tuple[str, Entry]]:
    """All files and folders below `root` as (path, entry), in git's order; one query for each level of folders."""
    found: list[tuple[str, Entry]] = []
    level = [(prefix, root)]
    while level:
        trees = load_trees((oid for _, oid in level), fresh)
        here = [
            (f"{base}/{name}" if base else name, entry) for base, oid in level for name, entry in trees[oid].items()
        ]
        found += here
        level = [(path, entry.oid) for path, entry in here if entry.is_tree]
    return sorted(found, key=lambda item: git.tree_order(item[0], item[1].is_tree))


def files(root: str) -> Iterator[tuple[str, Entry]]:
    """Only the files of `walk`."""
    return ((path, entry) for path, entry in walk(root) if not entry.is_tree)


def tree_oid(names: Names) -> str:
    return git.write_tree({name: (entry.is_tree, entry.oid) for name, entry in names.items()})[0]


def tree_object(names: Names) -> GitObject:
    """The git object of a tree with these entries, not saved."""
    oid, data = git.write_tree({name: (entry.is_tree, entry.oid) for name, entry in names.items()})
    detail = {name: _detail(entry) for name, entry in names.items() if not entry.is_tree}
    return GitObject(oid=oid, kind=GitObject.Kind.TREE, size=len(data), data=data, detail=detail)


def _detail(entry: Entry) -> list[int | str | None]:
    return [entry.size, entry.lfs, entry.stored] if entry.stored else [entry.size, entry.lfs]


def _parse(data: bytes, detail: dict[str, list]) -> Names:
    names: dict[str, Entry] = {}
    for name, is_tree, oid in git.read_tree(data):
        names[name] = Entry(oid, is_tree=True) if is_tree else Entry(oid, False, *detail[name])
    return MappingProxyType(names)
