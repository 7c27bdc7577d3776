"""axe-core finds nothing to mend on any page: wide and narrow, light and dark."""

import itertools
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, sync_playwright

from tests.browser import demo
from tests.browser.chromium import launch
from tests.browser.pages import COLLECTION, DONE, PUBLIC, SIGNED_IN

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = {"runOnly": {"type": "tag", "values": _TAGS}}
SIZES = {"wide": (1280, 900), "narrow": (320, 800)}


@pytest.fixture
def contexts(live_server) -> Iterator[list[BrowserContext]]:
    demo.make()
    with sync_playwright() as playwright, launch(playwright) as browser:
        yield [
            browser.new_context(
                base_url=live_server.url,
                viewport={"width": width, "height": height},
                color_scheme=theme,  # type: ignore[arg-type]
                reduced_motion="reduce",
            )
            for (width, height), theme in itertools.product(SIZES.values(), ("light", "dark"))
        ]


def test_no_page_has_a_violation(contexts: list[BrowserContext]) -> None:
    found: list[str] = []
    for context in contexts:
        page = context.new_page()
        found += [each for path in PUBLIC.values() for each in violations(page, path)]
        demo.sign_in(page)
        found += [each for path in SIGNED_IN.values() for each in violations(page, path)]
        found += [each for path, act in DONE.values() for each in violations(page, path, act)]
        context.close()
    assert not found, "\n".join(sorted(set(found)))


def violations(page: Page, path: str, act: Callable[[Page], object] = lambda _: None) -> list[str]:
    """What axe-core says of this page once `act` was done on it, one line for each element."""
    page.goto(path, wait_until="networkidle")
    act(page)
    told = Axe().run(page, options=RULES).response
    assert told["passes"], f"{path}: axe-core looked at nothing"
    return [
        f"{path}: {rule['id']}: {node['target']}: {node['failureSummary']}"
        for rule in told["violations"]
        for node in rule["nodes"]
    ]


_STOP = """() => {
  const at = document.activeElement, look = getComputedStyle(at);
  if (at === document.body) return "end";
  const drawn = look.outlineStyle !== "none" || at.matches(".pull input");
  return drawn ? "seen" : at.outerHTML;
}"""


def test_every_stop_of_the_tab_key_can_be_seen(contexts: list[BrowserContext]) -> None:
    page = contexts[0].new_page()
    demo.sign_in(page)
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


def test_the_account_menu_opens_and_closes_by_keyboard(contexts: list[BrowserContext]) -> None:
    page = contexts[-1].new_page()
    demo.sign_in(page)
    page.get_by_role("button", name="Your account").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Your page"
    page.keyboard.press("Escape")
    assert page.get_by_role("link", name="Your page").is_hidden()
    assert "account" in page.evaluate("document.activeElement.className")
