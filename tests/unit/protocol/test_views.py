"""What each call answers, header by header, as the clients' own code and tests expect it."""

import hashlib
import json
import re

import pytest

from tests.factories import make_repo, make_token, make_user

pytestmark = pytest.mark.django_db(transaction=True)
BIG = b"\0weights" * 20_000


def body(**fields):
    return json.dumps(fields).encode()


@pytest.fixture
def model(user):
    """A model with a card, a folder, a file kept in storage and one in the table."""
    card = b"---\nlicense: mit\ntags: [tried]\npipeline_tag: text-classification\n---\n# M\n"
    return make_repo("M", owner=user, files={"README.md": card, "a b/c.txt": b"text", "long.txt": b"line\n" * 20_000})


def big_file(call, repo, token, data=BIG, path="w.bin"):
    """Push a large file by git-lfs, and return its sha256."""
    oid = hashlib.sha256(data).hexdigest()
    asked = body(operation="upload", transfers=["basic"], objects=[{"oid": oid, "size": len(data)}])
    told = call("POST", f"/{repo.full_name}.git/info/lfs/objects/batch", token=token, body=asked).json()
    put = call("PUT", told["objects"][0]["actions"]["upload"]["href"].removeprefix("http://testserver"), body=data)
    assert put.status_code == 200 and put["ETag"]
    lines = [{"key": "header", "value": {"summary": "Big"}}]
    lines += [{"key": "lfsFile", "value": {"path": path, "algo": "sha256", "oid": oid, "size": len(data)}}]
    sent = "\n".join(json.dumps(line) for line in lines).encode()
    assert call("POST", f"/api/models/{repo.full_name}/commit/main", token=token, body=sent).status_code == 200
    return oid


def test_a_regular_file(call, model):
    entry = call("GET", f"/api/models/{model}/tree/main/a%20b").json()[0]
    for method in ("HEAD", "GET"):
        response = call(method, f"/{model}/resolve/main/a%20b/c.txt")
        assert response.status_code == 200 and response["Content-Length"] == "4"
        assert response["ETag"] == f'"{entry["oid"]}"' and re.fullmatch("[0-9a-f]{40}", response["X-Repo-Commit"])
        assert not response.has_header("X-Linked-Etag") and response["Accept-Ranges"] == "bytes"
    assert response.content == b"text"


def test_a_long_regular_file_is_no_large_file(call, model):
    response = call("GET", f"/{model}/resolve/main/long.txt", HTTP_RANGE="bytes=5-8")
    assert (response.status_code, b"".join(response)) == (206, b"line")
    assert len(response["ETag"]) == 42 and not response.has_header("X-Linked-Size")


def test_a_large_file(call, model, token):
    oid = big_file(call, model, token)
    head = call("HEAD", f"/{model}/resolve/main/w.bin")
    assert head["X-Linked-Etag"] == f'"{oid}"' and head["X-Linked-Size"] == head["Content-Length"] == str(len(BIG))
    response = call("GET", f"/{model}/resolve/main/w.bin", HTTP_RANGE="bytes=-7")
    assert (response.status_code, b"".join(response)) == (206, b"weights")
    assert response["Content-Range"] == f"bytes {len(BIG) - 7}-{len(BIG) - 1}/{len(BIG)}"
    response = call("GET", f"/{model}/resolve/main/w.bin", HTTP_RANGE=f"bytes={len(BIG)}-")
    assert (response.status_code, response["Content-Range"]) == (416, f"bytes */{len(BIG)}")
    assert call("GET", f"/{model}/resolve/main/w.bin", HTTP_IF_NONE_MATCH=f'"{oid}"').status_code == 304
    entry = call("POST", f"/api/models/{model}/paths-info/main", body=body(paths=["w.bin"])).json()[0]
    assert entry["lfs"] == {"oid": oid, "size": len(BIG), "pointerSize": 131} and len(entry["oid"]) == 40


def test_git_lfs_downloads(call, model, token):
    oid = big_file(call, model, token)
    asked = body(operation="download", objects=[{"oid": oid, "size": 1}, {"oid": "0" * 64, "size": 1}])
    told = call("POST", f"/{model}.git/info/lfs/objects/batch", body=asked).json()["objects"]
    response = call("GET", told[0]["actions"]["download"]["href"].removeprefix("http://testserver"))
    assert b"".join(response) == BIG and told[1]["error"]["code"] == 404


