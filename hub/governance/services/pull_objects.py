"""Pulls of bytes by their sha256, as git-lfs asks for them: which commits would they come from?"""

from collections.abc import Iterable, Iterator
from typing import Any

from hub.catalog.errors import RevisionNotFound
from hub.catalog.models import Commit, Repo
from hub.catalog.selectors import Revision, revision_of
from hub.catalog.trees import files
from hub.governance.models import Advisory, State
from hub.governance.models import Revision as Reviewed
from hub.governance.policy.decision import PullDecision

# Commits in these states, and with an advisory of their own, are looked into whatever ref was named.
_CLOSED = (State.SUSPENDED, State.REVOKED, State.QUARANTINED)
_MOST = 200
# Bytes of no commit that was named: whoever needs an approval for them has none.
_NOWHERE = "0" * 40


def places_of(repo: Repo, sha256: str, ref: str) -> list[tuple[Revision, str]]:
    """The commits, with the path there, that decide: the named one if it has the bytes, else the newest reviewed one
    that has; and every closed one that has.

    Never empty: bytes of other commits come from one that nobody reviewed.
    """
    closed = _holding(_closed(repo), sha256)
    own = next(_holding(_named(repo, ref), sha256), None) or next(_holding(_reviewed(repo), sha256), None)
    return [*([own] if own else []), *closed] or [(Revision(repo, ref, _NOWHERE, ""), "")]


def worst_of(decisions: list[tuple[Any, PullDecision]]) -> tuple[Any, PullDecision]:
    """The first that denies; else the first."""
    return next((pair for pair in decisions if pair[1].is_denied), decisions[0])


def _named(repo: Repo, ref: str) -> list[Revision]:
    try:
        at = revision_of(repo, ref)
    except RevisionNotFound:
        return []
    # Bytes named by their digest can't move with the branch.
    return [Revision(repo, at.commit, at.commit, at.tree)]


def _closed(repo: Repo) -> list[Revision]:
    """In these states, or with an advisory of their own."""
    states = Reviewed.objects.filter(repo=repo, state__in=_CLOSED).order_by("-pk").values_list("commit", flat=True)
    advised = Advisory.objects.filter(repo=repo, lifted_at=None).exclude(commit="").values_list("commit", flat=True)
    return _at(repo, [*states[:_MOST], *advised[:_MOST]])


def _reviewed(repo: Repo) -> list[Revision]:
    """The newest first."""
    return _at(repo, Reviewed.objects.filter(repo=repo).order_by("-pk").values_list("commit", flat=True)[:_MOST])


def _at(repo: Repo, commits: Iterable[str]) -> list[Revision]:
    asked = list(dict.fromkeys(commits))
    trees = dict(Commit.objects.filter(repo=repo, oid__in=asked).values_list("oid", "tree")) if asked else {}
    return [Revision(repo, oid, oid, trees[oid]) for oid in asked if oid in trees]


def _holding(places: Iterable[Revision], sha256: str) -> Iterator[tuple[Revision, str]]:
    """Those that have the bytes, with the path."""
    for at in places:
        if path := next((path for path, entry in files(at.tree) if sha256 in (entry.lfs, entry.stored)), ""):
            yield at, path
