"""Several at once, each in a thread with a connection of its own."""

import threading
import time
from collections.abc import Callable

import pytest

from hub.accounts.viewer import Viewer
from hub.catalog import services
from hub.catalog.errors import RefExists, RepoExists, StaleParent
from hub.catalog.models import Card, CatalogEvent, Commit, Ref, Repo
from hub.catalog.operations import AddInline
from hub.catalog.selectors import list_commits, list_tree, revision_of
from hub.catalog.services import CommitResult
from hub.catalog.services.events import changed
from hub.core.transactions import write_transaction
from tests.concurrency import together
from tests.factories import make_repo, make_user, viewer_of

pytestmark = pytest.mark.django_db(transaction=True)


def adding(repo: Repo, name: str, parent: str | None = None, data: bytes = b"1") -> Callable[[], CommitResult]:
    def call() -> CommitResult:
        return services.commit(
            by=Viewer(user=repo.created_by),
            repo=repo,
            revision="main",
            operations=[AddInline(name, data)],
            title=f"Add {name}",
            parent=parent,
        )

    return call


def test_commits_without_a_parent_line_up() -> None:
    repo = make_repo()
    results = together(*(adding(repo, f"d/f{number}") for number in range(4)))
    assert all(isinstance(result, CommitResult) and result.is_new for result in results), results
    at = revision_of(repo, "main")
    names = [entry.path for entry in list_tree(at, "d").entries]
    assert names == [f"d/f{number}" for number in range(4)] and len(list_commits(at)) == 5


def test_of_two_commits_with_one_parent_one_wins() -> None:
    repo = make_repo()
    parent = revision_of(repo, "main").commit
    results = together(*(adding(repo, f"f{number}", parent) for number in range(3)))
    won = [result for result in results if isinstance(result, CommitResult)]
    assert len(won) == 1 and sum(isinstance(result, StaleParent) for result in results) == 2, results
    assert revision_of(repo, "main").commit == won[0].oid and Commit.objects.filter(repo=repo).count() == 2


def test_the_same_commit_sent_twice_at_once_is_made_once() -> None:
    repo = make_repo()
    parent = revision_of(repo, "main").commit
    results = together(*[adding(repo, "same", parent)] * 2)
    assert all(isinstance(result, CommitResult) for result in results), results
    assert Commit.objects.filter(repo=repo).count() == 2


def test_one_name_is_taken_once() -> None:
    by = viewer_of(make_user())

    def create() -> Repo:
        return services.create_repo(by=by, kind="model", owner=None, name="m")

    results = together(create, create, create)
    assert sum(isinstance(result, Repo) for result in results) == 1
    assert sum(isinstance(result, RepoExists) for result in results) == 2, results
    assert Card.objects.count() == 1


def test_one_branch_is_made_once() -> None:
    repo = make_repo()

    def create() -> Ref:
        return services.create_branch(by=Viewer(user=repo.created_by), repo=repo, name="b")

    results = together(create, create)
    assert sorted(type(result) for result in results if not isinstance(result, Ref)) == [RefExists]


def test_commits_to_two_branches_do_not_meet() -> None:
    repo = make_repo()
    services.create_branch(by=Viewer(user=repo.created_by), repo=repo, name="b")

    def other() -> CommitResult:
        return services.commit(
            by=Viewer(user=repo.created_by),
            repo=repo,
            revision="b",
            operations=[AddInline("x", b"1")],
            title="Add x",
        )

    results = together(adding(repo, "x"), other)
    assert all(isinstance(result, CommitResult) and result.is_new for result in results), results


def test_no_event_becomes_visible_after_a_later_one() -> None:
    """Whoever follows the trail goes on from the last event it saw, and would miss it."""
    written, seen = threading.Event(), []

    def slow() -> None:
        with write_transaction():
            changed(1)
            written.set()
            time.sleep(0.3)

    def quick() -> None:
        written.wait(timeout=30)
        with write_transaction():
            changed(2)
        seen.extend(CatalogEvent.objects.order_by("seq").values_list("repo_id", flat=True))

    assert together(slow, quick) == [None, None]
    assert seen == [1, 2]
