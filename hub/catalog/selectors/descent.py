"""What a repository was made from and what was made from it, as far as the viewer may see.

A name that isn't on this hub and one of a repository that the viewer may not see give the very same answer.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from operator import attrgetter

from hub.accounts.viewer import Viewer
from hub.catalog.models import MAIN, Ancestor, Commit, Ref, Repo, RepoRedirect
from hub.catalog.selectors.shelf import repos_called

# Descendants taken in, and counted at most, on each level.
FAN_OUT = 200
COUNTED = 1000
_NO_STEP = Ancestor.Relation.EVALUATED_ON
_FIELDS = ("kind", "key", "relation", "is_inferred", "revision", "commit")
_Name = tuple[str, str]


@dataclass(frozen=True)
class Node:
    """A repository of this hub; or, with `repo` None, a name that leads nowhere.

    `level` is 0 for the one in the middle, negative for what it was made from.
    """

    kind: str
    name: str
    level: int
    repo: Repo | None = None

    @property
    def id(self) -> str:
        return f"{self.kind}:{self.name.lower()}"


@dataclass(frozen=True)
class Edge:
    """`child` was made from `parent` (ids of nodes). `commit` is the parent's when that was written down, or, where
    `is_current`, the head of its main now; empty for a parent that leads nowhere. `revision`: as the card names it."""

    child: str
    parent: str
    relation: str
    is_inferred: bool
    revision: str
    commit: str = ""
    is_current: bool = False


@dataclass(frozen=True)
class Lineage:
    """`more` visible descendants weren't taken in, or at least so many where `is_more_exact` is False."""

    root: Node
    nodes: dict[str, Node]
    edges: tuple[Edge, ...]
    more: int
    is_more_exact: bool


def lineage(viewer: Viewer, repo: Repo, *, depth: int = 3, fan_out: int = FAN_OUT) -> Lineage:
    """Both ways from a repository, `depth` steps each; so many queries a step, whatever they find.

    Of what was made from them, each step takes in up to `fan_out` repositories and counts the others.
    """
    walk = _Walk(viewer, Node(repo.kind, repo.full_name, 0, repo), fan_out)
    level = [repo]
    for step in range(1, depth + 1):
        level = walk.up(level, -step)
    level = [repo]
    for step in range(1, depth + 1):
        level = walk.down(level, step)
    return Lineage(walk.root, walk.nodes, walk.edges(), walk.more, walk.is_more_exact)


@dataclass(frozen=True)
class _Named:
    """That a repository, pulled so often, names another: the columns of an `Ancestor`."""

    repo_id: int
    downloads: int
    kind: str
    key: str
    relation: str
    is_inferred: bool
    revision: str
    commit: str


@dataclass(frozen=True)
class _Found:
    """An edge without its digest, and the parent's repository if there is one to be seen."""

    child: str
    parent: str
    row: Ancestor | _Named
    repo: Repo | None


