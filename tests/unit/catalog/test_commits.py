import io

import pytest

from hub.accounts.viewer import Viewer
from hub.audit.models import AuditEvent
from hub.catalog import services
from hub.catalog.errors import (
    BadCommit,
    BadPath,
    BadWeights,
    CommitTooLarge,
    EntryNotFound,
    RevisionNotFound,
    StaleParent,
    UnknownContent,
)
from hub.catalog.models import Commit, GitObject, Repo
from hub.catalog.operations import AddInline, AddLfs, CopyFile, DeleteFile, DeleteFolder, Operation
from hub.catalog.selectors import find_file, find_repo, list_tree, repo_info, revision_of
from hub.storage import services as storage
from hub.storage.errors import NotHeld
from hub.storage.models import Holding
from tests.factories import make_repo, make_user, viewer_of

pytestmark = pytest.mark.django_db


def put(repo: Repo, *operations: Operation, by: Viewer | None = None, **fields) -> services.CommitResult:
    by = by or Viewer(user=repo.created_by)
    fields = {"revision": "main", "title": "Change"} | fields
    return services.commit(by=by, repo=repo, operations=operations, **fields)


def paths(repo: Repo, revision: str = "main") -> list[str]:
    entries = list_tree(revision_of(repo, revision), recursive=True).entries
    return [entry.path for entry in entries if entry.type == "file" and entry.path != ".gitattributes"]


def content(repo: Repo, path: str) -> bytes:
    at = find_file(Viewer(user=repo.created_by), repo.kind, repo.owner.name, repo.name, "main", path)
    return at.data if at.data is not None else storage.read_range(sha256=at.sha256, start=0, length=at.size)


def test_add_change_delete() -> None:
    repo = make_repo(files={"a": b"1", "d/b": b"2", "d/e/c": b"3"})
    put(repo, AddInline("a", b"4"), DeleteFile("d/b"), AddInline("new/x", b"5"))
    assert paths(repo) == ["a", "d/e/c", "new/x"] and content(repo, "a") == b"4"


def test_an_emptied_folder_and_an_emptied_repository_vanish() -> None:
    repo = make_repo(files={"d/b": b"2"})
    put(repo, DeleteFile("d/b"))
    assert paths(repo) == []
    put(repo, DeleteFile(".gitattributes"))
    assert list_tree(revision_of(repo, "main")).entries == ()
    put(repo, AddInline("a", b"1"))
    assert paths(repo) == ["a"]


@pytest.mark.parametrize("operation", [DeleteFile("d"), DeleteFolder("d"), DeleteFolder("d/")])
def test_folders_are_deleted_either_way(operation: Operation) -> None:
    repo = make_repo(files={"a": b"1", "d/b": b"2", "d/e/c": b"3"})
    put(repo, operation)
    assert paths(repo) == ["a"]


@pytest.mark.parametrize("operation", [DeleteFile("x"), DeleteFile("a/x"), DeleteFolder("a"), CopyFile("y", "x")])
def test_what_is_not_there_cannot_be_deleted_or_copied(operation: Operation) -> None:
    repo = make_repo(files={"a": b"1"})
    head = revision_of(repo, "main").commit
    with pytest.raises(EntryNotFound, match="with this name doesn't exist") as error:
        put(repo, operation)
    assert error.value.detail["commit"] == head == revision_of(repo, "main").commit


def test_delete_and_add_of_the_same_path() -> None:
    repo = make_repo(files={"a": b"1", "d/x": b"1"})
    put(repo, AddInline("a", b"2"), DeleteFile("a"), AddInline("d", b"file now"), DeleteFolder("d"))
    assert paths(repo) == ["a", "d"] and content(repo, "d") == b"file now"
    put(repo, DeleteFile("d"), AddInline("d/y/z", b"3"))
    assert paths(repo) == ["a", "d/y/z"]


@pytest.mark.parametrize("path", ["a/b", "d", "d/x/y/z"])
def test_a_file_does_not_replace_a_folder_unasked(path: str) -> None:
    repo = make_repo(files={"a": b"1", "d/x": b"1"})
    with pytest.raises(BadPath, match=r"in this commit"):
        put(repo, AddInline(path, b"2"))


def test_file_and_folder_of_one_name_in_one_commit() -> None:
    repo = make_repo()
    for operations in ([AddInline("x", b""), AddInline("x/y", b"")], [AddInline("x/y", b""), AddInline("x", b"")]):
        with pytest.raises(BadPath):
            put(repo, *operations)


def test_a_path_twice() -> None:
    with pytest.raises(BadCommit, match="added twice"):
        put(make_repo(), AddInline("a", b"1"), AddInline("a", b"2"))


def test_copies() -> None:
    repo = make_repo(files={"a": b"1", "d/b": b"2"})
    first = revision_of(repo, "main").commit
    put(repo, AddInline("a", b"changed"))
    put(repo, CopyFile("old", "a", first), CopyFile("e", "d"), CopyFile("now", "a"))
    assert paths(repo) == ["a", "d/b", "e/b", "now", "old"]
    assert content(repo, "old") == b"1" and content(repo, "now") == b"changed"


