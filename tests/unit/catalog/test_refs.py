import pytest

from hub.accounts.viewer import Viewer
from hub.catalog import services
from hub.catalog.errors import BadRef, ProtectedRef, RefExists, RevisionNotFound
from hub.catalog.models import Repo
from hub.catalog.operations import AddInline
from hub.catalog.selectors import list_refs, revision_of
from tests.factories import make_repo

pytestmark = pytest.mark.django_db


@pytest.fixture
def repo() -> Repo:
    return make_repo(files={"a": b"1"})


@pytest.fixture
def by(repo: Repo) -> Viewer:
    return Viewer(user=repo.created_by)


def test_branches_and_tags(repo: Repo, by: Viewer) -> None:
    head = revision_of(repo, "main").commit
    first = repo.commits.get(parent="").oid
    services.create_branch(by=by, repo=repo, name="a/b")
    services.create_branch(by=by, repo=repo, name="old", start=first[:7])
    services.create_tag(by=by, repo=repo, name="v1", revision="old", message="One")
    services.create_tag(by=by, repo=repo, name="main", revision="main")
    refs = list_refs(repo)
    assert [(ref.name, ref.ref, ref.target) for ref in refs.branches] == [
        ("main", "refs/heads/main", head),
        ("a/b", "refs/heads/a/b", head),
        ("old", "refs/heads/old", first),
    ]
    assert [(ref.name, ref.target, ref.message) for ref in refs.tags] == [("main", head, ""), ("v1", first, "One")]


def test_a_branch_that_exists(repo: Repo, by: Viewer) -> None:
    with pytest.raises(RefExists, match=r"^Reference refs/heads/main already exists$"):
        services.create_branch(by=by, repo=repo, name="main")
    services.create_tag(by=by, repo=repo, name="x")
    assert services.create_branch(by=by, repo=repo, name="x")
    with pytest.raises(RefExists, match=r"^Reference refs/tags/x already exists$"):
        services.create_tag(by=by, repo=repo, name="x")


def test_main_stays(repo: Repo, by: Viewer) -> None:
    for name in ("main", "refs/heads/main"):
        with pytest.raises(ProtectedRef, match=r"^Cannot delete refs/heads/main$"):
            services.delete_branch(by=by, repo=repo, name=name)


def test_deleted_branches_leave_their_commits(repo: Repo, by: Viewer) -> None:
    services.create_branch(by=by, repo=repo, name="b")
    made = services.commit(by=by, repo=repo, revision="b", operations=[AddInline("x", b"1")], title="x")
    services.delete_branch(by=by, repo=repo, name="b")
    assert revision_of(repo, made.oid[:8]).commit == made.oid
    for name in ("b", "nope", "a\0b", "\ud800"):
        with pytest.raises(RevisionNotFound, match=r"^Invalid rev id: "):
            services.delete_branch(by=by, repo=repo, name=name)


def test_tags_are_checked_in_this_order(repo: Repo, by: Viewer) -> None:
    with pytest.raises(RevisionNotFound):
        services.create_tag(by=by, repo=repo, name="bad name", revision="nope")
    with pytest.raises(BadRef):
        services.create_tag(by=by, repo=repo, name="bad name")
    services.create_branch(by=by, repo=repo, name="b")
    for name in ("v9", "b"):
        with pytest.raises(RevisionNotFound):
            services.delete_tag(by=by, repo=repo, name=name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a b",
        "a..b",
        "a~",
        "a^",
        "a:b",
        "a?",
        "a*",
        "a[",
        "a\\b",
        "/a",
        "a/",
        "a//b",
        ".a",
        "a/.b",
        "a.",
        "-a",
        "a.lock",
        "a.lock/b",
        "@",
        "a@{b",
        "HEAD",
        "0" * 40,
        "a\0",
        "\ud800",
        "x" * 201,
        "refs/x",
    ],
)
def test_bad_names(repo: Repo, by: Viewer, name: str) -> None:
    with pytest.raises(BadRef):
        services.create_branch(by=by, repo=repo, name=name)
