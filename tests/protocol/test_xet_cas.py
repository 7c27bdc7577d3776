"""The Xet address of a repository: tokens, and what a client with one may and may not do."""

import io
import re
from typing import Any

import pytest
from django.test import Client

from hub.core import clock
from hub.protocol import xet
from hub.storage.models import Scope, ScopeXorb, Xorb
from hub.storage.xet.xorb import MAX_BODY
from tests.factories import make_repo, make_token, make_user
from tests.unit.storage.xet.forms import SAMPLE, FileEntry, make_shard, make_xorb, xorb_entry

pytestmark = pytest.mark.django_db(transaction=True)
NAME, BODY = make_xorb(SAMPLE, 1)
SHARD = make_shard([FileEntry([(SAMPLE, 0, 20)])], [xorb_entry(SAMPLE)])
BINARY = "application/octet-stream"


@pytest.fixture(autouse=True)
def storage_dir(settings, tmp_path):
    settings.STORAGE_DIR = tmp_path / "storage"
    return settings.STORAGE_DIR


def bearer(token: str) -> dict[str, Any]:
    return {"headers": {"Authorization": f"Bearer {token}"}}


def cut_off(body: bytes, length: int) -> dict[str, Any]:
    """A request whose body ends before its announced length."""
    return {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(length)}


def token_of(client: Client, repo: Any, token: str, access: str = "write", revision: str = "main") -> Any:
    return client.get(f"/api/models/{repo.full_name}/xet-{access}-token/{revision}", **bearer(token))


@pytest.fixture
def cas(client, repo, token):
    """post(path, body) with a write token to the repository's Xet address."""
    answer = token_of(client, repo, token).json()
    address = answer["casUrl"].removeprefix("http://testserver")

    def post(path: str, body: bytes, xet_token: str = answer["accessToken"], **more: Any) -> Any:
        return client.post(f"{address}/{path}", body, content_type=BINARY, **bearer(xet_token), **more)

    post.address, post.token = address, answer["accessToken"]
    return post


def test_a_token_comes_in_json_and_in_headers(client, repo, token):
    response = token_of(client, repo, token)
    told = response.json()
    assert told["casUrl"] == f"http://testserver/xet/{repo.scope.key}.g1" == response["X-Xet-Cas-Url"]
    assert told["accessToken"] == response["X-Xet-Access-Token"]
    assert told["exp"] == int(response["X-Xet-Token-Expiration"])
    assert 3500 < told["exp"] - clock.now().timestamp() <= 3600
    assert "X-Xet-Hash" not in response


def test_who_gets_which_token(client, repo):
    stranger = make_token(make_user())
    assert token_of(client, repo, stranger, "read").status_code == 200
    assert token_of(client, repo, stranger, "write").status_code == 403
    assert client.get(f"/api/models/{repo.full_name}/xet-write-token/main").status_code == 401
    assert client.get(f"/api/models/{repo.full_name}/xet-read-token/main").status_code == 200
    hidden = make_repo(private=True)
    for access in ("read", "write"):
        assert token_of(client, hidden, stranger, access).status_code == 404
    answer = token_of(client, repo, stranger, "read", "nosuch")
    assert (answer.status_code, answer["X-Error-Code"]) == (404, "RevisionNotFound")


def test_a_write_scope_is_needed_in_the_access_token(client, repo, user):
    assert token_of(client, repo, make_token(user, scope="read")).status_code == 403


@pytest.mark.parametrize("prefix", ["v1/", ""])
def test_a_push_on_versioned_and_old_addresses(cas, prefix):
    assert cas(f"{prefix}xorbs/default/{NAME}", BODY).json() == {"was_inserted": True}
    assert cas(f"{prefix}xorbs/default/{NAME}", BODY).json() == {"was_inserted": False}
    assert cas(f"{prefix}shards", SHARD).json() == {"result": 1}


def test_what_is_wrong_is_a_400_that_says_what(cas):
    answer = cas(f"v1/xorbs/default/{NAME}", BODY[:-1])
    assert answer.status_code == 400
    assert "cut off" in answer.json()["error"]
    assert "not uploaded to this repository" in cas("v1/shards", SHARD).json()["error"]
    assert cas("v1/shards", b"junk").status_code == 400
    assert not Xorb.objects.exists()


def test_what_this_hub_does_not_offer_is_a_404(client, cas):
    for path in (f"v1/xorb-grants/default/{NAME}", "v2/shards", "anything"):
        assert cas(path, b"{}").status_code == 404
    for path in (f"v1/chunks/default/{NAME}", f"v2/reconstructions/{NAME}"):
        assert client.get(f"{cas.address}/{path}", **bearer(cas.token)).status_code == 404


def test_telemetry_is_taken_at_the_root(client):
    assert client.post("/v1/telemetry", {"a": 1}, content_type="application/json").status_code == 204


def test_a_read_token_can_not_write(client, cas, repo, token):
    read = token_of(client, repo, token, "read").json()["accessToken"]
    assert cas(f"v1/xorbs/default/{NAME}", BODY, read).status_code == 403
    assert cas("v1/shards", SHARD, read).status_code == 403


def test_a_token_is_for_its_own_repository(client, cas, user, token):
    other = token_of(client, make_repo(owner=user), token).json()["accessToken"]
    assert cas(f"v1/xorbs/default/{NAME}", BODY, other).status_code == 403
    assert not ScopeXorb.objects.exists()


@pytest.mark.parametrize("forged", ["", "junk", "a:b:c", "WyJ4Il0:1:x"])
def test_forged_tokens_and_hub_tokens_are_refused(cas, token, forged):
    assert cas("v1/shards", SHARD, forged).status_code == 401
    assert cas("v1/shards", SHARD, token).status_code == 401


def test_a_changed_token_is_refused(cas):
    assert cas("v1/shards", SHARD, cas.token[:-1] + ("A" if cas.token[-1] != "A" else "B")).status_code == 401


@pytest.mark.parametrize(("late", "status"), [(30, 400), (90, 401)])
def test_a_token_is_honoured_a_little_longer_than_it_says(cas, monkeypatch, late, status):
    grant = xet._Grant(*xet.signing.loads(cas.token, salt=xet._SALT))
    old = xet._Grant(grant.key, 1, grant.bearer, True, int(clock.now().timestamp()) - late).signed()
    assert cas("v1/shards", b"junk", old).status_code == status


def test_an_address_given_up_meanwhile_says_start_again(cas, repo):
    Scope.objects.filter(pk=repo.scope_id).update(generation=2)
    answer = cas("v1/shards", SHARD)
    assert answer.status_code == 403
    assert "again" in answer.json()["error"]


def test_limits_on_bodies(client, cas):
    assert cas(f"v1/xorbs/default/{NAME}", b"", **cut_off(b"x", MAX_BODY + 1)).status_code == 413
    assert cas("v1/shards", b"", **cut_off(b"x", 64 * 1024**2 + 1)).status_code == 413
    assert cas("v1/shards", b"x", CONTENT_LENGTH="").status_code == 411


def test_a_truncated_body_stores_nothing(cas, storage_dir):
    answer = cas(f"v1/xorbs/default/{NAME}", b"", **cut_off(BODY[:-100], len(BODY)))
    assert answer.status_code == 400
    assert not [path for path in storage_dir.rglob("*") if re.search("incoming/.|xorbs/.*/.{64}", str(path))]
