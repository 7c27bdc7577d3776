"""axe-core on every page, in one theme, wide and narrow."""

from collections.abc import Callable
from typing import Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser import demo
from tests.browser.pages import ADMIN, DONE, PUBLIC, SIGNED_IN

_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# All that the tags ask for in one theme; in the other what a colour can break.
RULES = {
    "light": {"runOnly": {"type": "tag", "values": _TAGS}},
    "dark": {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}},
}
SIZES = {"wide": (1280, 900), "narrow": (320, 800)}


def violations(browser: Browser, url: str, theme: Literal["light", "dark"]) -> list[str]:
    """What axe-core says of all pages of the demo hub at `url`, each element once."""
    found: list[str] = []
    for width, height in SIZES.values():
        context = browser.new_context(
            base_url=url,
            viewport={"width": width, "height": height},
            color_scheme=theme,
            reduced_motion="reduce",
        )
        page = context.new_page()
        found += [each for path in PUBLIC.values() for each in violations_of(page, path, theme)]
        demo.sign_in(page)
        found += [each for path in SIGNED_IN.values() for each in violations_of(page, path, theme)]
        found += [each for path, act in DONE.values() for each in violations_of(page, path, theme, act)]
        context.clear_cookies()
        demo.sign_in(page, "root")
        found += [each for path in ADMIN.values() for each in violations_of(page, path, theme)]
        context.close()
    return sorted(set(found))


def violations_of(
    page: Page, path: str, theme: str = "light", act: Callable[[Page], object] = lambda _: None
) -> list[str]:
    """What it says of this page once `act` was done on it, one line for each element."""
    page.goto(path, wait_until="load")
    act(page)
    told = Axe().run(page, options=RULES[theme]).response
    assert told["passes"], f"{path}: axe-core looked at nothing"
    return [
        f"{path}: {rule['id']}: {node['target']}: {node['failureSummary']}"
        for rule in told["violations"]
        for node in rule["nodes"]
    ]
