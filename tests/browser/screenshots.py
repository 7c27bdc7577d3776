"""Write a picture of each page, wide and narrow, light and dark: `python -m tests.browser.screenshots [FOLDER]`."""

import itertools
import os
import sys
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

MODEL = "/headstart/all-minilm-l6-v2"
LONG = "/ada/a-model-whose-name-is-so-long-that-it-must-break-somewhere-v1.5-instruct-q4"
PUBLIC = {
    "home": "/",
    "models": "/models",
    "models-filtered": "/models?q=digits&licence=apache-2.0",
    "models-empty": "/models?q=unfindable",
    "datasets": "/datasets",
    "card": MODEL,
    "card-long": LONG,
    "card-none": "/ada/untold",
    "dataset": "/datasets/headstart/digits",
    "files": f"{MODEL}/tree/main",
    "file-code": f"{MODEL}/blob/main/scripts/train.py",
    "file-table": "/datasets/headstart/digits/blob/main/data/digits.csv",
    "file-image": f"{MODEL}/blob/main/assets/mark.png",
    "file-binary": f"{MODEL}/blob/main/model.safetensors",
    "versions": f"{MODEL}/commits/main",
    "commit": f"{MODEL}/commit/main",
    "owner": "/vision-team",
    "sign-in": "/login",
    "missing": "/nobody/nothing",
    "components": "/ui/",
}
SIGNED_IN = {
    "tokens": "/settings/tokens",
    "password": "/settings/password",
    "own-page": "/ada",
    "new-model": "/new/model",
    "new-organisation": "/new/organisation",
    "card-writer": MODEL,
    "upload": f"{MODEL}/upload/main",
    "edit-card": f"{MODEL}/edit/main/README.md",
    "edit-text": f"{MODEL}/edit/main/scripts/train.py",
    "delete-file": f"{MODEL}/delete/main/scripts/train.py",
    "settings": f"{MODEL}/settings",
    "members": "/settings/organisations/vision-team",
}
SIZES = {"wide": (1280, 900), "narrow": (375, 800)}


def main(folder: Path) -> None:
    import django

    django.setup()
    from django.test.utils import setup_databases, teardown_databases

    folder.mkdir(parents=True, exist_ok=True)
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        _shoot(folder)
    finally:
        teardown_databases(databases, verbosity=0)


def _shoot(folder: Path) -> None:
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
                _pages(context, PUBLIC, folder, f"{size}-{theme}")
                _sign_in(context)
                _pages(context, SIGNED_IN, folder, f"{size}-{theme}")
                context.close()
    finally:
        StaticLiveServerTestCase.tearDownClass()


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


def _sign_in(context) -> None:
    from tests.browser import demo

    page = context.new_page()
    page.goto("/login")
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password").fill(demo.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("/")
    page.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "tests/browser/shots"))
