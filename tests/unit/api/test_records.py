"""Records and findings as programs read and write them."""

import pytest

from hub.catalog.models import Repo
from hub.governance.models import Record
from tests.factories import make_repo, make_token, make_user
from tests.factories.records import examined, let_review, measurement, note

pytestmark = pytest.mark.django_db(transaction=True)
SOURCE = {"dataset": {"repo": "acme/tickets"}, "people": {"pii": "none"}}


def at(repo: Repo, part: str) -> str:
    return f"/api/headstart/{repo.kind}s/{repo.full_name}/{part}"


def sent(client, method: str, address: str, token: str, body: object):
    headers = {"Authorization": f"Bearer {token}"}
    return getattr(client, method)(address, body, content_type="application/json", headers=headers)


def test_a_data_record_is_put_and_read(client, repo, token):
    assert client.get(at(repo, "data-record")).json()["record"] is None
    told = sent(
        client, "put", at(repo, "data-record"), token, {"record": {"training_data": [SOURCE]}, "base": 0}
    ).json()
    assert (told["number"], told["pii"], told["record"]["training_data"][0]["id"]) == (1, "none", "ds1")
    assert told == client.get(at(repo, "data-record")).json() and 0 < told["completeness"] < 1
    stale = sent(client, "put", at(repo, "data-record"), token, {"record": {"training_data": []}, "base": 0})
    assert stale.status_code == 409
    assert Record.objects.get().source == "json"


def test_faults_name_their_fields(client, repo, token):
    body = {"record": {"training_data": [{"kind": "bought"}]}}
    answer = sent(client, "put", at(repo, "data-record"), token, body)
    assert answer.status_code == 422 and "training_data.0.kind" in answer.json()["error"]
    for bad in ([], {"record": {}, "base": "x"}, {"record": {}, "source": "guess"}):
        assert sent(client, "put", at(repo, "data-record"), token, bad).status_code == 400


def test_who_may_not_push_may_not_put(client, repo):
    for part in ("data-record", "use-record"):
        other = sent(client, "put", at(repo, part), make_token(make_user()), {"record": {}})
        assert other.status_code == 403
        assert client.put(at(repo, part), {}, content_type="application/json").status_code == 401


def test_a_use_record_gives_the_tier(client, repo, token):
    told = sent(client, "put", at(repo, "use-record"), token, {"record": {"annex_iii": ["annex-iii-4"]}}).json()
    assert (told["tier"], told["number"]) == (4, 1) and client.get(at(repo, "use-record")).json() == told


def test_croissant_goes_out_and_comes_in(client, user, token):
    repo = make_repo(owner=user, kind="dataset", files={"README.md": b"---\nlicense: mit\nlanguage: en\n---\n# D\n"})
    examined(repo)
    told = client.get(at(repo, "data-record"), {"format": "croissant"}).json()
    assert told["@type"] == "sc:Dataset" and told["inLanguage"] == ["en"] and told["license"] == "mit"
    put = sent(client, "put", at(repo, "data-record"), token, {"record": told, "source": "croissant"}).json()
    assert put["source"] == "croissant" and put["record"]["training_data"][0]["licence"] == {"declared": "mit"}
    model = make_repo(owner=user, files={"a": b"b"})
    assert client.get(at(model, "data-record"), {"format": "croissant"}).status_code == 400


def test_findings_are_filed_and_listed(client, repo, token):
    made = sent(client, "post", at(repo, "findings"), token, {"kind": "reported", "note": note(impact=4, exposure=4)})
    assert made.status_code == 201 and made.json()["id"] == "BN-0001" and made.json()["severity"] == "critical"
    told = client.get(at(repo, "findings")).json()
    assert told == {"items": [made.json()], "withheld": 0}
    refused = sent(client, "post", at(repo, "findings"), token, {"kind": "measured", "note": note()})
    assert refused.status_code == 403


def test_an_inherited_finding_is_refuted(client, repo, user, token):
    let_review(user, "bias")
    admin = make_token(user, "admin")
    sent(client, "post", at(repo, "findings"), admin, {"kind": "measured", "note": note(evidence=[measurement()])})
    child = make_repo(owner=user, files={"README.md": f"---\nbase_model: {repo.full_name}\n---\n".encode()})
    [inherited] = client.get(at(child, "findings")).json()["items"]
    assert inherited["inherited"] and inherited["repository"] == repo.full_name
    clean = note(evidence=[measurement(job="job_2", value=0.0, ci=[-0.01, 0.01])])
    body = {"kind": "measured", "note": clean, "refutes": f"{repo.full_name} BN-0001"}
    assert sent(client, "post", at(child, "findings"), admin, body).status_code == 201
    assert [each["open"] for each in client.get(at(child, "findings")).json()["items"]] == [False, False]
    assert sent(client, "post", at(child, "findings"), admin, {**body, "refutes": "a/b BN-0009"}).status_code == 400


def test_private_repositories_are_not_there(client, user):
    repo = make_repo(owner=user, private=True, files={"a": b"b"})
    assert {client.get(at(repo, part)).status_code for part in ("data-record", "use-record", "findings")} == {404}
