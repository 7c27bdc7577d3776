"""Verdicts beside the files, on a file's page and on the list of versions."""

import pytest
from django.test import Client

from hub.governance.services import scans
from tests.factories import make_repo
from tests.factories.revisions import make_revision

pytestmark = pytest.mark.django_db

FILES = {"model.pkl": b"cos\nsystem\n(S'echo'\ntR.", "train.py": b"print(1)\n", "notes.txt": b"fine"}


def seen(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_commit_is_shown_as_scanning_until_it_is_scanned(client: Client) -> None:
    repo = make_repo(files=FILES)
    assert "Not scanned" in seen(client, f"/{repo.full_name}/tree/main")
    revision = make_revision(repo)
    for page in ("tree/main", "commits/main", "blob/main/notes.txt"):
        assert "Scanning" in seen(client, f"/{repo.full_name}/{page}")
    scans.examine(revision)
    assert "Scanning" not in seen(client, f"/{repo.full_name}/tree/main")
    assert "Malicious" in seen(client, f"/{repo.full_name}/commits/main")


def test_each_file_says_what_was_found(client: Client) -> None:
    repo = make_repo(files=FILES)
    scans.examine(make_revision(repo))
    listed = seen(client, f"/{repo.full_name}/tree/main")
    assert listed.count("Clean") == 3
    assert listed.count("Malicious") == 1
    assert listed.count('data-tone="warn">Code') == 1
    page = seen(client, f"/{repo.full_name}/blob/main/model.pkl")
    assert "it is quarantined" in page and "Download" not in page
    for words in ("os.system", "picklescan", f"All {len(FILES['model.pkl'])} bytes", "Quarantined", "headstart"):
        assert words in page
    assert "print" in seen(client, f"/{repo.full_name}/blob/main/train.py")


def test_code_says_that_it_is_code(client: Client) -> None:
    repo = make_repo(files={"train.py": FILES["train.py"]})
    scans.examine(make_revision(repo))
    assert "It is code" in seen(client, f"/{repo.full_name}/blob/main/train.py")
