"""Finding a model in a real browser: filters that swap in place, Back, suggestions, compare; without scripts too."""

from collections.abc import Iterator
from typing import Any

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
def options() -> dict[str, Any]:
    return {}


@pytest.fixture
def page(browser: Browser, live_server, options: dict[str, Any]) -> Iterator[Page]:
    """A page of the demo hub; an error in its console (a refused script or style too) fails the test."""
    demo.make()
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 900}, **options)
    opened = context.new_page()
    errors: list[str] = []
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    # The browser itself notes an answer that says "bad request".
    assert [error for error in errors if "status of 400" not in error] == []


def test_filters_swap_in_place_and_back_works(page: Page) -> None:
    page.goto("/models")
    page.evaluate("window.kept = true")
    page.get_by_label("Sentence similarity").check()
    expect(page.get_by_role("status").filter(has_text="1 model fits these filters")).to_be_visible()
    assert page.url.endswith("/models?task=sentence-similarity")
    assert page.evaluate("window.kept && document.activeElement.value") == "sentence-similarity"
    expect(page.get_by_role("link", name="Remove Task: Sentence similarity")).to_be_visible()
    page.go_back()
    expect(page.get_by_text("35 models")).to_be_visible()
    expect(page.get_by_label("Sentence similarity")).not_to_be_checked()
    page.go_forward()
    expect(page.get_by_text("1 model fits these filters")).to_be_visible()
    page.get_by_role("link", name="Remove Task: Sentence similarity").click()
    expect(page.get_by_text("35 models")).to_be_visible()


def test_typing_searches_and_keeps_the_focus_and_what_is_typed(page: Page) -> None:
    page.goto("/models")
    page.get_by_label("Language").locator("xpath=..").locator("summary").first.click()
    page.keyboard.press("/")
    page.keyboard.type("minilm", delay=20)
    expect(page.get_by_role("status")).to_contain_text("“minilm”")
    expect(page.get_by_role("link", name="headstart/all-minilm-l6-v2").first).to_be_visible()
    assert page.evaluate("[document.activeElement.name, document.activeElement.value]") == ["q", "minilm"]
    assert page.url.endswith("/models?q=minilm")
    page.keyboard.press("Backspace")
    page.wait_for_url("**/models?q=minil")
    page.go_back()
    page.wait_for_url("**/models")
    expect(page.get_by_text("35 models")).to_be_visible()


def test_what_cannot_be_read_is_said_in_place(page: Page) -> None:
    page.goto("/models?parameters_max=9M")
    page.get_by_label("at least").first.fill("many")
    with page.expect_response(lambda answer: "parameters_min=many" in answer.url) as answer:
        page.keyboard.press("Enter")
    assert answer.value.status == 400
    expect(page.get_by_role("alert")).to_contain_text("many")
    expect(page.get_by_label("at least").first).to_have_value("many")


def test_suggestions_are_walked_by_keyboard(page: Page) -> None:
    page.goto("/glossary")
    page.keyboard.press("/")
    page.keyboard.type("digi")
    box, field = page.get_by_role("listbox"), page.get_by_role("combobox")
    expect(box.get_by_role("option").first).to_contain_text("headstart/digits")
    expect(field).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()
    page.keyboard.type("t")
    expect(box).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "suggestion-1")
    page.keyboard.press("Enter")
    page.wait_for_url("**/datasets/headstart/digits")


def _compare_two(page: Page) -> None:
    page.goto("/models")
    for name in ("headstart/all-minilm-l6-v2", "headstart/resnet50"):
        page.get_by_label(f"Compare {name}").check()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("columnheader", name="headstart/resnet50")).to_be_visible()
    expect(page.get_by_role("row", name="Task")).to_contain_text("Sentence similarity")
    expect(page.get_by_role("row", name="Task")).to_contain_text("differs")
    page.get_by_label("Add a model").fill("vision-team/defect-detector")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("columnheader", name="vision-team/defect-detector")).to_be_visible()
    page.get_by_role("link", name="Remove headstart/resnet50").click()
    expect(page.get_by_role("columnheader", name="headstart/resnet50")).to_have_count(0)


def test_compare_models_from_the_list(page: Page) -> None:
    _compare_two(page)


@pytest.mark.parametrize("options", [{"java_script_enabled": False}])
def test_all_of_it_works_without_scripts(page: Page, options: dict[str, Any]) -> None:
    page.goto("/models")
    page.get_by_label("Sentence similarity").check()
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("1 model fits these filters")).to_be_visible()
    page.get_by_label("Search models").fill("unfindable")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Nothing fits")).to_be_visible()
    page.get_by_role("link", name="Image classification").click()
    expect(page.get_by_text("24 models fit these filters")).to_be_visible()
    page.get_by_role("link", name="Next page").click()
    expect(page.get_by_role("link", name="First page")).to_be_visible()
    _compare_two(page)