@pytest.mark.parametrize("size", [0, 10, 64 * 1024, 64 * 1024 + 1])
def test_regular_content_in_memory_in_a_file_and_in_storage(size: int) -> None:
    repo, data = make_repo(), b"x" * size
    blob = storage.store_bytes(scope=repo.scope, data=data)
    put(repo, AddInline("a", data), AddInline("b", io.BytesIO(data)), AddInline("c", blob.sha256))
    found = list_tree(revision_of(repo, "main")).entries[1:]
    assert len({entry.oid for entry in found}) == 1 and {entry.size for entry in found} == {size}
    assert all(content(repo, path) == data for path in "abc")
    is_large = size > 64 * 1024
    assert Holding.objects.filter(scope=repo.scope, committed_at__isnull=False).exists() == is_large


def test_large_files() -> None:
    repo = make_repo()
    blob = storage.store_bytes(scope=repo.scope, data=b"L" * 99)
    put(repo, AddLfs("m.bin", blob.sha256, 99), AddLfs("copy.bin", blob.sha256))
    entry = list_tree(revision_of(repo, "main"), "m.bin").entries[0]
    assert entry.size == 99 and entry.lfs is not None
    assert (entry.lfs.sha256, entry.lfs.size, entry.lfs.pointer_size) == (blob.sha256, 99, 127)
    assert Holding.objects.get(scope=repo.scope).committed_at
    with pytest.raises(BadCommit, match="not 98"):
        put(repo, AddLfs("x.bin", blob.sha256, 98))


def test_content_of_others_cannot_be_named_unless_it_can_be_read() -> None:
    secret, public, mine = make_repo(private=True), make_repo(), make_repo()
    for repo, data in ((secret, b"secret"), (public, b"public")):
        blob = storage.store_bytes(scope=repo.scope, data=data)
        with pytest.raises(UnknownContent):
            put(mine, AddLfs("a.bin", blob.sha256))
        put(repo, AddLfs("a.bin", blob.sha256))
        if repo is secret:
            with pytest.raises(UnknownContent, match="Upload it"):
                put(mine, AddLfs("a.bin", blob.sha256))
            with pytest.raises(UnknownContent):
                put(mine, AddInline("a.txt", blob.sha256))
        else:
            put(mine, AddLfs("a.bin", blob.sha256))
            services.delete_repo(by=viewer_of(public.created_by), repo=public)
            assert content(mine, "a.bin") == data
    with pytest.raises(UnknownContent):
        put(mine, AddLfs("b.bin", "0" * 64))


def test_gated_content_cannot_be_named_by_those_outside() -> None:
    gated, mine = make_repo(), make_repo()
    blob = storage.store_bytes(scope=gated.scope, data=b"gated")
    put(gated, AddLfs("a.bin", blob.sha256))
    services.update_settings(by=viewer_of(gated.created_by), repo=gated, gated="manual")
    with pytest.raises(UnknownContent):
        put(mine, AddLfs("a.bin", blob.sha256))


def test_bytes_collected_before_the_commit_are_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    repo = make_repo()
    blob = storage.store_bytes(scope=repo.scope, data=b"L" * 99)
    head = revision_of(repo, "main").commit
    real = storage.keep

    def collected(**fields) -> None:
        Holding.objects.all().delete()
        real(**fields)

    monkeypatch.setattr(storage, "keep", collected)
    with pytest.raises(NotHeld):
        put(repo, AddLfs("m.bin", blob.sha256))
    assert revision_of(repo, "main").commit == head and repo.commits.count() == 1


def test_weights_are_read_and_counted(weights: bytes) -> None:
    repo = make_repo()
    blob = storage.store_bytes(scope=repo.scope, data=weights)
    put(repo, AddLfs("model.safetensors", blob.sha256), AddInline("other.safetensors", weights))
    repo = find_repo(Viewer(), "model", repo.owner.name, repo.name)
    assert repo.card.parameters == {"F32": 6, "I8": 2} and "safetensors" in repo_info(repo).tags
    put(repo, DeleteFile("model.safetensors"), DeleteFile("other.safetensors"))
    assert repo_info(find_repo(Viewer(), "model", repo.owner.name, repo.name)).parameters == {}


def test_weights_that_had_another_name_are_read_too(weights: bytes) -> None:
    repo = make_repo(files={"a.bin": weights, "bad.bin": b"123456789"})
    put(repo, CopyFile("model.safetensors", "a.bin"))
    assert find_repo(Viewer(), "model", repo.owner.name, repo.name).card.parameters == {"F32": 6, "I8": 2}
    with pytest.raises(BadWeights):
        put(repo, CopyFile("model.safetensors", "bad.bin"))


@pytest.mark.parametrize("is_large", [True, False])
def test_broken_weights_are_refused(is_large: bool) -> None:
    repo, data = make_repo(), b"123456789"
    blob = storage.store_bytes(scope=repo.scope, data=data)
    with pytest.raises(BadWeights, match=r"a/model\.safetensors is not a valid"):
        put(repo, AddLfs("a/model.safetensors", blob.sha256) if is_large else AddInline("a/model.safetensors", data))
    assert paths(repo) == []


