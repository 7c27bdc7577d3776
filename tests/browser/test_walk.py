"""A person's way through the site, in a real browser: no error in its console, nothing wider than a phone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import demo
from tests.browser.chromium import launch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright, launch(playwright) as opened:
        yield opened


@pytest.fixture
def page(browser: Browser, live_server) -> Iterator[Page]:
    """A page of the demo hub; an error in its console (a refused script or style too) fails the test."""
    demo.make()
    context = browser.new_context(base_url=live_server.url, viewport={"width": 375, "height": 800})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened = context.new_page()
    errors: list[str] = []
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == []


def test_find_a_model_copy_its_line_sign_in_make_a_token(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("/")
    page.keyboard.type("minilm")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 model matches “minilm”")).to_be_visible()
    page.get_by_role("link", name="headstart/all-minilm-l6-v2").click()
    expect(page.get_by_role("heading", name="Licence")).to_be_visible()

    page.get_by_text("Command line").click()
    page.get_by_role("button", name="Copy the line").click()
    assert page.evaluate("navigator.clipboard.readText()") == "headstart pull all-minilm-l6-v2"

    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password").fill(demo.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Licence")).to_be_visible()

    page.get_by_role("link", name="Tokens").click()
    page.get_by_label("Label").fill("laptop")
    page.get_by_role("button", name="Make the token").click()
    expect(page.get_by_role("heading", name="Your new token: copy it now")).to_be_visible()
    page.get_by_role("button", name="Copy the token").click()
    assert page.evaluate("navigator.clipboard.readText()").startswith("hs_")


def test_the_theme_is_kept(page: Page) -> None:
    page.goto("/ui/")
    page.get_by_role("button", name="Use the dark theme").click()
    page.goto("/models")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    expect(page.get_by_role("button", name="Use the light theme")).to_be_visible()


@pytest.mark.parametrize("width", [320, 375, 1280, 2560])
def test_no_page_is_wider_than_its_window(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    model = "/headstart/all-minilm-l6-v2"
    for path in ("/", "/models", model, f"{model}/tree/main", f"{model}/blob/main/scripts/train.py", "/ui/", "/login"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, path


def test_the_admin_works_under_the_same_policy(page: Page) -> None:
    page.goto("/login?next=/admin/accounts/user/")
    page.get_by_label("User name").fill("admin")
    page.get_by_label("Password").fill(demo.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Select user to view").or_(page.get_by_text("3 users"))).to_be_visible()
