"""Through a gate in a real browser, without scripts: ask, be rejected, try again, be let in, accept the text."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.axe import violations_of
from tests.browser.chromium import launch
from tests.factories import make_org, make_user
from tests.factories.accounts import PASSWORD
from tests.factories.gated import make_gated

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AT, REQUESTS = "/ada/welds/access", "/ada/welds/settings/access"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright, launch(playwright) as opened:
        yield opened


@pytest.fixture
def people(browser: Browser, live_server) -> Iterator[dict[str, Page]]:
    """A page of each, on a phone in the dark; no page of theirs runs a script."""
    ada, bob = make_user("ada"), make_user("bob", email="bob@example.org")
    make_org("acme", admin=bob)
    make_gated(ada, name="welds")
    contexts = {
        name: browser.new_context(
            base_url=live_server.url,
            viewport={"width": 320, "height": 800},
            color_scheme="dark",
            java_script_enabled=False,
        )
        for name in ("ada", "bob")
    }
    yield {name: _signed_in(context.new_page(), name) for name, context in contexts.items()}
    for context in contexts.values():
        context.close()


def test_ask_try_again_and_accept(people: dict[str, Page]) -> None:
    ada, bob = people["ada"], people["bob"]
    bob.goto("/ada/welds")
    bob.get_by_role("link", name="gated").click()
    _ask(bob, "A hobby")
    expect(bob.get_by_text("You: waiting")).to_be_visible()
    ada.goto(REQUESTS)
    ada.get_by_label("Reason, which bob reads").fill("Not for a hobby")
    ada.get_by_role("button", name="Reject bob").click()
    bob.goto(AT)
    expect(bob.get_by_text("Not for a hobby")).to_be_visible()
    _ask(bob, "My job")
    ada.goto(REQUESTS)
    ada.get_by_label("How long bob may read").select_option("90")
    ada.get_by_role("button", name="Accept bob").click()
    bob.goto(AT)
    expect(bob.get_by_text("You may read its files")).to_be_visible()
    bob.get_by_label("I have read this text, and I accept it").check()
    bob.get_by_role("button", name="Accept weld-licence").click()
    expect(bob.get_by_text("weld-licence is accepted for you.")).to_be_visible()
    bob.goto("/agreements")
    bob.get_by_role("button", name="End the agreement on weld-licence").click()
    expect(bob.get_by_role("cell", name="Ended")).to_be_visible()


@pytest.mark.parametrize("width", [320, 1280])
def test_pages_have_no_violations_and_fit(browser: Browser, people: dict[str, Page], width: int) -> None:
    _ask(people["bob"], "A hobby")
    for theme in ("light", "dark"):
        for name, paths in {"bob": (AT, "/agreements"), "ada": (REQUESTS, f"{REQUESTS}?state=accepted")}.items():
            base = people["bob"].url.partition("/ada")[0]
            context = browser.new_context(
                base_url=base,
                viewport={"width": width, "height": 800},
                color_scheme=theme,  # type: ignore[arg-type]
                reduced_motion="reduce",
            )
            page = _signed_in(context.new_page(), name)
            found = [each for path in paths for each in violations_of(page, path)]
            assert found == [] and page.evaluate("document.documentElement.scrollWidth") <= width
            context.close()


def _signed_in(page: Page, name: str) -> Page:
    page.goto("/login")
    page.get_by_label("User name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    return page


def _ask(page: Page, why: str) -> None:
    page.goto(AT)
    page.get_by_label("Company").fill("Acme")
    page.get_by_label("Country").select_option("FI")
    page.get_by_label("Purpose").select_option("other")
    page.get_by_label("I agree to use it for welds only").check()
    page.get_by_label("A word to its owner").fill(why)
    page.get_by_role("button", name="Ask for the welds").click()
