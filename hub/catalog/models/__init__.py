"""Repositories and their history, what main's head states, and what happens to them."""

from hub.catalog.models.activity import CatalogEvent, PullDay
from hub.catalog.models.facts import Ancestor, Card, CardText, ReportedResult, RepoTag
from hub.catalog.models.readers import Reader
from hub.catalog.models.repos import (
    MAIN,
    Commit,
    GitObject,
    Ref,
    Repo,
    RepoKind,
    RepoQuerySet,
    RepoRedirect,
    ReviewState,
    Severity,
    key_of,
    seen_by,
)

__all__ = [
    "MAIN",
    "Ancestor",
    "Card",
    "CardText",
    "CatalogEvent",
    "Commit",
    "GitObject",
    "PullDay",
    "Reader",
    "Ref",
    "Repo",
    "RepoKind",
    "RepoQuerySet",
    "RepoRedirect",
    "RepoTag",
    "ReportedResult",
    "ReviewState",
    "Severity",
    "key_of",
    "seen_by",
]
