"""The README's picture, of a hub that runs: `python -m tests.browser.picture [URL]` writes it to docs/screenshots."""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser.chromium import launch

TARGET = Path(__file__).resolve().parents[2] / "docs/screenshots/model.png"
PAGE = "/headstart/all-minilm-l6-v2"


def main(hub: str) -> None:
    with sync_playwright() as playwright, launch(playwright) as browser:
        page = browser.new_page(base_url=hub, viewport={"width": 1180, "height": 820}, color_scheme="light")
        page.goto(PAGE, wait_until="load")
        TARGET.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=TARGET)
    print(f"{TARGET}: {TARGET.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
