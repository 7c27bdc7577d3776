"""The history of a repository, and one commit of it."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.jobs.selectors.jobs import jobs_of
from hub.web.pages import changes, job_links, links, repo, verdicts
from hub.web.pages.links import Link

PER_PAGE = 50


@dataclass(frozen=True)
class CommitRow:
    oid: str
    short: str
    url: str
    title: str
    author: str
    at: dt.datetime
    mark: verdicts.Mark | None = None


@dataclass(frozen=True)
class RefRow:
    name: str
    url: str
    files_url: str
    short: str
    is_current: bool


@dataclass(frozen=True)
class VersionsPage:
    title: str
    banner: repo.Banner
    revision: str
    commits: tuple[CommitRow, ...]
    branches: tuple[RefRow, ...]
    tags: tuple[RefRow, ...]
    compare: changes.Choice
    next_url: str


@dataclass(frozen=True)
class CommitPage:
    title: str
    banner: repo.Banner
    commit: CommitRow
    message: str
    parent: Link | None
    changes: changes.Changes
    files_url: str
    # The job whose result it is, for who may see that.
    job: Link | None


def build(viewer: Viewer, address: repo.Address, *, offset: int = 0) -> VersionsPage:
    place = repo.find(viewer, address)
    commits = catalog.list_commits(place.revision, offset=offset, limit=PER_PAGE + 1)
    refs = catalog.list_refs(place.repo)
    marks = verdicts.of_commits(place, [commit.oid for commit in commits[:PER_PAGE]])
    more = f"{links.commits_url(*place.at)}?from={offset + PER_PAGE}" if len(commits) > PER_PAGE else ""
    return VersionsPage(
        title=f"Versions of {place.repo.full_name}",
        banner=repo.banner(place, "versions"),
        revision=address.revision,
        commits=tuple(commit_row(place.repo, commit, marks.get(commit.oid)) for commit in commits[:PER_PAGE]),
        branches=tuple(_ref_row(place, ref) for ref in refs.branches),
        tags=tuple(_ref_row(place, ref) for ref in refs.tags),
        compare=changes.choice(place, commits[1].oid[:12] if len(commits) > 1 else ""),
        next_url=more,
    )


def build_commit(viewer: Viewer, address: repo.Address, only: str = "") -> CommitPage:
    """`only` is the path of the one file whose change is shown."""
    place = repo.find(viewer, address)
    commit = catalog.list_commits(place.revision, offset=0, limit=2)
    row = commit_row(place.repo, commit[0])
    parent = commit_row(place.repo, commit[1]) if len(commit) > 1 else None
    before = catalog.parent_of(place.revision)
    return CommitPage(
        title=row.title,
        banner=repo.banner(place, "versions"),
        commit=row,
        message=commit[0].message,
        parent=Link(parent.short, parent.url) if parent else None,
        changes=changes.build(viewer, place.repo, before, place.revision, here=row.url, only=only),
        files_url=links.tree_url(*place.at),
        job=_made_by(viewer, place),
    )


def _made_by(viewer: Viewer, place: repo.Place) -> Link | None:
    jobs = jobs_of(viewer, place.repo) if place.repo.kind == "model" else []
    made = next((job for job in jobs if job.result_commit == place.revision.commit), None)
    return Link(made.title, job_links.job_url(made.public_id)) if made else None


def commit_row(of: Any, commit: Any, mark: verdicts.Mark | None = None) -> CommitRow:
    url = links.commit_url(of.kind, of.full_name, commit.oid)
    authors = ", ".join(commit.authors)
    return CommitRow(commit.oid, commit.oid[:8], url, commit.title, authors, commit.committed_at, mark)


def _ref_row(place: repo.Place, ref: Any) -> RefRow:
    kind, full_name, revision = place.at
    return RefRow(
        name=ref.name,
        url=links.commits_url(kind, full_name, ref.name),
        files_url=links.tree_url(kind, full_name, ref.name),
        short=ref.target[:8],
        is_current=ref.name == revision,
    )