@dataclass
class _Walk:
    viewer: Viewer
    root: Node
    fan_out: int
    nodes: dict[str, Node] = field(default_factory=dict)
    found: dict[tuple[str, str, str], _Found] = field(default_factory=dict)
    more: int = 0
    is_more_exact: bool = True

    def __post_init__(self) -> None:
        self.nodes[self.root.id] = self.root
        self.visible = Repo.objects.visible_to(self.viewer)

    def up(self, repos: list[Repo], level: int) -> list[Repo]:
        """Add what these were made from; those of them that weren't met before."""
        children = {repo.pk: Node(repo.kind, repo.full_name, level + 1, repo) for repo in repos}
        named = Ancestor.objects.filter(repo__in=children).order_by("pk")
        rows = list((named if level == -1 else named.exclude(relation=_NO_STEP))[:COUNTED])
        here = repos_called(self.visible, ((row.kind, row.key) for row in rows))
        fresh = []
        for row in rows:
            repo = here.get((row.kind, row.key))
            parent = Node(row.kind, repo.full_name if repo else row.name, level, repo)
            if self._add(parent) and repo and row.relation != _NO_STEP:
                fresh.append(repo)
            self._join(children[row.repo_id].id, parent.id, row, repo)
        return fresh

    def down(self, repos: list[Repo], level: int) -> list[Repo]:
        """Add what was made from these: the most pulled ones; those that weren't met before."""
        parents = self._names_of(repos)
        rows = self._descendants(parents)
        self.is_more_exact &= len(rows) < COUNTED
        rows.sort(key=lambda row: (-row.downloads, row.repo_id))
        chosen, fresh = _most(rows, self.fan_out), []
        self.more += len({row.repo_id for row in rows} - chosen)
        known = {repo.pk: repo for repo in self.visible.filter(pk__in=chosen).select_related("owner")}
        for row in rows:
            if (repo := known.get(row.repo_id)) is None:
                continue
            child, parent = Node(repo.kind, repo.full_name, level, repo), parents[row.kind, row.key]
            if self._add(child) and row.relation != _NO_STEP:
                fresh.append(repo)
            self._join(child.id, Node(parent.kind, parent.full_name, 0).id, row, parent)
        return fresh

    def edges(self) -> tuple[Edge, ...]:
        """With their digests: nobody learns of a commit that the repository, as they may see it, doesn't have."""
        wanted = [each for each in self.found.values() if each.repo]
        pks = {each.repo.pk for each in wanted if each.repo}
        oids = {each.row.commit for each in wanted if each.row.commit}
        there = set(Commit.objects.filter(repo__in=pks, oid__in=oids).values_list("repo", "oid")) if oids else set()
        heads = dict(Ref.objects.filter(repo__in=pks, name=MAIN).values_list("repo", "target")) if pks else {}
        return tuple(_edge(each, there, heads) for each in self.found.values())

    def _add(self, node: Node) -> bool:
        """Whether it wasn't there yet."""
        return self.nodes.setdefault(node.id, node) is node

    def _join(self, child: str, parent: str, row: Ancestor | _Named, repo: Repo | None) -> None:
        if child != parent:
            self.found.setdefault((child, parent, row.relation), _Found(child, parent, row, repo))

    def _names_of(self, repos: list[Repo]) -> dict[_Name, Repo]:
        """These by what they are called, and were called before."""
        known = {repo.pk: repo for repo in repos}
        former = RepoRedirect.objects.filter(repo__in=known).values_list("kind", "key", "repo")
        names = {(kind, key): known[pk] for kind, key, pk in former} if known else {}
        return names | {(repo.kind, repo.key): repo for repo in repos}

    def _descendants(self, parents: dict[_Name, Repo]) -> list[_Named]:
        """Who names these, of the repositories that the viewer may see; the latest first."""
        rows: list[_Named] = []
        for kind in ("model", "dataset"):
            keys = [key for of, key in parents if of == kind]
            if not keys:
                continue
            named = self.visible.filter(ancestors__kind=kind, ancestors__key__in=keys).order_by("-ancestors__pk")
            columns = [f"ancestors__{name}" for name in _FIELDS]
            rows += [_Named(*row) for row in named.values_list("pk", "downloads", *columns)[:COUNTED]]
        return rows


def _most(rows: Iterable[_Named], most: int) -> set[int]:
    """The first repositories among these rows."""
    return set(list(dict.fromkeys(map(attrgetter("repo_id"), rows)))[:most])


def _edge(each: _Found, there: set[tuple[int, str]], heads: dict[int, str]) -> Edge:
    row, pk = each.row, each.repo.pk if each.repo else 0
    is_known = (pk, row.commit) in there
    return Edge(
        each.child,
        each.parent,
        row.relation,
        row.is_inferred,
        row.revision,
        commit=row.commit if is_known else heads.get(pk, ""),
        is_current=bool(pk) and not is_known,
    )
