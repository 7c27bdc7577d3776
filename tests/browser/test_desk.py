"""Make a model and edit its card in a real browser, with the form answering while one types."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.chromium import launch
from tests.factories import make_user
from tests.factories.accounts import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright, launch(playwright) as opened:
        yield opened


@pytest.fixture
def page(browser: Browser, live_server) -> Iterator[Page]:
    make_user("ada")
    context = browser.new_context(base_url=live_server.url)
    opened = context.new_page()
    errors: list[str] = []
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    opened.goto("/login?next=/new/model")
    opened.get_by_label("User name").fill("ada")
    opened.get_by_label("Password").fill(PASSWORD)
    opened.get_by_role("button", name="Sign in").click()
    yield opened
    context.close()
    assert errors == []


def test_make_a_model_and_describe_it(page: Page) -> None:
    expect(page.locator("live-form:defined")).to_have_count(1)
    page.get_by_label("Name", exact=True).fill("not a name")
    expect(page.get_by_text("can't be the name of a repository")).to_be_visible()
    page.get_by_label("Name", exact=True).fill("welds")
    expect(page.get_by_text("can't be the name of a repository")).to_have_count(0)
    page.get_by_role("button", name="Make the model").click()
    expect(page.get_by_role("heading", name="Upload files to main")).to_be_visible()

    page.goto("/ada/welds/edit/main/README.md")
    expect(page.get_by_text("until a licence is stated")).to_be_visible()
    expect(page.locator("live-form:defined")).to_have_count(1)
    page.get_by_label("Licence", exact=True).select_option("mit")
    expect(page.get_by_text("until a licence is stated")).to_have_count(0)
    page.get_by_label("Card, in Markdown").fill("# welds\n\nTells **good** welds from bad ones.\n")
    expect(page.locator("#preview strong")).to_have_text("good")
    page.get_by_role("button", name="Commit to main").click()
    expect(page.get_by_role("heading", name="Licence")).to_be_visible()
    expect(page.locator(".banner-summary")).to_have_text("Tells good welds from bad ones.")
