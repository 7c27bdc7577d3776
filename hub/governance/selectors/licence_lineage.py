"""What a revision states and contains on licences, and those of all that it was made from, over this hub."""

import hashlib
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import ANONYMOUS, Viewer
from hub.catalog.card import parse_card
from hub.catalog.models import MAIN, Card, Ref, Repo
from hub.catalog.selectors.files import FileAt, file_in
from hub.catalog.selectors.revisions import Revision as At
from hub.catalog.selectors.revisions import revision_of
from hub.catalog.selectors.shelf import repos_called
from hub.catalog.trees import files
from hub.governance.licences import body, detect
from hub.governance.licences.card import OTHER, Source, Stated, stated, with_adapter, with_origin
from hub.governance.licences.prose import named_in
from hub.governance.licences.table import Table
from hub.governance.models import Revision
from hub.governance.selectors.licence_table import current_table, own_fingerprints
from hub.storage import services as storage

_README = "README.md"
_ADAPTER = "adapter_config.json"
_MAX_README = 1_000_000
_MAX_FILES = 8


@dataclass(frozen=True)
class Found:
    """`detected`: of each licence file {path, licence, similarity, sha256}. `in_prose`: ids of licences that the card's
    own text says it is under. `notice`: the text of the notice file."""

    stated: Stated
    detected: tuple[dict[str, Any], ...]
    notice_path: str
    notice: str
    in_prose: tuple[str, ...] = ()


def found_at(revision: Revision, table: Table) -> Found:
    """Read the card and the licence files of that commit."""
    at = revision_of(revision.repo, revision.commit)
    paths = [path for path, _ in files(at.tree)]
    card = parse_card(_text(file_in(at, _README))) if _README in paths else parse_card("")
    top = [path for path in paths if "/" not in path]
    notice = next((path for path in top if detect.is_notice_file(path)), "")
    repo = revision.repo
    said = stated(repo.kind, card.metadata, paths, table)
    said = with_origin(said, repo.kind, repo.copied_from, repo.copied_commit)
    return Found(
        with_adapter(said, _text(file_in(at, _ADAPTER))) if _ADAPTER in top else said,
        tuple(_detected(at, [path for path in top if detect.is_licence_file(path)][:_MAX_FILES])),
        notice,
        _text(file_in(at, notice)) if notice else "",
        tuple(each.id for each in named_in(card.body, revision.repo.kind, table)),
    )


def tree_of(repo: Repo, found: Stated) -> body.Tree:
    """What it was made from: what everybody sees of this hub, for a private repository also its owner's others;
    elsewhere as the card says. So nobody learns of a licence by naming what they may not see."""
    edges = edges_of(ANONYMOUS, found.sources, own=repo)
    return body.tree(repo.full_name, repo.kind, found.declared, repo=repo.pk, edges=edges)


def edges_of(viewer: Viewer, sources: tuple[Source, ...], own: Repo | None = None) -> list[dict[str, Any]]:
    """The sources with what they in turn were made from; what is the repository itself is left out."""
    visible = Repo.objects.visible_to(viewer)
    if own is not None and own.is_private:
        visible = visible | Repo.objects.filter(owner=own.owner_id)
    here = repos_called(visible, [(each.kind, each.name.lower()) for each in sources])
    pk = own.pk if own else 0
    named = [(each, here.get((each.kind, each.name.lower()))) for each in sources]
    others = [(each, repo) for each, repo in named if repo is None or repo.pk != pk]
    known = _Known.of([(each, repo) for each, repo in others if repo is not None])
    edges = [body.edge(each.relation, known.node(each, repo)) for each, repo in others]
    return body.limited(body.edge(each["relation"], body.pruned(each["node"], pk)) for each in edges)


@dataclass(frozen=True)
class _Known:
    """Of repositories here, by id: where main stands, the licence records by commit, and what cards at main say."""

    heads: dict[int, str]
    records: dict[tuple[int, str], dict[str, Any]]
    cards: dict[int, dict[str, Any]]

    @classmethod
    def of(cls, named: list[tuple[Source, Repo]]) -> "_Known":
        """Three queries, however many they are."""
        pks = {repo.pk for _, repo in named}
        if not pks:
            return cls({}, {}, {})
        heads = dict(Ref.objects.filter(repo__in=pks, name=MAIN).values_list("repo", "target"))
        commits = {*heads.values(), *(source.revision for source, _ in named if source.revision)}
        rows = Revision.objects.filter(repo__in=pks, commit__in=commits, licence_record__isnull=False)
        found = rows.values_list("repo", "commit", "licence_record__body")
        cards = dict(Card.objects.filter(repo__in=pks).values_list("repo", "metadata"))
        return cls(heads, {(repo, commit): told for repo, commit, told in found}, cards)

    def node(self, source: Source, repo: Repo | None) -> body.Tree:
        if repo is None:
            return body.tree(source.name, source.kind, source.licence, settled=source.settled)
        record = self._record(repo.pk, source.revision)
        if record is None:
            # Nobody examined it yet: what its card says now.
            declared = stated(repo.kind, self.cards.get(repo.pk, {}), [], current_table()).declared
            return body.tree(repo.full_name, repo.kind, declared, repo=repo.pk)
        concluded = record["concluded"]
        licence = concluded["expression"] if concluded else _stated(record)
        own = {"name": repo.full_name, "licence": licence, "concluded": bool(concluded), "texts": texts_in(record)}
        return {**record["tree"], **own}

    def _record(self, pk: int, revision: str) -> dict[str, Any] | None:
        """Of the revision that the card names, else of main's head."""
        return self.records.get((pk, revision)) or self.records.get((pk, self.heads.get(pk, "")))


def texts_in(record: dict[str, Any]) -> list[str]:
    """Digests of the licence files that lay there."""
    return sorted({each["sha256"] for each in record["detected"]})


def _stated(record: dict[str, Any]) -> str:
    """What the card says; where that is `other`, what the licence files are."""
    found = sorted({each["licence"] for each in record["detected"] if each["licence"]})
    if record["declared"].lower() == OTHER and found:
        return " AND ".join(found)
    return str(record["declared"])


def _detected(at: At, paths: list[str]) -> list[dict[str, Any]]:
    own, found = own_fingerprints() if paths else (), []
    for path in paths:
        data = _bytes(file_in(at, path), _MAX_README)
        known = detect.detect(data.decode("utf-8", "replace"), own)
        found.append(
            {
                "path": path,
                "licence": known.licence if known else "",
                "similarity": known.similarity if known else 0,
                "sha256": hashlib.sha256(data).hexdigest(),
            }
        )
    return found


def _text(file: FileAt) -> str:
    return _bytes(file, _MAX_README).decode("utf-8", "replace").replace("\0", "\ufffd")


def _bytes(file: FileAt, most: int) -> bytes:
    if file.sha256 is None:
        return (file.data or b"")[:most]
    return storage.read_range(sha256=file.sha256, start=0, length=min(most, file.size))
