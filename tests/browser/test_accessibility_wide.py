"""axe-core finds nothing to mend on any page in a wide window, light and dark."""

import pytest
from playwright.sync_api import sync_playwright

from tests.browser import axe, demo
from tests.browser.chromium import launch

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_no_page_has_a_violation(live_server) -> None:
    demo.make()
    with sync_playwright() as playwright, launch(playwright) as browser:
        found = axe.violations(browser, live_server.url, "wide")
    assert not found, "\n".join(found)
