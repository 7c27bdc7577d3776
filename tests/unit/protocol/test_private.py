"""A private repository answers as one that isn't there: at every address, to everyone who may not see it."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.factories import make_repo, make_token, make_user

pytestmark = pytest.mark.django_db
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS")
BODIES = (
    {},
    {"operation": "download", "objects": [{"oid": "0" * 64, "size": 1}]},
    {"operation": "upload", "objects": [{"oid": "0" * 64, "size": 1}], "oid": "0" * 64, "size": 1},
    {"paths": ["a"], "files": [{"path": "a"}], "tag": "v1", "private": False},
)
HEADER = {"key": "header", "value": {"summary": "x"}}


def addresses() -> list[str]:
    """Each address of wire and site that names a repository, as a template."""
    found = {_filled(route) for route in _routes(get_resolver(), "") if "owner>" in route}
    assert len(found) > 30
    return sorted(found)


def _routes(resolver: URLResolver, before: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        elif not route.startswith("admin"):
            yield from _routes(pattern, route)


def _filled(route: str) -> str:
    values = {
        "owner": "{owner}",
        "name": "{name}",
        "kind": "models",
        "revision": "main",
        "branch": "main",
        "oid": "main",
    }
    values |= {"oid": "main", "path": "README.md", "rest": "1", "what": "write", "other": "spaces", "verb": "tree"}
    values |= {"item": "0" * 24, "slug": "{name}", "pair": "main...main", "upload": "0" * 24, "number": "1"}
    values |= {"form": "cyclonedx", "paper": "cyclonedx"}
    values |= {"status": "pending", "commit": "main", "step": "comment"}
    return "/" + re.sub(r"<\w+:(\w+)>", lambda match: values[match[1]], route)


def told(response: Any, name: str) -> tuple[int, dict[str, str], str]:
    """Status, headers and body, without the name that was asked for and what is new in every answer."""
    headers = {key: value.replace(name, "NAME") for key, value in response.items() if key != "X-Request-Id"}
    body = b"" if response.streaming else response.content
    text = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", body.decode().replace(name, "NAME"))
    headers.pop("Content-Length", None)
    return response.status_code, headers, text


@pytest.fixture
def secret() -> Any:
    return make_repo("the-secret", private=True, files={"README.md": b"---\nlicense: mit\n---\n# Secret\n"})


@pytest.mark.parametrize("who", ["anonymous", "stranger", "limited", "limited administrator", "reading administrator"])
@pytest.mark.parametrize("address", addresses())
def test_private_and_missing_get_the_same_answer(call: Any, secret: Any, address: str, who: str) -> None:
    bearer = {
        "anonymous": lambda: "",
        "stranger": lambda: make_token(make_user(), "admin"),
        "limited": lambda: make_token(secret.created_by, "admin", repositories=[make_repo().public_id]),
        "limited administrator": lambda: make_token(make_user(is_admin=True), "admin", repositories=["0" * 24]),
        "reading administrator": lambda: make_token(make_user(is_admin=True), "read"),
    }[who]()
    for method in METHODS:
        for body in BODIES if method in {"POST", "PUT"} else BODIES[:1]:
            data = json.dumps(HEADER if "/commit/" in address else body).encode()
            answers = [
                told(call(method, address.format(owner=secret.owner.name, name=name), token=bearer, body=data), name)
                for name in ("the-secret", "not-there-x")
            ]
            assert answers[0] == answers[1]
            assert answers[0][0] >= 300 or method == "OPTIONS", (method, address)


@pytest.mark.parametrize("address", [path for path in addresses() if not path.startswith("/api")])
def test_to_a_session_too(secret: Any, address: str) -> None:
    browser = Client()
    browser.force_login(make_user(), backend="django.contrib.auth.backends.ModelBackend")
    answers = [
        told(browser.get(address.format(owner=secret.owner.name, name=name)), name)
        for name in ("the-secret", "not-there-x")
    ]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("path", ["/api/repos/delete DELETE", "/api/repos/move POST", "/api/repos/create POST"])
def test_in_calls_that_name_it_in_their_body(call: Any, secret: Any, path: str) -> None:
    target, method = path.split()
    token = make_token(make_user(), "admin")
    answers = []
    for name in ("the-secret", "not-there-x"):
        full = f"{secret.owner.name}/{name}"
        body = json.dumps({"name": full, "fromRepo": full, "toRepo": f"{secret.owner.name}/x"}).encode()
        answers.append(told(call(method, target, token=token, body=body), name))
    assert answers[0] == answers[1] and answers[0][0] in {403, 404}
