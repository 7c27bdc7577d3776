"""Bringing files: the steps of the page's script, and the plain form."""

import hashlib
import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hub.catalog import selectors
from hub.catalog.models import Commit
from hub.storage.models import UploadPart
from tests.factories import make_org, make_repo, make_user, viewer_of

MIB = 1024**2


def _post(client, url: str, step: str, **told: object):
    return client.post(f"{url}/upload/main/{step}", json.dumps(told), content_type="application/json")


def _bring(client, url: str, path: str, data: bytes, *, skip: int = 0) -> dict[str, object]:
    """As the script does; `skip` leaves out so many of the parts."""
    sha256 = hashlib.sha256(data).hexdigest()
    plan = _post(client, url, "begin", path=path, sha256=sha256, size=len(data)).json()
    for number in plan["missing"][skip:]:
        part = data[(number - 1) * plan["part_size"] : number * plan["part_size"]]
        where = f"{url}/upload/main/part/{plan['upload']}/{number}"
        assert client.put(where, part, content_type="application/octet-stream").status_code == 200
    return {"path": path, "sha256": sha256, "upload": plan["upload"], "plan": plan}


def _commit(client, url: str, *files: dict[str, object], **told: str):
    words = {"title": "", "description": "", "new_branch": "", **told}
    return _post(
        client, url, "commit", files=[{name: file[name] for name in ("path", "sha256")} for file in files], **words
    )


def _file(user, model, path: str, revision: str = "main"):
    return selectors.find_file(viewer_of(user), "model", user.username, model.name, revision, path)


def test_large_and_small_files_come_in_one_commit(signed_in, user, model, url) -> None:
    files = [_bring(signed_in, url, "a/model.bin", b"\0\1" * 100), _bring(signed_in, url, "notes.txt", b"hello\n")]
    for file in files:
        assert _post(signed_in, url, "ready", **file).status_code == 200
    before = Commit.objects.count()
    response = _commit(signed_in, url, *files)
    assert response.json()["url"].startswith(f"{url}/commit/") and Commit.objects.count() == before + 1
    assert _file(user, model, "a/model.bin").is_lfs and not _file(user, model, "notes.txt").is_lfs
    assert Commit.objects.latest("pk").title == "Upload a/model.bin and 1 more"


def test_a_second_try_sends_what_is_missing(signed_in, url) -> None:
    data = bytes(20 * MIB)
    first = _bring(signed_in, url, "big.bin", data, skip=2)
    assert first["plan"]["missing"] == [1, 2, 3] and UploadPart.objects.count() == 1
    assert b"2 of 3 parts are missing" in _post(signed_in, url, "ready", **first).content
    second = _bring(signed_in, url, "big.bin", data)
    assert second["plan"]["missing"] == [1, 2]
    assert _post(signed_in, url, "ready", **second).status_code == 200
    third = _bring(signed_in, url, "big.bin", data)
    assert third["plan"]["missing"] == [] and third["plan"]["change"] == "new"


def test_each_refusal_is_in_words_and_nothing_is_lost(signed_in, settings, url) -> None:
    broken = _bring(signed_in, url, "model.safetensors", b"no header at all")
    response = _post(signed_in, url, "ready", **broken)
    assert response.status_code == 422 and "model.safetensors" in response.json()["message"]
    assert _post(signed_in, url, "begin", path="../x", sha256="0" * 64, size=1).status_code == 422
    assert _post(signed_in, url, "begin", path="x", sha256="0" * 64, size=settings.MAX_FILE_SIZE + 1).status_code == 413
    assert _post(signed_in, url, "begin", path="x", sha256="0" * 64, size="1").status_code == 400
    unknown = _commit(signed_in, url, {"path": "x.bin", "sha256": "0" * 64})
    assert unknown.status_code == 422 and unknown.json()["path"] == "x.bin"
    assert _commit(signed_in, url).status_code == 400
    assert signed_in.post(f"{url}/upload/main/begin", b"{", content_type="application/json").status_code == 400


def test_a_wrong_part_is_refused(signed_in, url) -> None:
    sent = _bring(signed_in, url, "x.bin", b"right", skip=1)
    where = f"{url}/upload/main/part/{sent['upload']}"
    assert signed_in.put(f"{where}/1", b"wrong").status_code == 422
    assert signed_in.put(f"{where}/7", b"right").status_code == 400


def test_halves_of_characters_are_refused(signed_in, url) -> None:
    half = {"path": "a", "sha256": "\ud800"}
    assert _post(signed_in, url, "ready", upload="", **half).status_code == 400
    assert _commit(signed_in, url, half).status_code == 400


def test_a_new_branch_starts_with_the_commit(signed_in, user, model, url) -> None:
    file = _bring(signed_in, url, "notes.txt", b"hello\n")
    _post(signed_in, url, "ready", **file)
    assert _commit(signed_in, url, file, new_branch="try").status_code == 200
    assert _file(user, model, "notes.txt", "try").size == 6
    assert not selectors.current_files(model, "main", ["notes.txt"])


def test_parts_go_to_the_repository_that_they_were_begun_for(signed_in, user, url) -> None:
    other = make_repo(owner=user)
    sent = _bring(signed_in, url, "x.bin", b"bytes", skip=1)
    where = f"/{other.full_name}/upload/main/part/{sent['upload']}/1"
    assert signed_in.put(where, b"bytes").status_code == 404