def test_the_card_follows_main_only() -> None:
    repo = make_repo(files={"README.md": b"---\nlicense: mit\n---\n# M\n\nSomething about this model.\n"})
    services.create_branch(by=Viewer(user=repo.created_by), repo=repo, name="dev")
    put(repo, AddInline("README.md", b"---\nlicense: apache-2.0\n---\n"), revision="dev")
    info = repo_info(find_repo(Viewer(), "model", repo.owner.name, repo.name))
    assert (info.license, info.tags, info.summary) == ("mit", ("license:mit",), "Something about this model.")
    put(repo, DeleteFile("README.md"))
    info = repo_info(find_repo(Viewer(), "model", repo.owner.name, repo.name))
    assert (info.license, info.tags, info.summary, info.metadata) == ("", (), "", {})


def test_a_faulty_card_is_stored_all_the_same() -> None:
    repo = make_repo(files={"README.md": b"---\na: [\n---\n\xff\0"})
    assert find_repo(Viewer(), "model", repo.owner.name, repo.name).card.metadata == {}


def test_stale_parent_says_both_sentences() -> None:
    repo = make_repo()
    parent = revision_of(repo, "main").commit
    put(repo, AddInline("a", b"1"), parent=parent[:7])
    with pytest.raises(StaleParent) as error:
        put(repo, AddInline("b", b"1"), parent=parent)
    assert "The branch was updated since you opened this page. Please refresh and try again." in str(error.value)
    assert "A commit has happened since. Please refresh and try again." in str(error.value)


@pytest.mark.parametrize("with_parent", [True, False])
def test_a_commit_sent_again_is_answered_with_the_first(with_parent: bool) -> None:
    repo = make_repo(files={"old": b"1"})
    parent = revision_of(repo, "main").commit if with_parent else None
    first = put(repo, AddInline("a", b"1"), DeleteFile("old"), parent=parent)
    again = put(repo, AddInline("a", b"1"), DeleteFile("old"), parent=parent)
    assert first.is_new and not again.is_new and first.oid == again.oid and repo.commits.count() == 3


def test_nothing_changed_makes_no_commit() -> None:
    repo = make_repo(files={"a": b"1"})
    assert not put(repo, AddInline("a", b"1")).is_new
    assert not put(repo).is_new


def test_only_branches_take_commits() -> None:
    repo = make_repo()
    by = Viewer(user=repo.created_by)
    services.create_tag(by=by, repo=repo, name="v1")
    for revision in ("v1", revision_of(repo, "main").commit):
        with pytest.raises(BadCommit, match="not a branch"):
            put(repo, AddInline("a", b""), revision=revision)
    for revision in ("nope", "a\0b", "\ud800", ""):
        with pytest.raises(RevisionNotFound):
            put(repo, AddInline("a", b""), revision=revision)


@pytest.mark.parametrize(("title", "description"), [("", ""), (" \n", ""), ("x" * 1001, ""), ("x", "y" * 70_000)])
def test_titles_refused(title: str, description: str) -> None:
    with pytest.raises(BadCommit):
        put(make_repo(), AddInline("a", b""), title=title, description=description)


def test_odd_titles_are_stored() -> None:
    repo = make_repo()
    put(repo, AddInline("a", b""), title="Zero\0 and \ud800\nmore", description="é")
    row = Commit.objects.latest("pk")
    assert (row.title, row.message) == ("Zero\ufffd and ?", "more\n\né")


def test_limits(settings) -> None:
    repo = make_repo()
    settings.MAX_COMMIT_OPERATIONS, settings.MAX_INLINE_FILE = 1, 5
    with pytest.raises(CommitTooLarge, match="up to 1 operations"):
        put(repo, AddInline("a", b""), AddInline("b", b""))
    with pytest.raises(CommitTooLarge, match="up to 5 can"):
        put(repo, AddInline("a", b"123456"))


def test_it_is_on_record() -> None:
    repo = make_repo(files={"a": b"1"})
    event = AuditEvent.objects.latest("number")
    assert (event.actor, event.action, event.subject) == (
        repo.created_by.username,
        "repo.commit",
        f"models/{repo.full_name}",
    )
    assert event.detail["commit"] == revision_of(repo, "main").commit


def test_objects_are_shared_between_repositories() -> None:
    user = make_user()
    make_repo(owner=user, files={"d/a": b"1"})
    before = GitObject.objects.count()
    make_repo(owner=user, files={"d/a": b"1"})
    added = GitObject.objects.count() - before
    assert added <= 2  # commits; fewer when both were made within a second


def test_many_files_take_few_queries(django_assert_max_num_queries) -> None:
    repo = make_repo()
    with django_assert_max_num_queries(40):
        put(repo, *(AddInline(f"d{number % 7}/f{number}", b"%d" % number) for number in range(300)))
