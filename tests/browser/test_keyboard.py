"""Every page can be used by the keyboard alone."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.browser import demo
from tests.browser.chromium import launch
from tests.browser.pages import COLLECTION

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def page(live_server) -> Iterator[Page]:
    demo.make()
    with sync_playwright() as playwright, launch(playwright) as browser:
        page = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900}).new_page()
        demo.sign_in(page)
        yield page


_STOP = """() => {
  const at = document.activeElement, look = getComputedStyle(at);
  if (at === document.body) return "end";
  const drawn = look.outlineStyle !== "none" || at.matches(".pull input");
  return drawn ? "seen" : at.outerHTML;
}"""


def test_every_stop_of_the_tab_key_can_be_seen(page: Page) -> None:
    for path in ("/", "/models", "/notifications", COLLECTION):
        page.goto(path)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip", path
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main", path
        told = "seen"
        while told == "seen":
            page.keyboard.press("Tab")
            told = page.evaluate(_STOP)
        assert told == "end", path


def test_the_account_menu_opens_and_closes_by_keyboard(page: Page) -> None:
    page.get_by_role("button", name="Your account").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Your page"
    page.keyboard.press("Escape")
    assert page.get_by_role("link", name="Your page").is_hidden()
    assert "account" in page.evaluate("document.activeElement.className")
