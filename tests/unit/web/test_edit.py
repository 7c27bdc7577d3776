"""Editing the card and other files: what is shown is kept, what is sent is checked, nobody is overwritten unseen."""

import pytest
from django.test import Client

from hub.catalog import selectors, services
from hub.catalog.card import parse_card
from hub.catalog.models import Commit
from hub.catalog.operations import AddInline
from tests.factories import make_repo, viewer_of
from tests.factories.accounts import PASSWORD

CARD = b"""---
# who made it
license: mit
language: en  # British
base_model: a/b
custom:
  anything: [1, 2]
---
# Welds

Tells good welds from bad ones.
"""


def _text(user, repo, path: str = "README.md") -> str:
    file = selectors.find_file(viewer_of(user), repo.kind, repo.owner.name, repo.name, "main", path)
    return bytes(file.data).decode()


def _form(client, url: str) -> dict[str, str]:
    """The form of the page as a browser would send it, unchanged."""
    form = client.get(url).context["page"].form
    return {name: form[name].value() or "" for name in form.fields}


def _repo(user, card: bytes = CARD):
    return make_repo(name="card", owner=user, files={"README.md": card})


def _edit(repo, path: str = "README.md") -> str:
    return f"/{'datasets/' if repo.kind == 'dataset' else ''}{repo.full_name}/edit/main/{path}"


def test_a_form_sent_as_it_came_changes_nothing(signed_in, user) -> None:
    repo = _repo(user)
    before = Commit.objects.count()
    response = signed_in.post(_edit(repo), {**_form(signed_in, _edit(repo)), "action": "commit"})
    assert response["Location"] == f"/{repo.full_name}"
    assert _text(user, repo) == CARD.decode() and Commit.objects.count() == before


def test_fields_change_their_own_lines_alone(signed_in, user) -> None:
    repo = _repo(user)
    changes = {
        "license": "apache-2.0",
        "base_model": "",
        "datasets": "x/y, z/w",
        "action": "commit",
        "title": "Say more",
    }
    assert signed_in.post(_edit(repo), {**_form(signed_in, _edit(repo)), **changes}).status_code == 302
    text = _text(user, repo)
    assert text.startswith(
        "---\n# who made it\nlicense: apache-2.0\nlanguage: en  # British\ncustom:\n  anything: [1, 2]\n"
        "datasets:\n- x/y\n- z/w\n---\n"
    )
    assert text.endswith("bad ones.\n") and Commit.objects.latest("pk").title == "Say more"


def test_what_a_field_can_not_hold_is_kept(signed_in, user) -> None:
    repo = _repo(user, b"---\nlicense: [mit, apache-2.0]\npipeline_tag: my-own-task\nlanguage: {a: b}\n---\n# X\n")
    form = _form(signed_in, _edit(repo))
    assert form["license"] == '["mit", "apache-2.0"]' and form["pipeline_tag"] == "my-own-task"
    signed_in.post(_edit(repo), {**form, "tags": "mine", "action": "commit"})
    assert _text(user, repo).startswith(
        "---\nlicense: [mit, apache-2.0]\npipeline_tag: my-own-task\nlanguage: {a: b}\ntags: mine\n"
    )


def test_faults_stand_beside_their_fields_while_typing(signed_in, user) -> None:
    repo = _repo(user)
    sent = {
        **_form(signed_in, _edit(repo)),
        "license": "",
        "language": "klingon",
        "body": "# New *words*",
        "action": "look",
    }
    text = signed_in.post(_edit(repo), sent).content.decode()
    assert "until a licence is stated" in text and "“klingon” is no language code" in text
    assert "New <em>words</em>" in text and "<html" not in text
    assert _text(user, repo) == CARD.decode()


def test_new_errors_are_refused_and_old_ones_are_not(signed_in, user) -> None:
    repo = _repo(user, b"---\nlicense: homemade\n---\n# X\n")
    form = _form(signed_in, _edit(repo))
    assert signed_in.post(_edit(repo), {**form, "body": "# Y\n", "action": "commit"}).status_code == 302
    sent = {"mode": "text", "text": "---\nlicense: [\n---\nKept words", "base": _form(signed_in, _edit(repo))["base"]}
    response = signed_in.post(_edit(repo), {**sent, "action": "commit"})
    assert response.status_code == 422 and b"Kept words" in response.content and b"not valid YAML" in response.content


