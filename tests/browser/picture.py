"""The README's pictures, of a seeded hub that runs: `python -m tests.browser.picture [URL]` writes docs/screenshots."""

import sys
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.chromium import launch

FOLDER = Path(__file__).resolve().parents[2] / "docs/screenshots"
MOST = 300_000
MODEL = "/headstart/all-minilm-l6-v2"
PICTURES = {
    "models": "/models?licence_class=permissive&format=safetensors",
    "model": MODEL,
    "weights": f"{MODEL}/weights",
    "compare": "/compare?m=headstart/resnet50&m=headstart/resnet-tiny-digits&m=headstart/efficientnet-lite0-imagenet",
}


def main(hub: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright, launch(playwright) as browser:
        page = browser.new_page(base_url=hub, viewport={"width": 1180, "height": 820}, color_scheme="light")
        for name, path in PICTURES.items():
            _write(page, path, FOLDER / f"{name}.png")


def _write(page: Page, path: str, target: Path) -> None:
    page.goto(path, wait_until="networkidle")
    expect(page.get_by_role("main")).to_be_visible()
    page.screenshot(path=target)
    size = target.stat().st_size
    sys.stdout.write(f"{target}: {size / 1000:.0f} kB\n")
    if size > MOST:
        raise SystemExit(f"{target} is larger than {MOST / 1000:.0f} kB: a README loads it with each look.")


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
