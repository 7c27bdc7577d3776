"""What the hub computes is what the git program computes."""

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hub.catalog import git, services
from hub.catalog.edits import Edits, apply
from hub.catalog.models import GitObject
from hub.catalog.operations import AddInline, AddLfs
from hub.catalog.selectors import find_file, revision_of
from hub.catalog.trees import EMPTY_TREE, Entry
from hub.storage import services as storage
from tests.factories import make_repo, make_user, viewer_of

NAME = st.text(st.sampled_from("ab.-_ é漢😀0Z~"), min_size=1, max_size=5).filter(
    lambda name: name not in {".", ".."} and not name.startswith(".git")
)
PATH = st.lists(NAME, min_size=1, max_size=3).map("/".join)


def run(folder: Path, *arguments: str, data: bytes | None = None, **env: str) -> str:
    base = {"HOME": str(folder), "PATH": "/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1"}
    done = subprocess.run(["git", *arguments], cwd=folder, input=data, capture_output=True, check=True, env=base | env)
    return done.stdout.decode().strip()


def add(folder: Path, files: dict[str, bytes]) -> str:
    """The id of the tree with these files, as git says it."""
    lines = []
    for path, data in files.items():
        oid = run(folder, "hash-object", "-w", "--stdin", data=data)
        lines.append(f"100644 {oid}\t{path}\0")
    run(folder, "update-index", "-z", "--add", "--index-info", data="".join(lines).encode())
    return run(folder, "write-tree")


@pytest.mark.django_db
def test_git_agrees_on_blobs_trees_and_commits(tmp_path: Path) -> None:
    user = make_user("ada")
    viewer = viewer_of(user)
    repo = make_repo(owner=user)
    large = storage.store_bytes(scope=repo.scope, data=b"L" * 1000)
    files = {"a b.txt": b"one\n", "a/ü.md": b"two", "a.txt": b"", "a/b/c": b"x" * (git.INLINE_LIMIT + 1)}
    operations = [AddInline(path, data) for path, data in files.items()]
    made = services.commit(
        by=viewer,
        repo=repo,
        revision="main",
        title="Add é",
        description="Why\n\nso",
        operations=[*operations, AddLfs("big.bin", large.sha256)],
    )
    rules = find_file(viewer, "model", "ada", repo.name, "main", ".gitattributes").data or b""
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize 1000\n" % large.sha256.encode()
    run(tmp_path, "init", "-q")
    tree = add(tmp_path, files | {".gitattributes": rules, "big.bin": pointer})
    assert revision_of(repo, "main").tree == tree
    ours = GitObject.objects.get(oid=made.oid)
    assert run(tmp_path, "hash-object", "-w", "-t", "commit", "--stdin", data=bytes(ours.data or b"")) == made.oid
    row = repo.commits.get(oid=made.oid)
    when = f"{int(row.committed_at.timestamp())} +0000"
    who = {"NAME": "ada", "EMAIL": "ada@users.noreply.headstart", "DATE": when}
    env = {f"GIT_{role}_{name}": value for role in ("AUTHOR", "COMMITTER") for name, value in who.items()}
    parent = repo.commits.get(parent="")
    first = bytes(GitObject.objects.get(oid=parent.oid).data or b"")
    run(tmp_path, "hash-object", "-w", "-t", "commit", "--stdin", "--literally", data=first)
    message = "Add é\n\nWhy\n\nso"
    assert run(tmp_path, "commit-tree", tree, "-p", parent.oid, "-m", message, **env) == made.oid


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.dictionaries(PATH, st.binary(max_size=8), min_size=1, max_size=8))
def test_git_agrees_on_any_tree(tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]) -> None:
    files = {path: data for path, data in files.items() if not any(other.startswith(f"{path}/") for other in files)}
    folder = tmp_path_factory.mktemp("git")
    run(folder, "init", "-q")
    entries = {path: Entry(git.blob_oid(data), size=len(data)) for path, data in files.items()}
    assert apply(EMPTY_TREE, Edits(entries)).tree == add(folder, files)


def test_the_empty_tree_and_the_order_of_folders() -> None:
    assert git.write_tree({})[0] == EMPTY_TREE
    _, data = git.write_tree({"a": (True, "1" * 40), "a.b": (False, "2" * 40), "a0": (False, "3" * 40)})
    assert [name for name, _, _ in git.read_tree(data)] == ["a.b", "a", "a0"]