def test_the_form_and_the_text_are_two_views_of_one_card(signed_in, user) -> None:
    repo = _repo(user)
    form = {**_form(signed_in, _edit(repo)), "license": "isc", "title": "Kept title"}
    page = signed_in.post(_edit(repo), {**form, "action": "as-text"}).context["page"]
    text = page.form["text"].value()
    assert "license: isc" in text and page.form["title"].value() == "Kept title"
    sent = {"mode": "text", "text": text.replace("isc", "zlib"), "base": form["base"], "action": "as-form"}
    page = signed_in.post(_edit(repo), sent).context["page"]
    assert page.mode == "form" and page.form["license"].value() == "zlib"
    assert "custom" in page.form["block"].value()


def test_names_of_this_hub_are_proposed(signed_in, user) -> None:
    repo = _repo(user)
    make_repo(name="secret-base", owner=None, private=True)
    make_repo(name="base", owner=user)
    sent = {**_form(signed_in, _edit(repo)), "base_model": f"a/b, {user.username}/ba", "action": "look"}
    text = signed_in.post(_edit(repo), sent).content.decode()
    assert f'<option value="a/b, {user.username}/base">' in text and "secret-base" not in text


def test_a_change_by_somebody_else_is_shown_and_nothing_is_lost(signed_in, user) -> None:
    repo = _repo(user)
    form = {**_form(signed_in, _edit(repo)), "body": "# My words\n", "action": "commit"}
    by = viewer_of(user)
    operations = [AddInline("README.md", CARD.replace(b"Tells", b"Told"))]
    services.commit(by=by, repo=repo, revision="main", operations=operations, title="Between")
    response = signed_in.post(_edit(repo), form)
    text = response.content.decode()
    assert response.status_code == 409 and "Somebody else changed" in text
    assert "-Told good welds" in text and "+# My words" in text and "Told good" in _text(user, repo)
    again = response.context["page"].form
    signed_in.post(_edit(repo), {name: again[name].value() or "" for name in again.fields} | {"action": "commit"})
    assert _text(user, repo).endswith("# My words\n")


def test_a_change_of_another_file_is_none_of_its_business(signed_in, user) -> None:
    repo = _repo(user)
    form = {**_form(signed_in, _edit(repo)), "body": "# My words\n", "action": "commit"}
    services.commit(
        by=viewer_of(user), repo=repo, revision="main", operations=[AddInline("x.txt", b"x")], title="Another"
    )
    assert signed_in.post(_edit(repo), form).status_code == 302
    assert signed_in.post(_edit(repo), form).status_code == 302, "sent twice, it is done once"
    assert _text(user, repo).endswith("# My words\n") and _text(user, repo, "x.txt") == "x"


def test_line_ends_stay_what_they_were(signed_in, user) -> None:
    repo = make_repo(name="ends", owner=user, files={"unix.txt": b"a\nb\n", "dos.txt": b"a\r\nb\r\n"})
    for path, expected in (("unix.txt", "a\nc\n"), ("dos.txt", "a\r\nc\r\n")):
        form = {**_form(signed_in, _edit(repo, path)), "text": "a\r\nc\r\n", "action": "commit"}
        assert signed_in.post(_edit(repo, path), form)["Location"] == f"/{repo.full_name}/blob/main/{path}"
        assert _text(user, repo, path) == expected


CORNERS = {
    b"---\r\nlicense: mit # ours\r\ntags: [a, b]\r\n---\r\n# X\r\n": (
        "---\r\nlicense: isc\r\ntags: [a, b]\r\n---\r\n# X\r\n"
    ),
    b"\xef\xbb\xbf---\nlicense: mit\n---\n# X\n": "\ufeff---\nlicense: isc\n---\n# X\n",
    b"\xef\xbb\xbf# X\n": "\ufeff---\nlicense: isc\n---\n# X\n",
    b"# X\n\n---\n\nno front matter\n": "---\nlicense: isc\n---\n# X\n\n---\n\nno front matter\n",
    b"---\ntags:\n- a\n# about b\n- b\n\n# the end\nlicense: mit\n---\n": (
        "---\ntags:\n- a\n# about b\n- b\n\n# the end\nlicense: isc\n---\n"
    ),
    b"---\n{license: mit, tags: [a]}\n---\n# X\n": "---\nlicense: isc\ntags:\n- a\n---\n# X\n",
    b"---\nlicense: mit\nmodel-index:\n  - name: x\n    results: [{metrics: [{type: acc, value: 0.90}]}]\n---\n# X\n": (
        "---\nlicense: isc\nmodel-index:\n  - name: x\n    results: [{metrics: [{type: acc, value: 0.90}]}]\n---\n# X\n"
    ),
}


