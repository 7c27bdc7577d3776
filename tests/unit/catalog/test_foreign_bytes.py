"""Git objects and bytes are shared by all repositories; knowing an id or a hash must open none of them."""

import hashlib
from typing import Any

import pytest

from hub.catalog import git, services
from hub.catalog.errors import BadCommit, RevisionNotFound, UnknownContent
from hub.catalog.models import Commit, GitObject
from hub.catalog.operations import AddInline, AddLfs
from hub.catalog.selectors import find_file, revision_of
from hub.storage import services as storage
from tests.factories import make_repo, make_user, viewer_of

pytestmark = pytest.mark.django_db
SECRET = b"weights that nobody else may have" * 100
SHA256 = hashlib.sha256(SECRET).hexdigest()
POINTER = git.pointer_text(SHA256, len(SECRET))


@pytest.fixture
def private() -> Any:
    """A private repository with a large file in a folder of its own."""
    owner = make_user()
    repo = make_repo(owner=owner, private=True)
    storage.store_bytes(scope=repo.scope, data=SECRET)
    services.commit(
        by=viewer_of(owner), repo=repo, revision="main", operations=[AddLfs("onnx/model.onnx", SHA256)], title="x"
    )
    return repo


@pytest.mark.parametrize("stored", [False, True])
def test_a_pointer_sent_as_a_regular_file_brings_no_bytes(private: Any, stored: bool) -> None:
    thief = make_user()
    repo = make_repo(owner=thief)
    data = storage.store_bytes(scope=repo.scope, data=POINTER).sha256 if stored else POINTER
    with pytest.raises(UnknownContent):
        services.commit(
            by=viewer_of(thief),
            repo=repo,
            revision="main",
            operations=[AddInline("onnx/model.onnx", data)],
            title="Take it",
        )


def test_a_pointer_sent_first_does_not_spoil_the_file_of_another() -> None:
    spoiler, owner = make_user(), make_user()
    for by, operations in (
        (spoiler, [AddInline("onnx/model.onnx", POINTER)]),
        (owner, [AddLfs("onnx/model.onnx", SHA256)]),
    ):
        repo = make_repo(owner=by)
        if by == owner:
            storage.store_bytes(scope=repo.scope, data=SECRET)
            services.commit(by=viewer_of(by), repo=repo, revision="main", operations=operations, title="x")
        else:
            with pytest.raises(UnknownContent):
                services.commit(by=viewer_of(by), repo=repo, revision="main", operations=operations, title="x")
    file = find_file(viewer_of(owner), "model", owner.username, repo.name, "main", "onnx/model.onnx")
    assert file.is_lfs and file.sha256 == SHA256


def test_the_pointer_of_ones_own_bytes_is_the_large_file(user: Any) -> None:
    repo = make_repo(owner=user)
    storage.store_bytes(scope=repo.scope, data=SECRET)
    commit = {"by": viewer_of(user), "repo": repo, "revision": "main", "title": "x"}
    services.commit(**commit, operations=[AddInline("a/model.onnx", POINTER)])
    file = find_file(viewer_of(user), "model", user.username, repo.name, "main", "a/model.onnx")
    assert file.is_lfs and (file.sha256, file.size) == (SHA256, len(SECRET))
    with pytest.raises(BadCommit):
        services.commit(**commit, operations=[AddInline("b", git.pointer_text(SHA256, 5))])


def test_no_id_of_another_repository_is_a_revision(private: Any) -> None:
    ours = make_repo()
    last = Commit.objects.filter(repo=private).order_by("-pk").first()
    assert last is not None
    blob = GitObject.objects.filter(kind="blob").first()
    assert blob is not None
    for oid in (last.oid, last.oid[:12], last.tree, last.tree[:12], blob.oid):
        with pytest.raises(RevisionNotFound):
            revision_of(ours, oid)
        with pytest.raises(RevisionNotFound):
            find_file(viewer_of(ours.created_by), "model", ours.owner.name, ours.name, oid, "onnx/model.onnx")
