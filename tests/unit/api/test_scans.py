"""The scan of a revision, as a program reads it."""

from typing import Any

import pytest
from django.test import Client

from hub.governance.services import scans
from tests.factories import make_repo
from tests.factories.revisions import make_revision

pytestmark = pytest.mark.django_db


def test_a_scan_in_full(client: Client) -> None:
    repo = make_repo(files={"a.pkl": b"cos\nsystem\n.", "b.txt": b"fine"})
    revision = make_revision(repo)
    assert read(client, repo.full_name)["state"] == "waiting"
    scans.examine(revision)
    told = read(client, repo.full_name)
    assert (told["state"], told["worst"], told["commit"]) == ("done", "malicious", revision.commit)
    assert [one["verdict"] for one in told["files"] if one["path"] == "a.pkl"] == ["malicious"]
    assert told["files"][-1]["opinions"][0]["scanner"] == "headstart"


def test_a_private_scan_is_not_there_for_others(client: Client) -> None:
    repo = make_repo(private=True, files={"a.txt": b"fine"}, kind="dataset")
    assert client.get(f"/api/headstart/datasets/{repo.full_name}/scan").status_code in (401, 404)


def read(client: Client, name: str) -> dict[str, Any]:
    answer = client.get(f"/api/headstart/models/{name}/scan?revision=main")
    assert answer.status_code == 200
    return dict(answer.json())
