"""The administration in a real browser: each page under the site's policy, without an error in the console."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.urls import reverse
from playwright.sync_api import Browser, Page, sync_playwright

from hub.governance.services import access
from tests.browser.chromium import launch
from tests.factories import make_org, make_user, viewer_of
from tests.factories.accounts import PASSWORD
from tests.factories.gated import ANSWERS, make_gated

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
POLICY = "script-src {host}/static/ {host}/admin/jsi18n/"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright, launch(playwright) as opened:
        yield opened


@pytest.fixture
def page(browser: Browser, live_server) -> Iterator[Page]:
    """Signed in as an administrator; an error in the console (a refused script or style too) fails the test."""
    ada, _ = make_user("ada"), make_user("root", is_admin=True)
    make_org("acme", admin=ada)
    access.request_access(by=viewer_of(make_user("bob")), repo=make_gated(ada), fields=ANSWERS)
    context = browser.new_context(base_url=live_server.url)
    opened = context.new_page()
    errors: list[str] = []
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto("/login?next=/admin/")
    opened.get_by_label("User name").fill("root")
    opened.get_by_label("Password").fill(PASSWORD)
    opened.get_by_role("button", name="Sign in").click()
    opened.get_by_role("heading", name="What this hub holds").wait_for()
    yield opened
    context.close()
    assert errors == []


def test_every_page_works_under_the_policy(page: Page, live_server) -> None:
    for model in admin.site._registry:
        at = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert page.goto(reverse(f"{at}_changelist")).ok
        if row := model._default_manager.first():
            answer = page.goto(reverse(f"{at}_change", args=[row.pk]))
            assert answer.ok and page.locator("#content h1").is_visible()
            host = live_server.url.removeprefix("http://")
            assert POLICY.format(host=host) in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]


def test_a_change_is_made_and_the_theme_follows(page: Page) -> None:
    page.goto(reverse("admin:accounts_organisation_changelist"))
    page.get_by_role("link", name="acme").click()
    page.get_by_label("Full name").fill("Acme Ltd")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("was changed successfully").wait_for()
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.emulate_media(color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
