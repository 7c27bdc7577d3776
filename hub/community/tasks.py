"""Telling people, after the change that they are told of."""

import logging

from hub.community import services
from hub.core.tasks import task

logger = logging.getLogger(__name__)


@task("community.repo_changed")
def repo_changed(*, repo: int, change: str, by: str, word: str = "") -> None:
    """Before: a repository changed. After: who watches it (or its owner) and may see it has a notification."""
    services.tell_of_change(repo_id=repo, kind=change, by=by, word=word)


@task("community.repo_liked")
def repo_liked(*, repo: int, by: str) -> None:
    """Before: somebody likes a repository. After: its owner has a notification."""
    services.tell_of_like(repo_id=repo, by=by)


@task("community.review_told")
def review_told(*, repo: int, kind: str, by: str, word: str, people: list[str], only: bool) -> None:
    """Before: a review moved. After: whom it concerns, and who may see the repository, has a notification."""
    services.tell_of_review(repo_id=repo, kind=kind, by=by, word=word, people=people, only=only)


@task("community.licence_left")
def licence_left(*, repo: int, base: int, by: str) -> None:
    """Before: something was published under a freer licence than what it was made from allows. After: the owner of that
    has a notification."""
    services.tell_of_licence(repo_id=repo, base_id=base, by=by)


@task("community.access_asked")
def access_asked(*, repo: int, by: str, status: str) -> None:
    """Before: somebody asked for access to a gated repository. After: who decides has a notification, unless the gate
    opened by itself."""
    if status == "pending":
        services.tell_of_request(repo_id=repo, by=by)


@task("community.access_decided")
def access_decided(*, repo: int, reader: int, by: str, status: str) -> None:
    """Before: somebody's access was decided on, or ran out. After: they have a notification."""
    services.tell_of_access(repo_id=repo, reader_id=reader, by=by, status=status)


@task("community.forget_read")
def forget_read() -> None:
    """Before: notifications that were read long ago. After: up to 10,000 of them are gone."""
    if count := services.forget_read():
        logger.info("Forgot %d notifications that were read long ago.", count)
