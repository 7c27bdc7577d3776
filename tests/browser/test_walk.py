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
    expect(page.get_by_role("status")).to_contain_text("“minilm”")
    page.get_by_role("link", name="headstart/all-minilm-l6-v2").first.click()
    expect(page.get_by_role("heading", name="Licence")).to_be_visible()
    page.get_by_role("img", name="The mark of this model").scroll_into_view_if_needed()
    expect(page.locator(".prose img[src]").first).to_have_js_property("naturalWidth", 96)

    page.get_by_text("Command line").click()
    page.get_by_role("button", name="Copy these lines").click()
    pull = page.evaluate("navigator.clipboard.readText()")
    assert pull == f"headstart pull all-minilm-l6-v2 --hub {page.url.removesuffix('/headstart/all-minilm-l6-v2')}"

    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password").fill(demo.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Licence")).to_be_visible()

    page.get_by_role("button", name="Your account: ada").click()
    page.get_by_role("navigation", name="Your account").get_by_role("link", name="Settings").click()
    page.get_by_role("link", name="Access tokens").click()
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


CONTRAST = """() => {
  const pen = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgba = (color) => {
    pen.clearRect(0, 0, 1, 1); pen.fillStyle = color; pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const over = (top, under) => top.slice(0, 3).map((v, i) => v * top[3] / 255 + under[i] * (1 - top[3] / 255));
  const ground = (element) => {
    const own = rgba(getComputedStyle(element).backgroundColor);
    return own[3] === 255 || !element.parentElement ? own : over(own, ground(element.parentElement));
  };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const weak = new Set();
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || !element.checkVisibility() || element.closest("script, option")) continue;
    const under = ground(element), style = getComputedStyle(element);
    const pair = [light(over(rgba(style.color), under)), light(under)].sort((a, b) => b - a);
    const ratio = (pair[0] + 0.05) / (pair[1] + 0.05);
    if (ratio < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5))
      weak.add(`${ratio.toFixed(2)} ${element.tagName}.${element.className} ${texts.currentNode.data.trim()}`);
  }
  return [...weak];
}"""


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_stands_out(page: Page, theme: str) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1, for large text 3 to 1."""
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    model = "/headstart/all-minilm-l6-v2"
    for path in (
        "/",
        "/models?licence=mit",
        model,
        f"{model}/tree/main",
        f"{model}/blob/main/scripts/train.py",
        "/ui/",
    ):
        page.goto(path)
        assert page.evaluate(CONTRAST) == [], path


def test_the_admin_works_under_the_same_policy(page: Page) -> None:
    page.goto("/login?next=/admin/accounts/user/")
    page.get_by_label("User name").fill("root")
    page.get_by_label("Password").fill(demo.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Select user to change")).to_be_visible()
