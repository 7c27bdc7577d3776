"""Large files that go from one repository to another without being sent, and calls that this hub doesn't have."""

import pytest

from tests.factories import make_repo, make_token, make_user
from tests.unit.protocol.test_views import BIG, big_file, body

pytestmark = pytest.mark.django_db(transaction=True)


def test_large_files_are_taken_over_from_what_may_be_pulled(call):
    ada, bob = make_user(), make_user()
    source, target = make_repo(owner=ada), make_repo(owner=bob, kind="dataset")
    token, his = make_token(ada, "write"), make_token(bob, "write")
    oid = big_file(call, source, token)
    to = {"type": "dataset", "name": target.full_name}
    asked = body(target=to, files=[{"sha256": oid, "xetHash": "", "filename": "w.bin"}, {"sha256": "0" * 64}])
    address = f"/api/models/{source.full_name}/lfs-files/duplicate"
    assert call("POST", address, token=token, body=asked).status_code == 403
    told = call("POST", address, token=his, body=asked).json()
    assert told["success"] == 1 and [each["sha256"] for each in told["failed"]] == ["0" * 64]
    line = '{"key":"header","value":{"summary":"x"}}\n{"key":"lfsFile","value":{"path":"w","algo":"sha256","oid":"%s"}}'
    sent = (line % oid).encode()
    assert call("POST", f"/api/datasets/{target.full_name}/commit/main", token=his, body=sent).status_code == 200
    assert call("HEAD", f"/datasets/{target}/resolve/main/w")["X-Linked-Size"] == str(len(BIG))
    source.visibility = "private"
    source.save()
    assert call("POST", address, token=his, body=asked)["X-Error-Code"] == "RepoNotFound"


def test_an_unknown_call_is_no_missing_repository(call):
    repo = make_repo(owner=make_user())
    answer = call("POST", f"/api/models/{repo.full_name}/fly/away")
    assert answer.status_code == 404 and not answer.has_header("X-Error-Code")
    assert "no call POST fly/away" in answer.json()["error"]
    hidden = make_repo(owner=make_user(), private=True)
    assert call("POST", f"/api/models/{hidden.full_name}/fly")["X-Error-Code"] == "RepoNotFound"
