"""Files of users come from the hub's own origin: no browser may run anything in them, or guess what they are."""

import pytest
from django.test import Client

from tests.factories import make_repo, make_user
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db
SCRIPT = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
FILES = dict.fromkeys(("a.svg", "a.html", "a.xhtml", "a.xml", "a.js", "a.css", "a.mjs", "a", 'a"\\;é.SVG'), SCRIPT)


def test_nothing_in_a_file_runs(client: Client, user) -> None:
    repo = make_repo(owner=user, files=FILES)
    for path in FILES:
        for more in ("", "?download=1"):
            response = client.get(f"/{repo.full_name}/resolve/main/{path.replace(chr(92), '%5C')}{more}")
            assert response.status_code == 200, path
            policy = response["Content-Security-Policy"]
            assert policy.startswith("default-src 'none'") and policy.endswith("; sandbox") and "script" not in policy
            assert response["X-Content-Type-Options"] == "nosniff" and response["X-Frame-Options"] == "DENY"
            sort = response["Content-Type"].partition(";")[0]
            assert sort in {"text/plain", "application/octet-stream", "image/svg+xml"}
            is_svg = sort == "image/svg+xml"
            assert response["Content-Disposition"].startswith("attachment" if more or is_svg else "inline")


def test_a_new_password_ends_the_other_sessions(user) -> None:
    browsers = [Client(), Client()]
    for browser in browsers:
        assert browser.post("/login", {"username": user.username, "password": PASSWORD}).status_code == 302
    new = "a much better password"
    browsers[0].post("/settings/password", {"old": PASSWORD, "new": new, "again": new})
    assert [browser.get("/settings/tokens").status_code for browser in browsers] == [200, 302]


def test_names_that_are_there_and_those_that_are_not_fail_alike(user) -> None:
    from django.core.cache import cache

    blocked = make_user(password=None)
    type(blocked).objects.filter(pk=blocked.pk).update(is_active=False)
    seen = []
    for name in (user.username, "nobody-here", blocked.username):
        cache.clear()
        browser = Client()
        answers = [browser.post("/login", {"username": name, "password": "wrong"}) for _ in range(6)]
        said = [b"go together" in answer.content or b"paused" in answer.content for answer in answers]
        seen.append(([answer.status_code for answer in answers], said))
    assert seen[0] == seen[1] == seen[2] and seen[0][0][-1] == 429


@pytest.mark.parametrize("query", ["token={}", "access_token={}", "authorization=Bearer%20{}"])
def test_a_token_in_the_address_opens_nothing(client: Client, token: str, query: str) -> None:
    assert client.get(f"/api/whoami-v2?{query.format(token)}").status_code == 401