@pytest.mark.parametrize("card", CORNERS)
def test_a_card_keeps_its_own_way_of_writing(signed_in, user, card) -> None:
    repo = _repo(user, card)
    form = _form(signed_in, _edit(repo))
    assert signed_in.post(_edit(repo), {**form, "action": "commit"}).status_code == 302
    assert _text(user, repo) == card.decode(), "sent unchanged, it stays as it was"
    assert signed_in.post(_edit(repo), {**form, "license": "isc", "action": "commit"}).status_code == 302
    assert _text(user, repo) == CORNERS[card]


def test_a_block_that_is_no_yaml_is_edited_as_text(signed_in, user) -> None:
    repo = _repo(user, b"---\nlicense: [mit\n---\n# X\n")
    page = signed_in.get(_edit(repo)).context["page"]
    assert page.mode == "text" and "license: [mit" in page.form["text"].value()
    sent = {**_form(signed_in, _edit(repo)), "text": "---\nlicense: mit\n---\n# X\n", "action": "as-form"}
    assert signed_in.post(_edit(repo), sent).context["page"].mode == "form"


def test_a_session_that_ended_loses_no_words(client, signed_in, user) -> None:
    repo = _repo(user)
    form = {**_form(signed_in, _edit(repo)), "body": "# Long words <b>\n", "action": "commit"}
    client.logout()
    asked = client.post(_edit(repo), form)
    assert asked.status_code == 401 and b"Long words" in asked.content and _text(user, repo) == CARD.decode()
    kept = {f"kept.{name}": text for name, text in asked.context["page"].kept}
    wrong = client.post("/login", {**kept, "username": "ada", "password": "wrong", "next": _edit(repo)})
    assert wrong.status_code == 422 and b"Long words" in wrong.content
    sent = {**kept, "username": user.username, "password": PASSWORD, "next": _edit(repo)}
    page = client.post("/login", sent).context["page"]
    assert page.url == _edit(repo)
    assert client.post(page.url, dict(page.kept)).status_code == 302
    assert _text(user, repo).endswith("# Long words <b>\n")


def test_a_form_too_old_shows_what_was_written(user) -> None:
    repo, strict = _repo(user), Client(enforce_csrf_checks=True)
    for site, count in (("same-origin", 1), ("cross-site", 0)):
        response = strict.post(_edit(repo), {"body": "Long words"}, headers={"sec-fetch-site": site})
        assert response.status_code == 403 and response.content.count(b"Long words") == count


def test_a_repository_without_a_card_gets_one(signed_in, user) -> None:
    repo = make_repo(name="bare", owner=user, kind="dataset")
    form = {**_form(signed_in, _edit(repo)), "license": "cc-by-4.0", "action": "commit", "new_branch": "draft"}
    assert "/commit/" in signed_in.post(_edit(repo), form)["Location"]
    file = selectors.find_file(viewer_of(user), "dataset", user.username, "bare", "draft", "README.md")
    assert parse_card(bytes(file.data).decode()).metadata == {"license": "cc-by-4.0"}


def test_what_is_no_small_text_is_not_edited_here(signed_in, model, url) -> None:
    for path, status in (("w.bin", 400), ("missing.txt", 404)):
        assert signed_in.get(f"{url}/edit/main/{path}").status_code == status


def test_the_preview_is_sanitised(signed_in, user) -> None:
    repo = _repo(user)
    sent = {**_form(signed_in, _edit(repo)), "body": "<script>alert(1)</script><b onclick=x>y</b>", "action": "look"}
    preview = signed_in.post(_edit(repo), sent).content.decode()
    assert "<script>" not in preview and "onclick" not in preview


def test_a_file_is_deleted_and_stays_in_the_history(signed_in, user, model, url) -> None:
    page = signed_in.get(f"{url}/delete/main/train.py").context["page"]
    assert signed_in.post(f"{url}/delete/main/train.py", {"base": "0" * 40}).status_code == 422
    response = signed_in.post(f"{url}/delete/main/train.py", {"base": page.base, "title": ""})
    assert response["Location"] == f"{url}/tree/main"
    assert not selectors.current_files(model, "main", ["train.py"])
    assert Commit.objects.latest("pk").title == "Delete train.py"
    assert signed_in.post(f"{url}/delete/main/train.py", {"base": page.base}).status_code == 404


def test_the_editor_asks_the_database_little(signed_in, user, django_assert_max_num_queries) -> None:
    repo = _repo(user)
    with django_assert_max_num_queries(13):
        signed_in.get(_edit(repo))