def test_what_is_missing_says_which_commit_it_is_missing_from(call, model):
    for method in ("HEAD", "GET"):
        response = call(method, f"/{model}/resolve/main/no.json")
        assert (response.status_code, response["X-Error-Code"]) == (404, "EntryNotFound")
        assert re.fullmatch("[0-9a-f]{40}", response["X-Repo-Commit"]) and response["X-Error-Message"]
    response = call("GET", f"/api/models/{model}/tree/main/no")
    assert (response.status_code, response["X-Error-Code"]) == (404, "EntryNotFound")


def test_a_gated_repository(call, model, token):
    model.gate = "manual"
    model.save()
    assert call("GET", f"/api/models/{model}").json()["gated"] == "manual"
    for sent, status in (("", 401), (make_token(make_user()), 403)):
        response = call("HEAD", f"/{model}/resolve/main/long.txt", token=sent)
        assert (response.status_code, response["X-Error-Code"]) == (status, "GatedRepo")
        assert re.match(
            r"Access to model .* is restricted and you are not in the authorized list", response["X-Error-Message"]
        )
    assert call("HEAD", f"/{model}/resolve/main/long.txt", token=token).status_code == 200


def test_a_disabled_repository(call, model):
    model.is_disabled = True
    model.save()
    response = call("HEAD", f"/{model}/resolve/main/long.txt")
    assert (response.status_code, response["X-Error-Message"]) == (403, "Access to this resource is disabled.")


def test_ids_in_any_case_answer_with_the_right_one(call, model):
    assert call("GET", f"/api/models/{str(model).upper()}").json()["id"] == str(model)
    assert call("HEAD", f"/{str(model).lower()}/resolve/main/long.txt").status_code == 200


def test_a_branch_with_a_slash(call, model, token):
    assert call("POST", f"/api/models/{model}/branch/feature%2Fx", token=token, body=b"{}").status_code == 200
    again = call("POST", f"/api/models/{model}/branch/feature%2Fx", token=token)
    assert (again.status_code, again.json()["error"]) == (409, "Reference refs/heads/feature/x already exists")
    for revision in ("feature%2Fx", "refs%2Fheads%2Ffeature%2fx"):
        assert call("GET", f"/api/models/{model}/tree/{revision}").status_code == 200
        assert call("HEAD", f"/{model}/resolve/{revision}/a%20b%2Fc.txt").status_code == 200
    refs = call("GET", f"/api/models/{model}/refs?include_prs=1").json()
    assert [ref["name"] for ref in refs["branches"]] == ["main", "feature/x"]
    assert refs["tags"] == refs["converts"] == refs["pullRequests"] == []
    gone = call("DELETE", f"/api/models/{model}/branch/nope", token=token)
    assert gone.status_code == 404 and gone.json()["error"].startswith("Invalid rev id: nope")


def test_pages_follow_an_absolute_link(call, model):
    seen, target = [], f"/api/models/{model}/tree/main?recursive=True&limit=2"
    while target:
        response = call("GET", target, HTTP_HOST="hub.example:8080", HTTP_AUTHORIZATION="")
        seen += [entry["path"] for entry in response.json()]
        link = re.fullmatch(r'<http://hub\.example:8080(\S+)>; rel="next"', response.get("Link", ""))
        target = link[1] if link else ""
        assert not target or "recursive=True" in target
    assert seen == [".gitattributes", "README.md", "a b", "a b/c.txt", "long.txt"]


def test_lists_filter_sort_and_page(call, model, user, token):
    other, hidden = make_repo(owner=user), make_repo(owner=user, private=True)
    ids = [item["id"] for item in call("GET", f"/api/models?author={user.username}").json()]
    assert set(ids) == {str(model), str(other)}
    mine = call("GET", f"/api/models?author={user.username}&limit=2&sort=createdAt", token=token)
    assert [item["id"] for item in mine.json()] == [str(hidden), str(other)] and 'rel="next"' in mine["Link"]
    found = call("GET", "/api/models?filter=license:mit&filter=TRIED&search=m&cardData=True&full=true").json()
    assert [item["id"] for item in found] == [str(model)] and found[0]["cardData"]["license"] == "mit"
    assert {"rfilename": "long.txt"} in found[0]["siblings"]
    [brief] = call("GET", "/api/models?pipeline_tag=text-classification").json()
    assert "siblings" not in brief and brief["createdAt"].endswith("Z")
    assert call("GET", "/api/models?num_parameters=6B").status_code == 400
    assert call("GET", "/api/datasets").json() == []


