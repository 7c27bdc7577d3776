"""The way of every pull: right for each revision, and cheap."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hub.accounts.selectors import viewer_for_token
from hub.accounts.viewer import ANONYMOUS, Viewer
from hub.catalog import services, trees
from hub.catalog.errors import EntryNotFound, GatedRepo, RepoDisabled, RepoMoved, RepoNotFound, RevisionNotFound
from hub.catalog.models import Repo
from hub.catalog.operations import AddInline
from hub.catalog.selectors import current_files, find_file, revision_of
from tests.factories import make_org, make_repo, make_token, make_user, viewer_of

pytestmark = pytest.mark.django_db


def find(repo: Repo, path: str, revision: str = "main", viewer: Viewer = ANONYMOUS):
    return find_file(viewer, repo.kind, repo.owner.name, repo.name, revision, path)


def queries(repo: Repo, path: str, secret: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        find(repo, path, viewer=viewer_for_token(secret))
    return len(captured)


@pytest.mark.parametrize("private", [True, False])
def test_a_head_takes_four_queries_at_most(private: bool) -> None:
    user = make_user()
    org = make_org(read=user)
    repo = make_repo(owner=org.namespace.name, private=private, files={"a": b"1", "d/e/f/b": b"2"})
    secret = make_token(user, "read")
    trees.cache.clear()
    assert queries(repo, "a", secret) <= 4  # cold
    assert queries(repo, "a", secret) <= 3
    trees.cache.clear()
    assert queries(repo, "d/e/f/b", secret) <= 7  # cold: one for each level
    assert queries(repo, "d/e/f/b", secret) <= 3


def test_by_commit_id_as_cheap(django_assert_num_queries) -> None:
    repo = make_repo(files={"a": b"1"})
    commit = revision_of(repo, "main").commit
    find(repo, "a", commit)
    with django_assert_num_queries(1):
        find(repo, "a", commit)


def test_every_form_of_revision() -> None:
    repo = make_repo(files={"a": b"1"})
    by = viewer_of(repo.created_by)
    services.create_branch(by=by, repo=repo, name="feature/x")
    services.create_tag(by=by, repo=repo, name="v1")
    commit = revision_of(repo, "main").commit
    for revision in ("main", "refs/heads/main", "feature/x", "v1", "refs/tags/v1", commit, commit[:5], commit[:39]):
        assert find(repo, "a", revision).commit == commit
    assert find(repo, "a", commit.upper()).commit == commit


@pytest.mark.parametrize(
    "revision", ["nope", "refs/heads/nope", "abcde", "0" * 40, "1234", "a\0", "\ud800", "", "%", "_ain"]
)
def test_unknown_revisions(revision: str) -> None:
    repo = make_repo(files={"a": b"1"})
    with pytest.raises(RevisionNotFound, match="Invalid rev id"):
        find(repo, "a", revision)


def test_a_branch_goes_before_a_tag() -> None:
    repo = make_repo(files={"a": b"1"})
    by = viewer_of(repo.created_by)
    first = revision_of(repo, "main").commit
    services.create_tag(by=by, repo=repo, name="x")
    services.create_branch(by=by, repo=repo, name="x")
    made = services.commit(by=by, repo=repo, revision="x", operations=[AddInline("a", b"2")], title="c")
    assert find(repo, "a", "x").commit == made.oid == revision_of(repo, "x").commit != first


def test_missing_files_name_the_commit() -> None:
    repo = make_repo(files={"d/a": b"1"})
    for path in ("x", "d", "d/a/b", "d/x", "", "/", "a\0", "\ud800"):
        with pytest.raises(EntryNotFound) as error:
            find(repo, path)
        assert error.value.detail["commit"] == revision_of(repo, "main").commit


def test_only_commits_of_this_repository_are_found() -> None:
    mine, other = make_repo(files={"a": b"1"}), make_repo(private=True, files={"secret": b"1"})
    commit = revision_of(other, "main").commit
    for revision in (commit, commit[:10]):
        with pytest.raises(RevisionNotFound):
            find(mine, "secret", revision)


@pytest.mark.parametrize("name", ["nope", "a\0b", "\ud800", "x" * 500])
def test_missing_repositories(name: str) -> None:
    repo = make_repo()
    with pytest.raises(RepoNotFound):
        find_file(ANONYMOUS, "model", repo.owner.name, name, "main", "a")


def test_moved_repositories_say_where_to() -> None:
    repo = make_repo(name="old", files={"a": b"1"})
    services.move_repo(by=viewer_of(repo.created_by), repo=repo, to_owner=repo.owner.name, to_name="new")
    with pytest.raises(RepoMoved) as error:
        find_file(ANONYMOUS, "model", repo.owner.name, "OLD", "main", "a")
    assert error.value.detail["to"] == f"{repo.owner.name}/new"
    services.update_settings(by=viewer_of(repo.created_by), repo=repo, private=True)
    with pytest.raises(RepoNotFound):
        find_file(ANONYMOUS, "model", repo.owner.name, "old", "main", "a")


def test_gated_files_are_for_members() -> None:
    repo = make_repo(files={"a": b"1"})
    services.update_settings(by=viewer_of(repo.created_by), repo=repo, gated="auto")
    with pytest.raises(GatedRepo, match=r"Access to model .* is restricted and you are not in the authorized list"):
        find(repo, "a", viewer=viewer_of(make_user()))
    assert find(repo, "a", viewer=viewer_of(repo.created_by)).data == b"1"


def test_disabled_repositories_say_so_in_these_words() -> None:
    repo = make_repo(files={"a": b"1"})
    Repo.objects.filter(pk=repo.pk).update(is_disabled=True)
    with pytest.raises(RepoDisabled) as error:
        find(repo, "a", viewer=viewer_of(repo.created_by))
    assert str(error.value) == "Access to this resource is disabled."


def test_current_files() -> None:
    repo = make_repo(files={"a": b"1", "d/b": b"2"})
    found = current_files(repo, "main", ["a", "d/b", "d", "x", "a/b", ""])
    assert found == {"a": find(repo, "a").oid, "d/b": find(repo, "d/b").oid}
