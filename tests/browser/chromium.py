"""The browser of the browser tests: Debian's Chromium, without what a container lacks."""

from playwright.sync_api import Browser, Playwright

PROGRAM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--force-color-profile=srgb"]


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=PROGRAM, args=ARGUMENTS)
