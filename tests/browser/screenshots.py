"""Write a picture of each page, wide and narrow, light and dark: `python -m tests.browser.screenshots [FOLDER]`.

With WORDS behind the folder, of those pages alone whose name has one of the words (with commas between them)."""

import itertools
import os
import sys
from pathlib import Path
from typing import Any

from tests.browser.pages import ADMIN, DONE, PUBLIC, SIGNED_IN

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

SIZES = {"wide": (1280, 900), "narrow": (375, 800)}


def main(folder: Path, words: str = "") -> None:
    import django

    django.setup()
    from django.test.utils import setup_databases, teardown_databases

    folder.mkdir(parents=True, exist_ok=True)
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        _shoot(folder, words)
    finally:
        teardown_databases(databases, verbosity=0)


def _shoot(folder: Path, words: str) -> None:
    from django.contrib.staticfiles.testing import StaticLiveServerTestCase
    from playwright.sync_api import sync_playwright

    from tests.browser import demo
    from tests.browser.chromium import launch

    demo.make()
    StaticLiveServerTestCase.setUpClass()
    try:
        with sync_playwright() as playwright, launch(playwright) as browser:
            for size, theme in itertools.product(SIZES, ("light", "dark")):
                width, height = SIZES[size]
                context = browser.new_context(
                    base_url=StaticLiveServerTestCase.live_server_url,
                    viewport={"width": width, "height": height},
                    color_scheme=theme,  # type: ignore[arg-type]
                )
                _pages(context, _of(PUBLIC, words), folder, f"{size}-{theme}")
                demo.sign_in(context.new_page())
                _pages(context, _of(SIGNED_IN, words), folder, f"{size}-{theme}")
                _done(context, _of(DONE, words), folder, f"{size}-{theme}")
                context.clear_cookies()
                demo.sign_in(context.new_page(), "root")
                _pages(context, _of(ADMIN, words), folder, f"{size}-{theme}")
                context.close()
    finally:
        StaticLiveServerTestCase.tearDownClass()


def _of(pages: dict[str, Any], words: str) -> dict[str, Any]:
    return {name: page for name, page in pages.items() if any(word in name for word in words.split(","))}


def _done(context, pages: dict[str, Any], folder: Path, suffix: str) -> None:
    page = context.new_page()
    for name, (url, act) in pages.items():
        page.goto(url, wait_until="networkidle")
        act(page)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=folder / f"{name}-{suffix}.png")
    page.close()


def _pages(context, pages: dict[str, str], folder: Path, suffix: str) -> None:
    page = context.new_page()
    page.on("console", lambda message: print(suffix, page.url, message.text) if message.type == "error" else None)
    for name, url in pages.items():
        page.goto(url, wait_until="networkidle")
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if overflow > 0:
            print(f"{name} {suffix}: {overflow} px wider than the window")
        page.screenshot(path=folder / f"{name}-{suffix}.png", full_page=True)
    page.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "tests/browser/shots"), *sys.argv[2:3])
