"""What each answer lets a browser do."""

import pytest
from django.test import RequestFactory, override_settings
from django.urls import resolve

from hub.web.middleware import INERT, policy_for


def _policy(path: str, host: str = "hub.example") -> str:
    request = RequestFactory().get(path, headers={"host": host})
    request.resolver_match = resolve(path)
    return policy_for(request)


@pytest.mark.parametrize("path", ["/", "/models", "/ada/m"])
def test_pages_run_our_scripts_and_no_others(path: str) -> None:
    policy = _policy(path)
    assert "script-src hub.example/static/;" in policy
    assert "unsafe" not in policy and "'self'" not in policy.partition("script-src")[2].partition(";")[0]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy


def test_the_admin_has_its_calendars_words_and_no_more() -> None:
    policy = _policy("/admin/accounts/user/")
    assert "script-src hub.example/static/ hub.example/admin/jsi18n/;" in policy and "unsafe" not in policy
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy


def test_an_address_that_a_policy_cannot_name() -> None:
    assert "script-src 'self'" in _policy("/", host="[::1]:8000")


@override_settings(STATIC_URL="https://static.example/")
def test_static_files_of_another_host() -> None:
    assert "script-src https://static.example/;" in _policy("/")


def test_pushed_bytes_are_inert(client, model) -> None:
    response = client.get(f"/{model.full_name}/resolve/main/README.md")
    assert response["Content-Security-Policy"] == INERT


def test_every_page_has_the_policy(client, db) -> None:
    for path in ("/", "/nobody/nothing", "/login"):
        assert "script-src testserver/static/" in client.get(path)["Content-Security-Policy"]
