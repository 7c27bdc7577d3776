"""All that is known of one repository at a revision."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from hub.catalog.models import Card, Repo
from hub.catalog.selectors.listing import Lfs, lfs_of
from hub.catalog.selectors.revisions import Revision, heads, revision_of
from hub.catalog.trees import files, load_below
from hub.storage.selectors import used_bytes, used_bytes_by_scope


@dataclass(frozen=True)
class Sibling:
    """A file of the repository. Size, git id and large content always stand there; interfaces show them on request."""

    path: str
    size: int
    oid: str
    lfs: Lfs | None


@dataclass(frozen=True)
class RepoInfo:
    """A repository at a commit. Metadata, tags and parameters are those of main's head."""

    repo: Repo
    public_id: str
    kind: str
    full_name: str
    author: str
    sha: str
    private: bool
    gated: str
    disabled: bool
    downloads: int
    likes: int
    trending: float
    tags: tuple[str, ...]
    pipeline_tag: str
    library_name: str
    license: str
    metadata: dict[str, Any]
    summary: str
    parameters: dict[str, int]
    parameter_count: int | None
    size: int
    siblings: tuple[Sibling, ...]
    used_storage: int
    created_at: dt.datetime
    updated_at: dt.datetime


def repo_info(repo: Repo, revision: Revision | str | None = None, blobs: bool = False) -> RepoInfo:  # noqa: ARG001
    """Raises `RevisionNotFound`. Sizes cost nothing here, so they are there with and without `blobs`."""
    at = revision if isinstance(revision, Revision) else revision_of(repo, revision or "main")
    return _info(repo, at, used_bytes(repo.scope_id))


def repo_infos(repos: Sequence[Repo]) -> list[RepoInfo]:
    """Of main's heads, in the order given, with as many queries for a hundred as for one.

    The repositories come with owner, card and tags, as a search hands them out. One without a head is left out.
    """
    at = heads(repos)
    load_below(revision.tree for revision in at.values())
    used = used_bytes_by_scope(repo.scope_id for repo in repos)
    return [_info(repo, at[repo.pk], used[repo.scope_id]) for repo in repos if repo.pk in at]


def _info(repo: Repo, at: Revision, used: int) -> RepoInfo:
    card = _card_of(repo)
    return RepoInfo(
        repo=repo,
        public_id=repo.public_id,
        kind=repo.kind,
        full_name=repo.full_name,
        author=repo.owner.name,
        sha=at.commit,
        private=repo.is_private,
        gated=repo.gate,
        disabled=repo.is_disabled,
        downloads=repo.downloads,
        likes=repo.likes,
        trending=repo.trending,
        tags=tags_of_repo(repo),
        pipeline_tag=card.pipeline_tag,
        library_name=card.library_name,
        license=card.license,
        metadata=card.metadata,
        summary=card.summary,
        parameters=card.parameters,
        parameter_count=card.parameter_count,
        size=card.size,
        siblings=tuple(Sibling(path, entry.size, entry.oid, lfs_of(entry)) for path, entry in files(at.tree)),
        used_storage=used,
        created_at=repo.created_at,
        updated_at=repo.updated_at,
    )


def tags_of_repo(repo: Repo) -> tuple[str, ...]:
    """The tags in the order in which they were made; no query where they were prefetched."""
    if "tags" in getattr(repo, "_prefetched_objects_cache", {}):
        return tuple(tag.value for tag in sorted(repo.tags.all(), key=lambda tag: tag.pk))
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM catalog_repotag WHERE repo_id = %s ORDER BY id", [repo.pk])
        return tuple(value for (value,) in cursor.fetchall())


def _card_of(repo: Repo) -> Card:
    """Its card, by plain SQL unless it is at hand: building the query would take longer than answering it."""
    if Repo.card.is_cached(repo):
        return repo.card
    return next(iter(Card.objects.raw("SELECT * FROM catalog_card WHERE repo_id = %s", [repo.pk])))
