"""Atom feeds: valid, private to those they are for, and quiet when nothing changed."""

import base64
import xml.etree.ElementTree as ET

import pytest

from tests.factories import make_org, make_repo, make_token

ATOM = "{http://www.w3.org/2005/Atom}"


def titles(response) -> list[str]:
    assert response.status_code == 200 and response["Content-Type"].startswith("application/atom+xml")
    root = ET.fromstring(response.content)
    for part in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert part.find(f"{ATOM}{name}").text
    return sorted(entry.find(f"{ATOM}title").text for entry in root.findall(f"{ATOM}entry"))


@pytest.fixture
def three(user):
    make_repo("hidden", owner=user, private=True)
    make_repo("rows", owner=user, kind="dataset")
    return make_repo("a", owner=user, files={"README.md": b"# A\n\nSums <b>&</b> more.\n"})


def test_what_each_feed_holds(client, signed_in, three, user):
    name = user.username
    assert titles(signed_in.get("/feeds/models.atom")) == [f"{name}/a", f"{name}/hidden"]
    assert titles(signed_in.get(f"/feeds/{name}.atom")) == [f"{name}/a", f"{name}/hidden", f"{name}/rows"]
    client.logout()
    assert titles(client.get("/feeds/models.atom")) == [f"{name}/a"]
    assert titles(client.get("/feeds/datasets.atom")) == [f"{name}/rows"]
    assert titles(client.get(f"/feeds/{name.upper()}.atom")) == [f"{name}/a", f"{name}/rows"]
    assert client.get("/feeds/nobody.atom").status_code == 404


def test_a_reader_with_a_token(client, three, user):
    token = make_token(user, "read")
    basic = base64.b64encode(f"x:{token}".encode()).decode()
    for header in (f"Bearer {token}", f"Basic {basic}"):
        assert len(titles(client.get("/feeds/models.atom", HTTP_AUTHORIZATION=header))) == 2
    for header in ("Bearer x", "Basic !", "Digest x"):
        assert client.get("/feeds/models.atom", HTTP_AUTHORIZATION=header).status_code == 401


def test_nothing_new_is_not_sent_again(client, three, user):
    first = client.get("/feeds/models.atom")
    assert "Authorization" in first["Vary"] and "private" in first["Cache-Control"]
    unchanged = client.get("/feeds/models.atom", HTTP_IF_NONE_MATCH=first["ETag"])
    assert unchanged.status_code == 304 and not unchanged.content
    make_repo(owner=user)
    assert client.get("/feeds/models.atom", HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


def test_an_empty_feed_and_where_feeds_are_named(client, db):
    make_org("team")
    assert titles(client.get("/feeds/team.atom")) == []
    for path, feed in (("/models", "models"), ("/datasets", "datasets"), ("/team", "team")):
        assert 'type="application/atom+xml" title=' in (text := client.get(path).content.decode())
        assert f'href="/feeds/{feed}.atom"' in text


def test_what_xml_cannot_hold_breaks_no_feed(client, user):
    card = b'---\npipeline_tag: "a\\x08b"\n---\nWords with \x08 and \x1b in them, \xef\xbf\xbe long enough.\n'
    make_repo(owner=user, files={"README.md": card})
    assert len(titles(client.get("/feeds/models.atom"))) == 1
