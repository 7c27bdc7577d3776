"""Upkeep of repositories by a stock client: copies, squashed histories, what takes space, and clear refusals.

`HUB_REPO` is what to make; `HUB_STRANGER` is bob's token.
"""

import os
from pathlib import Path

from huggingface_hub import HfApi
from huggingface_hub.utils import HfHubHTTPError

REPO = os.environ["HUB_REPO"]
WEIGHTS = bytes(range(256)) * 400
api, stranger = HfApi(), HfApi(token=os.environ["HUB_STRANGER"])


def refused(call, *arguments, **named):
    """The text that the client shows."""
    try:
        call(*arguments, **named)
    except HfHubHTTPError as error:
        return f"{error.response.status_code} {error}"
    raise AssertionError(f"{call} did not raise")


def make():
    api.create_repo(REPO)
    api.upload_file(repo_id=REPO, path_or_fileobj=b"one", path_in_repo="a.txt")
    api.upload_file(repo_id=REPO, path_or_fileobj=WEIGHTS, path_in_repo="w.safetensors.bin")


def squash():
    before = api.list_repo_commits(REPO)
    api.create_branch(REPO, branch="work")
    assert refused(stranger.super_squash_history, REPO).startswith("403")
    api.super_squash_history(REPO, commit_message="All of it")
    after = api.list_repo_commits(REPO)
    assert [commit.title for commit in after] == ["All of it"] and len(before) == 3
    assert len(api.list_repo_commits(REPO, revision="work")) == 3
    assert api.list_repo_files(REPO) == api.list_repo_files(REPO, revision=before[0].commit_id)
    api.create_tag(REPO, tag="v1")
    assert "400" in refused(api.super_squash_history, REPO, branch="v1")
    assert "Revision Not Found" in refused(api.super_squash_history, REPO, branch="nowhere")


def duplicate():
    if not hasattr(api, "duplicate_repo"):
        assert "it has no spaces" in refused(api.duplicate_space, REPO)
        return
    url = api.duplicate_repo(REPO, f"{REPO}-copy", private=True)
    assert url.repo_id == f"{REPO}-copy" and not getattr(url, "files_copy_pending", False)
    assert api.list_repo_files(url.repo_id) == api.list_repo_files(REPO)
    assert Path(api.hf_hub_download(url.repo_id, "w.safetensors.bin")).read_bytes() == WEIGHTS
    assert api.duplicate_repo(REPO, f"{REPO}-copy", exist_ok=True) == url
    assert "409" in refused(api.duplicate_repo, REPO, f"{REPO}-copy")
    assert "403" in refused(stranger.duplicate_repo, REPO, "acme/copied")
    assert "Repository Not Found" in refused(stranger.duplicate_repo, url.repo_id, "bob/copied")


def space():
    if hasattr(api, "list_user_repos"):
        sizes = {repo.id: repo.storage for repo in api.list_user_repos()}
        assert sizes[REPO] == 102_400 and "acme/x" not in sizes
        assert list(api.list_user_repos(namespace="acme")) is not None
    files = list(api.list_lfs_files(REPO))
    assert [(file.filename, file.size) for file in files] == [("w.safetensors.bin", 102_400)]
    assert "stay as long as a commit" in refused(api.permanently_delete_lfs_files, REPO, files)


def unknown():
    assert "does not offer" in refused(api.create_pull_request, REPO, title="x")
    assert "does not offer" in refused(api.create_discussion, REPO, title="x")


if __name__ == "__main__":
    make()
    squash()
    duplicate()
    space()
    unknown()
    print("done")