def test_info_and_its_fields(call, model):
    told = call("GET", f"/api/models/{model}?blobs=true").json()
    assert told["id"] == told["modelId"] == str(model) and len(told["sha"]) == 40 and told["gated"] is False
    assert told["pipeline_tag"] == "text-classification" and "license:mit" in told["tags"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", told["lastModified"])
    assert {"size", "blobId", "rfilename"} == set(told["siblings"][0])
    for query in ("expand=sha&expand=private", "expand[]=sha&expand%5B%5D=private"):
        some = call("GET", f"/api/models/{model}?{query}").json()
        assert set(some) == {"_id", "id", "modelId", "sha", "private"}
    wrong = call("GET", f"/api/models/{model}?expand=nope")
    assert wrong.status_code == 400 and '"expand" must be one of' in wrong.json()["error"]
    assert 'expected one of "author"|"baseModels"' in wrong.json()["error"]


def test_create_says_where_it_is(call, user, token):
    made = call("POST", "/api/repos/create", token=token, body=body(name="New", visibility="private"), HTTP_HOST="h:1")
    assert made.json()["url"] == f"http://h:1/{user.username}/New"
    again = call("POST", "/api/repos/create", token=token, body=body(name="new", type="model"))
    assert (again.status_code, again.json()["url"]) == (409, f"http://testserver/{user.username}/New")
    space = call("POST", "/api/repos/create", token=token, body=body(name="s", type="space"))
    assert space.status_code == 400 and "space" in space.json()["error"]
    assert call("POST", "/api/repos/create", token=token, body=body(name="x", organization="nobody")).status_code == 403


def test_a_moved_repository_redirects(call, model, user):
    admin = make_token(user, "admin")
    other = make_repo(owner=user)
    taken = call(
        "POST", "/api/repos/move", token=admin, body=body(fromRepo=str(model), toRepo=str(other), type="model")
    )
    assert taken.json()["error"] == f"A model repository called {other} already exists"
    old, new = str(model), f"{user.username}/N"
    assert call("POST", "/api/repos/move", token=admin, body=body(fromRepo=old, toRepo=new)).status_code == 200
    response = call("HEAD", f"/{old}/resolve/main/a%20b%2Fc.txt?x=1")
    assert (response.status_code, response["Location"]) == (307, f"/{new}/resolve/main/a%20b%2Fc.txt?x=1")
    assert call("DELETE", "/api/repos/delete", token=admin, body=body(name="M")).status_code == 404
    gone = call("DELETE", "/api/repos/delete", token=admin, body=body(name="N", organization=user.username))
    assert gone.status_code == 200
    missing = call("DELETE", "/api/repos/delete", token=admin, body=body(name="N"))
    assert (missing.status_code, missing["X-Error-Code"]) == (404, "RepoNotFound")


def test_one_part_names_are_the_curated_owners(call, settings):
    curated = make_user("curated")
    settings.CURATED_OWNER = "curated"
    make_repo("ResNet50", owner=curated, files={"x": b"1"})
    for target, location in [
        ("/resnet50/resolve/main/x", "/curated/ResNet50/resolve/main/x"),
        ("/api/models/resnet50?blobs=1", "/api/models/curated/ResNet50?blobs=1"),
        ("/api/models/resnet50/revision/main", "/api/models/curated/ResNet50/revision/main"),
        ("/api/models/resnet50/tree/main/a%2Fb", "/api/models/curated/ResNet50/tree/main/a%2Fb"),
    ]:
        response = call("GET", target)
        assert (response.status_code, response["Location"]) == (307, location)
    assert call("GET", "/api/models/gpt2")["X-Error-Code"] == "RepoNotFound"


def test_preupload(call, model, token):
    big_file(call, model, token)
    files = [("w.bin", 9, ""), ("n.txt", 9, "AAEC"), ("t.md", 9_000_000, "dGV4dA=="), ("t.log", 20_000_000, "dGV4dA==")]
    sent = body(files=[dict(zip(("path", "size", "sample"), file, strict=True)) for file in files], gitIgnore="*.log")
    told = call("POST", f"/api/models/{model}/preupload/main", token=token, body=sent).json()["files"]
    assert [(file["uploadMode"], file["shouldIgnore"]) for file in told] == [
        ("lfs", False),
        ("lfs", False),
        ("regular", False),
        ("lfs", True),
    ]
    assert told[0]["oid"] == hashlib.sha256(BIG).hexdigest() and "oid" not in told[1]
    request = call("POST", f"/api/models/{model}/preupload/main?create_pr=1", token=token, body=sent)
    assert request.status_code == 400 and "pull requests" in request.json()["error"]


def test_validate_yaml_names_the_source_that_stock_clients_fail_on(call):
    result = "{task: {type: a}, dataset: {type: b, name: c}, metrics: [{type: d, value: 1}], source: {name: e}}"
    sent = body(content=f"---\nlicense: mit\nmodel-index: [{{name: m, results: [{result}]}}]\n---\n", repoType="model")
    answer = call("POST", "/api/validate-yaml", body=sent)
    assert answer.status_code == 400 and "results[0].source.url" in answer.json()["errors"][0]["message"]


def test_validate_yaml(call):
    good = call("POST", "/api/validate-yaml", body=body(content="---\nlicense: mit\n---\n", repoType="model"))
    assert (good.status_code, good.json()["errors"]) == (200, [])
    none = call("POST", "/api/validate-yaml", body=body(content="# no block"))
    assert none.status_code == 200 and none.json()["warnings"][0]["message"]
    sent = body(content="---\nlicense: nonsense\n---\n")
    assert (
        call("POST", "/api/validate-yaml", body=sent)
        .json()["errors"][0]["message"]
        .startswith('"license" must be one of')
    )
    text = call("POST", "/api/validate-yaml", body=sent, HTTP_ACCEPT="text/plain")
    assert text.status_code == 400 and text.content.startswith(b'- Error: "license" must be one of')


def test_who_am_i(call, user, org, token):
    told = call("GET", "/api/whoami-v2", token=token).json()
    assert (told["type"], told["name"], told["auth"]["accessToken"]["role"]) == ("user", user.username, "write")
    assert [item["name"] for item in told["orgs"]] == [str(org)]
    assert call("GET", "/api/whoami-v2").status_code == 401
    bad = call("GET", "/api/whoami-v2", token="hs_wrong")
    assert (bad.status_code, bad["X-Error-Message"]) == (401, "Invalid credentials in Authorization header")


def test_a_session_reads_and_never_writes(client, call, user):
    hidden = make_repo(owner=user, private=True)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get(f"/api/models/{hidden}").status_code == 200
    assert client.post("/api/repos/create", body(name="x"), content_type="application/json").status_code == 401


def test_what_this_hub_does_not_have(call, model, token):
    assert call("GET", "/api/spaces/a/b")["X-Error-Code"] == "RepoNotFound"
    assert call("GET", f"/api/models/{model}/discussions").status_code == 404
    assert call("POST", f"/api/models/{model}/discussions", token=token).status_code == 400
    assert call("GET", "/api/agent-harnesses").json() == {"standardEnvVars": [], "harnesses": {}}
    assert call("HEAD", "/api/telemetry/a/b").status_code == 200


def test_a_failure_inside_is_told_as_such(call, model, monkeypatch, caplog):
    def fail(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("hub.catalog.selectors.revision_of", fail)
    response = call("GET", f"/api/models/{model}/tree/main", HTTP_X_REQUEST_ID="abc")
    assert (response.status_code, response["X-Request-Id"]) == (500, "abc")
    assert "ZeroDivisionError" in caplog.text and "ZeroDivision" not in response.text


def test_pulls_are_counted_once_a_file(call, model, monkeypatch):
    counted = []
    monkeypatch.setattr("hub.catalog.services.count_download", lambda repo, **_: counted.append(repo))
    call("HEAD", f"/{model}/resolve/main/long.txt")
    list(call("GET", f"/{model}/resolve/main/long.txt", HTTP_RANGE="bytes=10-"))
    assert counted == []
    list(call("GET", f"/{model}/resolve/main/long.txt"))
    assert counted == [model]
