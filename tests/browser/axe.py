"""axe-core on every page: all rules on a wide light window, then what darkness or a narrow window can break."""

import json
from collections.abc import Callable, Iterator
from typing import Any, Literal

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser import demo
from tests.browser.pages import ADMIN, DONE, PUBLIC, SIGNED_IN

Size = Literal["wide", "narrow"]
SIZES: dict[Size, tuple[int, int]] = {"wide": (1280, 900), "narrow": (320, 800)}
ALL = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
# What a narrow window lays out otherwise: what overlaps, shrinks, scrolls, or only now is seen.
LAID_OUT = {"type": "rule", "values": [*COLOURS["values"], "target-size", "scrollable-region-focusable", "region"]}
# By window: what is asked in the light theme, and then in the dark one.
RULES = {"wide": (ALL, COLOURS), "narrow": (LAID_OUT, COLOURS)}


def violations(browser: Browser, url: str, size: Size) -> list[str]:
    """What axe-core says of all pages of the demo hub at `url`, each element once."""
    width, height = SIZES[size]
    context = browser.new_context(base_url=url, viewport={"width": width, "height": height}, reduced_motion="reduce")
    page = context.new_page()
    found = [each for path, act in _visits(page) for each in violations_of(page, path, size, act)]
    context.close()
    return sorted(set(found))


def _visits(page: Page) -> Iterator[tuple[str, Callable[[Page], object]]]:
    """Every page, seen by whom it is for."""
    yield from ((path, _nothing) for path in PUBLIC.values())
    demo.sign_in(page)
    yield from ((path, _nothing) for path in SIGNED_IN.values())
    yield from DONE.values()
    page.context.clear_cookies()
    demo.sign_in(page, "root")
    yield from ((path, _nothing) for path in ADMIN.values())


def _nothing(_: Page) -> None: ...


def violations_of(page: Page, path: str, size: Size = "wide", act: Callable[[Page], object] = _nothing) -> list[str]:
    """What it says of this page once `act` was done on it, in both themes, one line for each element."""
    page.emulate_media(color_scheme="light")
    page.goto(path, wait_until="load")
    act(page)
    page.evaluate(Axe().axe_script)
    found = []
    for theme, rules in zip(("light", "dark"), RULES[size], strict=True):
        page.emulate_media(color_scheme=theme)
        found += [f"{path} ({size}, {theme}): {line}" for line in _told(page, rules)]
    return found


def _told(page: Page, rules: dict[str, Any]) -> list[str]:
    told = page.evaluate(f"axe.run({json.dumps({'runOnly': rules, 'resultTypes': ['violations']})})")
    assert told["passes"], f"axe-core looked at nothing of {page.url}"
    return [
        f"{rule['id']}: {node['target']}: {node['failureSummary']}"
        for rule in told["violations"]
        for node in rule["nodes"]
    ]
