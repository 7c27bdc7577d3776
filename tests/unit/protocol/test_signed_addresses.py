"""Addresses and Xet tokens that carry a right of their own: they end with the right of whoever asked for them."""

import hashlib
import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from hub.accounts.models import AccessToken, Membership, User
from hub.catalog import services
from hub.catalog.operations import AddLfs
from hub.catalog.services import delete_repo, update_settings
from hub.storage import services as storage
from tests.factories import make_org, make_repo, make_token, make_user, viewer_of

pytestmark = pytest.mark.django_db(transaction=True)
DATA = b"\0large" * 1000
OID = hashlib.sha256(DATA).hexdigest()
FRESH = b"\0fresh" * 10


@pytest.fixture
def team() -> Any:
    """A repository of an organisation, with a writer, who pushed a large file to it."""
    writer = make_user()
    organisation = make_org(write=writer)
    repo = make_repo(owner=organisation.namespace.name)
    storage.store_bytes(scope=repo.scope, data=DATA)
    operations = [AddLfs("w.bin", OID)]
    services.commit(by=viewer_of(writer), repo=repo, revision="main", operations=operations, title="x")
    return repo, writer


def asked(call: Any, repo: Any, token: str, operation: str, data: bytes) -> str:
    objects = [{"oid": hashlib.sha256(data).hexdigest(), "size": len(data)}]
    body = json.dumps({"operation": operation, "objects": objects}).encode()
    told = call("POST", f"/{repo.full_name}.git/info/lfs/objects/batch", token=token, body=body).json()
    return told["objects"][0]["actions"][operation]["href"].removeprefix("http://testserver")


def revoke(repo: Any, user: User) -> None:
    for token in AccessToken.objects.filter(user=user):
        token.revoked_at = token.created_at
        token.save()


def block(repo: Any, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def leave(repo: Any, user: User) -> None:
    Membership.objects.filter(user=user).delete()
    update_settings(by=viewer_of(make_user(is_admin=True)), repo=repo, private=True)


def delete(repo: Any, user: User) -> None:
    delete_repo(by=viewer_of(make_user(is_admin=True)), repo=repo)


@pytest.mark.parametrize("happens", [revoke, block, leave, delete])
def test_what_was_given_out_ends_with_the_right_to_it(call: Any, team: Any, happens: Callable) -> None:
    repo, writer = team
    token = make_token(writer)
    get = asked(call, repo, token, "download", DATA)
    put = asked(call, repo, token, "upload", FRESH)
    xet = call("GET", f"/api/models/{repo.full_name}/xet-write-token/main", token=token).json()
    address = xet["casUrl"].removeprefix("http://testserver") + "/v1/shards"
    assert b"".join(call("GET", get)) == DATA
    assert call("POST", address, token=xet["accessToken"], body=b"junk").status_code == 400
    happens(repo, writer)
    for answer in (
        call("GET", get),
        call("PUT", put, body=FRESH),
        call("POST", address, token=xet["accessToken"], body=b"junk"),
    ):
        assert answer.status_code in {401, 403, 404}, answer.content


def test_what_anybody_got_ends_when_it_becomes_private(call: Any, team: Any) -> None:
    repo, _ = team
    get = asked(call, repo, "", "download", DATA)
    assert b"".join(call("GET", get)) == DATA
    update_settings(by=viewer_of(make_user(is_admin=True)), repo=repo, private=True)
    assert call("GET", get).status_code == 401


def test_an_address_is_for_one_verb_one_object_and_a_day(call: Any, team: Any, monkeypatch: Any) -> None:
    repo, writer = team
    token = make_token(writer)
    get, put = asked(call, repo, token, "download", DATA), asked(call, repo, token, "upload", FRESH)
    assert call("PUT", get.replace("/get/", "/put/"), body=DATA).status_code == 403
    assert call("GET", put.replace("/put/", "/get/")).status_code == 403
    assert call("POST", put.replace("/put/", "/complete/")).status_code == 403
    assert call("PUT", put, body=FRESH[::-1]).status_code == 422
    tomorrow = time.time() + 24 * 3600 + 5
    monkeypatch.setattr("time.time", lambda: tomorrow)
    assert call("GET", get).status_code == 403
    assert call("PUT", put, body=FRESH).status_code == 403


def test_what_was_brought_but_never_committed_is_nobodys_download(call: Any, team: Any) -> None:
    repo, _ = team
    storage.store_bytes(scope=repo.scope, data=FRESH)
    body = json.dumps(
        {"operation": "download", "objects": [{"oid": hashlib.sha256(FRESH).hexdigest(), "size": len(FRESH)}]}
    ).encode()
    told = call("POST", f"/{repo.full_name}.git/info/lfs/objects/batch", body=body).json()
    assert told["objects"][0]["error"]["code"] == 404