def test_the_plain_form_takes_small_files(signed_in, user, model, url) -> None:
    files = [SimpleUploadedFile("one.txt", b"1\n"), SimpleUploadedFile("two.bin", b"\0\2")]
    response = signed_in.post(f"{url}/upload/main", {"chosen": files, "title": "Two files"})
    assert response["Location"].startswith(f"{url}/commit/")
    assert _file(user, model, "one.txt").data == b"1\n" and _file(user, model, "two.bin").is_lfs


def test_the_plain_form_keeps_its_words_when_refused(signed_in, url, monkeypatch) -> None:
    assert signed_in.post(f"{url}/upload/main", {"title": "No file"}).status_code == 422
    bad = SimpleUploadedFile("model.safetensors", b"nothing")
    response = signed_in.post(f"{url}/upload/main", {"chosen": [bad], "title": "Kept words"})
    assert response.status_code == 422 and b"Kept words" in response.content
    monkeypatch.setattr("hub.web.repo_forms.PLAIN_LIMIT", 3)
    large = SimpleUploadedFile("x.txt", b"four")
    assert b"too large" in signed_in.post(f"{url}/upload/main", {"chosen": [large]}).content


def test_a_form_far_too_large_is_refused_unread(signed_in, url, monkeypatch) -> None:
    monkeypatch.setattr("django.http.multipartparser.MultiPartParser.parse", None)
    large = SimpleUploadedFile("x.bin", bytes(23_000_000))
    response = signed_in.post(f"{url}/upload/main", {"chosen": [large]})
    assert response.status_code == 413 and b"plain form takes up to 20 MB" in response.content


def test_files_go_to_the_branch_of_the_page(signed_in, user, model, url) -> None:
    first = _bring(signed_in, url, "notes.txt", b"hello\n")
    _post(signed_in, url, "ready", **first)
    _commit(signed_in, url, first, new_branch="try")
    assert b"Upload files to try" in signed_in.get(f"{url}/upload/try").content
    at, told = f"{url}/upload/try", {"path": "more.txt", "sha256": hashlib.sha256(b"more\n").hexdigest()}
    plan = signed_in.post(f"{at}/begin", json.dumps({**told, "size": 5}), content_type="application/json").json()
    assert signed_in.put(f"{at}/part/{plan['upload']}/1", b"more\n").status_code == 200
    for step, body in (
        ("ready", {**told, "upload": plan["upload"]}),
        ("commit", {"files": [told], "title": "", "description": "", "new_branch": ""}),
    ):
        response = signed_in.post(f"{at}/{step}", json.dumps(body), content_type="application/json")
        assert response.status_code == 200
    assert _file(user, model, "more.txt", "try").size == 5
    assert not selectors.current_files(model, "main", ["more.txt", "notes.txt"])


def test_the_page_says_its_limits_first(signed_in, url, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(9):
        text = signed_in.get(f"{url}/upload/main").content.decode()
    assert "A file can have" in text and "20 MB" in text and "kept for 23 days" in text


@pytest.mark.parametrize("role", ["", "read"])
def test_readers_see_no_way_in_and_find_none(client: Client, db, role) -> None:
    reader, owner = make_user(), make_user()
    make_org("team", admin=owner, **({role: reader} if role else {}))
    repo = make_repo(owner="team", files={"README.md": b"# x\n"})
    client.force_login(reader, backend="django.contrib.auth.backends.ModelBackend")
    at = f"/{repo.full_name}"
    text = client.get(at).content.decode() + client.get(f"{at}/blob/main/README.md").content.decode()
    assert not any(word in text for word in ("/upload/", "/edit/", "/delete/", f"{at}/settings"))
    for path in ("upload/main", "edit/main/README.md", "delete/main/README.md", "settings"):
        assert client.get(f"{at}/{path}").status_code == 403
        assert client.post(f"{at}/{path}", {"action": "delete"}).status_code == 403
    for step in ("begin", "ready", "commit"):
        assert _post(client, at, step, path="x", sha256="0" * 64, size=1, upload="", files=[{}]).status_code == 403
    assert client.put(f"{at}/upload/main/part/abc/1", b"x").status_code == 403


def test_a_private_repository_is_not_there_for_strangers(signed_in) -> None:
    at = f"/{make_repo(private=True).full_name}"
    for path in ("upload/main", "edit/main/README.md", "delete/main/README.md", "settings"):
        assert signed_in.get(f"{at}/{path}").status_code == 404
    assert _post(signed_in, at, "begin", path="x", sha256="0" * 64, size=1).status_code == 404


def test_steps_need_a_session_and_the_page_s_own_token(client, user, url) -> None:
    assert _post(client, url, "begin").status_code == 401
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert _post(strict, url, "begin").status_code == 403
    assert strict.put(f"{url}/upload/main/part/abc/1", b"x").status_code == 403


def test_a_tag_takes_no_files(signed_in, user, model, url) -> None:
    from hub.catalog.services import create_tag

    create_tag(by=viewer_of(user), repo=model, name="v1")
    assert signed_in.get(f"{url}/upload/v1").status_code == 400
    assert b"/upload/" not in signed_in.get(f"{url}/tree/v1").content
