"""What a person does with a stock client, run by that client's own Python: push, look, pull, compare, clean up.

Everything comes from the environment: the hub's address and token as the client reads them, and `HUB_KIND`, `HUB_REPO`.
"""

import hashlib
import inspect
import os
import random
import tempfile
from pathlib import Path

from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi, hf_hub_download, snapshot_download
from huggingface_hub.utils import (
    EntryNotFoundError,
    HfHubHTTPError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)

KIND, REPO = os.environ["HUB_KIND"], os.environ["HUB_REPO"]
BIG = 60_000_000
AWFUL = "subfolder/to?/awful?filename%you:should,never.give"
api = HfApi()
at = {"repo_id": REPO, "repo_type": KIND}


def raises(kind, call, *arguments, **named):
    try:
        call(*arguments, **named)
    except kind as error:
        return error
    raise AssertionError(f"{call} did not raise {kind}")


def sha256(path):
    return hashlib.sha256(Path(path).read_bytes()).hexdigest()


def folder_of(files, where):
    for name, data in files.items():
        path = Path(where, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return where


def push(folder):
    noise = random.Random(REPO)
    files = {
        "model.bin": noise.randbytes(BIG),
        "config.json": b'{"model_type": "none"}',
        "README.md": b"---\nlicense: mit\ntags:\n- tried\n---\n# Tried\n",
        "notes/long.txt": b"a line of text\n" * 20_000,
        "notes/empty.txt": b"",
        "notes/ümläut.txt": "grüß".encode(),
    }
    assert api.create_repo(**at).repo_id.lower() == REPO.lower()
    api.create_repo(**at, exist_ok=True)
    raises(HfHubHTTPError, api.create_repo, **at)
    first = api.repo_info(**at).sha
    api.upload_folder(**at, folder_path=folder_of(files, folder), commit_message="Add all")
    api.create_commit(
        **at,
        operations=[CommitOperationAdd(AWFUL, b"awful"), CommitOperationAdd("twice.bin", b"\0\1\2" * 1000)],
        commit_message="Add more",
        commit_description="With a description",
    )
    files |= {AWFUL: b"awful", "twice.bin": b"\0\1\2" * 1000}
    return first, files


def look(files):
    info = api.repo_info(**at, files_metadata=True)
    siblings = {item.rfilename: item for item in info.siblings}
    assert set(siblings) == {*files, ".gitattributes"}
    assert siblings["model.bin"].lfs["sha256"] == hashlib.sha256(files["model.bin"]).hexdigest()
    assert siblings["model.bin"].size == BIG and info.card_data.license == "mit" and "tried" in info.tags
    paths = [entry.path for entry in api.list_repo_tree(**at, recursive=True, expand=True)]
    assert {*files, "notes", "subfolder"} <= set(paths)
    found = api.get_paths_info(**at, paths=["config.json", "missing", "notes"])
    assert [entry.path for entry in found] == ["config.json", "notes"]
    owner = REPO.partition("/")[0]
    listed = (api.list_models if KIND == "model" else api.list_datasets)(author=owner, search=REPO.partition("/")[2])
    assert [item.id for item in listed] == [REPO]
    assert [commit.title for commit in api.list_repo_commits(**at)][-1] == "initial commit"
    assert api.file_exists(REPO, "config.json", repo_type=KIND) and not api.file_exists(REPO, "no", repo_type=KIND)


def pull(files):
    where = snapshot_download(**at)
    assert {name: sha256(Path(where, name)) for name in files} == {
        name: hashlib.sha256(data).hexdigest() for name, data in files.items()
    }
    assert Path(hf_hub_download(**at, filename=AWFUL)).read_bytes() == b"awful"
    assert Path(hf_hub_download(REPO.upper(), "config.json", repo_type=KIND)).read_bytes() == files["config.json"]
    raises(EntryNotFoundError, hf_hub_download, **at, filename="missing.json")
    raises(RevisionNotFoundError, hf_hub_download, **at, filename="config.json", revision="nowhere")
    raises(RepositoryNotFoundError, hf_hub_download, f"{REPO}-not", "config.json", repo_type=KIND)
    cached = Path(where).parents[1] / ".no_exist"
    assert list(cached.rglob("missing.json")), "the client did not note the absence"


def refs(first):
    api.create_branch(**at, branch="feature/x", revision=first)
    api.create_branch(**at, branch="feature/x", exist_ok=True)
    assert "already exists" in str(raises(HfHubHTTPError, api.create_branch, **at, branch="feature/x"))
    api.upload_file(**at, path_in_repo="only/here.txt", path_or_fileobj=b"here", revision="feature/x")
    assert Path(hf_hub_download(**at, filename="only/here.txt", revision="feature/x")).read_bytes() == b"here"
    api.create_tag(**at, tag="v1", revision=first[:7], tag_message="first")
    raises(HfHubHTTPError, api.create_tag, **at, tag="v1")
    found = api.list_repo_refs(**at)
    assert [branch.name for branch in found.branches] == ["main", "feature/x"]
    assert [(tag.name, tag.target_commit) for tag in found.tags] == [("v1", first)]
    assert api.repo_info(**at, revision="v1").sha == first
    api.delete_tag(**at, tag="v1")
    raises(RevisionNotFoundError, api.delete_tag, **at, tag="v1")
    api.delete_branch(**at, branch="feature/x")
    assert "Cannot delete refs/heads/main" in str(raises(HfHubHTTPError, api.delete_branch, **at, branch="main"))
    assert "Invalid rev id" in str(raises(HfHubHTTPError, api.delete_branch, **at, branch="feature/x"))


def change():
    api.delete_file("twice.bin", **at)
    raises(EntryNotFoundError, hf_hub_download, **at, filename="twice.bin")
    api.create_commit(**at, operations=[CommitOperationDelete("notes/")], commit_message="Drop notes")
    assert "notes/long.txt" not in api.list_repo_files(**at)
    stale = raises(
        HfHubHTTPError, api.upload_file, **at, path_in_repo="a", path_or_fileobj=b"a", parent_commit="0" * 40
    )
    assert stale.response.status_code == 412 and "refresh and try again" in str(stale)
    takes_private = "private" in inspect.signature(api.update_repo_settings).parameters
    api.update_repo_settings(**at, **({"private": True} if takes_private else {"visibility": "private"}))
    assert api.repo_info(**at).private
    raises(RepositoryNotFoundError, HfApi(token=False).repo_info, **at)


def finish():
    new = f"{REPO}-moved"
    api.move_repo(REPO, new, repo_type=KIND)
    assert api.repo_info(**at).id == new
    assert Path(hf_hub_download(**at, filename="config.json", force_download=True)).exists()
    api.delete_repo(new, repo_type=KIND)
    api.delete_repo(new, repo_type=KIND, missing_ok=True)
    raises(RepositoryNotFoundError, api.repo_info, new, repo_type=KIND)


if __name__ == "__main__":
    me = api.whoami()
    assert me["name"] == "ada" and "acme" in [org["name"] for org in me["orgs"]]
    with tempfile.TemporaryDirectory() as folder:
        first, files = push(folder)
    look(files)
    pull(files)
    refs(first)
    change()
    finish()
    print("done")
