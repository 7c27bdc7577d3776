"""A review in a real browser: from the upload to an approval by two people, and what a later commit opens again."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from hub.catalog.selectors import find_repo
from hub.celery import app
from hub.community import tasks as community
from hub.governance import tasks as governance
from tests.browser.chromium import launch
from tests.factories import make_user, viewer_of
from tests.factories.accounts import PASSWORD
from tests.factories.governance import CODE, make_reviewer, push_files, state_data, state_use, weights

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CARD = b"---\nlicense: mit\n---\n# Welds\n\nTells good welds from bad ones.\n"
# Code of its own takes a person to say that it may run.
FILES = {"README.md": CARD, "config.json": b'{"layers": 2}', "model.safetensors": weights(), **CODE}
Opened = Callable[[str], Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright, launch(playwright) as opened:
        yield opened


@pytest.fixture
def as_user(browser: Browser, live_server) -> Iterator[Opened]:
    """A window in which that person is signed in; nothing may go wrong in any."""
    contexts, errors = [], []

    def opened(name: str) -> Page:
        context = browser.new_context(base_url=live_server.url)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.goto("/login")
        page.get_by_label("User name").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("/")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its tasks run at once: the examination too, with the scanners in a process of their own."""
    ours = {task.name for task in (governance.revision_made, governance.examine, governance.evidence_changed)}
    ours |= {governance.sign_decision.name, community.review_told.name}
    monkeypatch.setattr(app, "send_task", lambda name, kwargs: app.tasks[name](**kwargs) if name in ours else None)


def decide(page: Page, domain: str, key: str, reason: str) -> None:
    """By keyboard as far as the reason, then by the form's own button."""
    page.goto("/ada/welds/review")
    page.get_by_label("Domain", exact=True).select_option(domain)
    page.get_by_role("heading", name="Decision", exact=True).click()
    page.keyboard.press(key)
    expect(page.locator("#decide-text")).to_be_focused()
    page.keyboard.type(reason)
    page.get_by_role("button", name="Put it on record").click()
    expect(page.get_by_text("on record under your name")).to_be_visible()


def upload(page: Page) -> None:
    page.goto("/new/model")
    page.get_by_label("Name", exact=True).fill("welds")
    page.get_by_label("Public").check()
    page.get_by_role("button", name="Make the model").click()
    expect(page.get_by_role("heading", name="Upload files to main")).to_be_visible()
    chosen = [{"name": name, "mimeType": "text/plain", "buffer": data} for name, data in FILES.items()]
    page.get_by_label("Files", exact=True).set_input_files(chosen)
    expect(page.get_by_text("Here and verified")).to_have_count(len(FILES), timeout=60_000)
    page.get_by_role("button", name="Commit to main").click()
    page.wait_for_url("**/commit/*")


def put_up(page: Page) -> None:
    page.goto("/ada/welds/review")
    page.get_by_label("Tier").select_option("3")
    page.get_by_role("button", name="Set the tier").click()
    expect(page.get_by_text("The tier is 3 now.")).to_be_visible()
    page.get_by_role("button", name="Put it up for review").click()
    expect(page.get_by_text("reviewers of its domains are told")).to_be_visible()


def open_domains(page: Page) -> set[str]:
    page.goto("/ada/welds/review")
    return {tile.inner_text() for tile in page.locator(".tile[data-open] h3").all()}


def test_two_people_approve_and_a_new_configuration_asks_again(as_user: Opened, worker: None) -> None:
    make_user("ada")
    make_reviewer("security", "licence", "data", name="grace")
    make_reviewer("bias", "use", name="hopper")
    ada, grace, hopper = as_user("ada"), as_user("grace"), as_user("hopper")
    upload(ada)
    repo = find_repo(viewer_of(make_user()), "model", "ada", "welds")
    assert repo.created_by is not None
    state_data(repo)
    state_use(repo)
    put_up(ada)

    grace.goto("/desk")
    grace.keyboard.press("j")
    expect(grace.get_by_role("link", name="ada/welds")).to_be_focused()
    grace.keyboard.press("a")
    expect(grace.get_by_text("is assigned to grace")).to_be_visible()
    for domain in open_domains(grace) & {"Security", "Licence", "Data"}:
        decide(grace, domain.lower(), "a", f"Read what is on record of {domain}.")
    expect(hopper.locator("body")).not_to_contain_text("Approved")
    decide(hopper, "bias", "a", "Ran the suite again.")
    decide(hopper, "use", "a", "The limits are plain.")
    expect(hopper.locator(".review-head .status")).to_have_text("Approved")
    ada.goto("/ada/welds")
    expect(ada.locator("#evidence")).to_contain_text("Approved by grace and hopper")

    push_files(repo, {"config.json": b'{"layers": 3}'})
    assert open_domains(ada) == {"Security", "Bias"}
