import pytest

from hub.accounts.viewer import Viewer
from hub.catalog import services, trees
from hub.catalog.errors import EntryNotFound
from hub.catalog.models import Repo
from hub.catalog.operations import AddInline, DeleteFile
from hub.catalog.selectors import is_ignored, is_lfs_path, list_commits, list_tree, paths_info, repo_info, revision_of
from tests.factories import make_repo

pytestmark = pytest.mark.django_db
FILES = {"a.txt": b"1", "a/b": b"22", "a/c/d": b"333", "a0": b"4444", "z": b""}
ALL = [".gitattributes", "a.txt", "a", "a/b", "a/c", "a/c/d", "a0", "z"]


@pytest.fixture
def repo() -> Repo:
    return make_repo(files=FILES)


def put(repo: Repo, *operations, title: str) -> None:
    by = Viewer(user=repo.created_by)
    services.commit(by=by, repo=repo, revision="main", operations=operations, title=title)


def test_folders_are_entries_too(repo: Repo) -> None:
    entries = list_tree(revision_of(repo, "main"), recursive=True).entries
    assert [entry.path for entry in entries] == ALL
    assert {entry.path: entry.type for entry in entries}["a/c"] == "directory"
    assert {entry.path: entry.size for entry in entries}["a/c/d"] == 3
    assert [entry.path for entry in list_tree(revision_of(repo, "main")).entries] == [
        path for path in ALL if "/" not in path
    ]


@pytest.mark.parametrize("path", ["a", "/a/", "a/"])
def test_below_a_folder(repo: Repo, path: str) -> None:
    at = revision_of(repo, "main")
    assert [entry.path for entry in list_tree(at, path).entries] == ["a/b", "a/c"]
    assert [entry.path for entry in list_tree(at, path, recursive=True).entries] == ["a/b", "a/c", "a/c/d"]


def test_a_file_lists_itself(repo: Repo) -> None:
    (entry,) = list_tree(revision_of(repo, "main"), "a/c/d").entries
    assert (entry.path, entry.type, entry.size) == ("a/c/d", "file", 3)


@pytest.mark.parametrize("path", ["x", "a/x", "z/x"])
def test_nothing_there(repo: Repo, path: str) -> None:
    at = revision_of(repo, "main")
    with pytest.raises(EntryNotFound) as error:
        list_tree(at, path)
    assert error.value.detail["commit"] == at.commit


@pytest.mark.parametrize("limit", [1, 2, 3, 8])
def test_pages_hold_each_entry_once(repo: Repo, limit: int) -> None:
    at, seen, after = revision_of(repo, "main"), [], None
    while True:
        page = list_tree(at, recursive=True, limit=limit, after=after)
        seen += [entry.path for entry in page.entries]
        if (after := page.next) is None:
            break
    assert seen == ALL


def test_last_commits(repo: Repo) -> None:
    put(repo, AddInline("a/c/e", b"5"), title="two")
    put(repo, AddInline("z", b"6"), title="three")
    put(repo, DeleteFile("a/c/d"), title="four")
    entries = list_tree(revision_of(repo, "main"), recursive=True, expand=True).entries
    titles = {entry.path: entry.last_commit.title for entry in entries if entry.last_commit}
    assert titles["a"] == titles["a/c"] == "four" and titles["a/c/e"] == "two" and titles["z"] == "three"
    assert titles["a/b"] == "Add files" and titles[".gitattributes"] == "initial commit"


def test_paths_info(repo: Repo) -> None:
    found = paths_info(revision_of(repo, "main"), ["z", "nope", "a", "a/c/d", "z", "", "a\0", "\ud800"], expand=True)
    assert [(entry.path, entry.type) for entry in found] == [("z", "file"), ("a", "directory"), ("a/c/d", "file")]
    assert all(entry.last_commit for entry in found)


def test_history_in_pages(repo: Repo) -> None:
    for number in range(5):
        put(repo, AddInline("n", b"%d" % number), title=str(number))
    at = revision_of(repo, "main")
    titles = ["4", "3", "2", "1", "0", "Add files", "initial commit"]
    assert [commit.title for commit in list_commits(at, 0, 100)] == titles
    assert [commit.title for commit in list_commits(at, 2, 3)] == titles[2:5]
    assert list_commits(at, 7, 3) == list_commits(at, 0, 0) == []
    middle = list_commits(at, 3, 1)[0].oid
    assert [commit.title for commit in list_commits(revision_of(repo, middle))] == titles[3:]


def test_query_counts(repo: Repo, django_assert_num_queries) -> None:
    at = revision_of(repo, "main")
    trees.cache.clear()
    with django_assert_num_queries(3):  # cold: one for each level
        list_tree(at, recursive=True)
    with django_assert_num_queries(0):
        list_tree(at, recursive=True)
        paths_info(at, FILES)
    with django_assert_num_queries(2):
        list_commits(at)
    repo = Repo.objects.select_related("owner", "card", "scope").get()
    with django_assert_num_queries(3):  # commit, tags, used bytes
        repo_info(repo, "main")
    put(repo, AddInline(".gitignore", b"*.log\n"), title="ignore")
    at = revision_of(repo, "main")
    with django_assert_num_queries(3):  # the tree and two files of rules, once
        assert is_lfs_path(at, "a.bin", 5, b"abc") and not is_lfs_path(at, "a.txt", 5, b"abc")
        assert is_ignored(at, "a.log") and not is_ignored(at, "a.log", "")
        assert is_lfs_path(at, "b.bin", 5, b"abc") and is_ignored(at, "b.log")


def test_rules_without_a_revision() -> None:
    assert is_lfs_path(None, "a.bin", 5, b"abc") and not is_ignored(None, "a.log")
