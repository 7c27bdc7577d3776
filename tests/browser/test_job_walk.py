"""From the page of a model to a reviewed fine-tune of it, on a hub as `headstart up` starts it, with small seeds."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.chromium import launch
from tests.factories.accounts import PASSWORD
from tests.functional.hub_process import ROOT, HubProcess, environment, running_hub

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.timeout(600)]
SEEDS = ("digits", "resnet-tiny-digits", "vader-film-snippets", "all-minilm-l6-v2")
PEOPLE = """
import django; django.setup()
from tests.factories import make_token, make_user
print(make_token(make_user("ada"), "write"))
"""
# What only people can tell.
STATEMENTS = """
import django; django.setup()
from hub.accounts.models import User
from hub.governance.models import Revision
from tests.factories.governance import state_rest
state_rest(Revision.objects.filter(repo__key="ada/digits-tuned").latest("pk"), by=User.objects.get(username="ada"))
"""
# Milliseconds that a small job may take on a busy machine.
JOB = 240_000


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    """`hub.token` is ada's."""
    folder = tmp_path_factory.mktemp("jobs")
    with running_hub(folder / "data", is_working=True) as running:
        running.url = f"http://{running.wait_until_up()}"
        running.token = inside(running, PEOPLE).split()[-1]
        words = ["-m", "sdk.cli", "seed", "--url", running.url, *(word for name in SEEDS for word in ("--only", name))]
        if cache := os.environ.get("HEADSTART_TEST_PACKAGES"):
            words += ["--cache", cache]
        program(*words, HEADSTART_TOKEN=(running.data / "seed_token").read_text(), HEADSTART_CACHE=str(folder / "sdk"))
        yield running


def inside(hub: HubProcess, lines: str) -> str:
    return program("-c", lines, HEADSTART_DATA=str(hub.data), DJANGO_SETTINGS_MODULE="hub.settings")


def program(*words: str, **variables: str) -> str:
    told = environment() | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)} | variables
    done = subprocess.run([sys.executable, *words], cwd=ROOT, env=told, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright, launch(playwright) as opened:
        yield opened


@pytest.fixture
def page(browser: Browser, hub: HubProcess) -> Iterator[Page]:
    """Ada's; an error in its console (a refused script or style too) fails the test."""
    context = browser.new_context(base_url=hub.url, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(60_000)
    opened = context.new_page()
    errors: list[str] = []
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.goto("/login")
    opened.get_by_label("User name").fill("ada")
    opened.get_by_label("Password").fill(PASSWORD)
    opened.get_by_role("button", name="Sign in").click()
    opened.wait_for_url("/")
    yield opened
    context.close()
    assert errors == []


def test_an_image_model_is_tuned_evaluated_and_sent_to_review(page: Page, hub: HubProcess) -> None:
    page.goto("/headstart/resnet-tiny-digits")
    page.get_by_role("link", name="Fine-tune").click()
    ordered = order(page, "headstart/digits", "ada/digits-tuned", steps="6")
    see_curves(page)
    page.get_by_role("link", name="ada/digits-tuned at").click()
    expect(page.get_by_role("link", name="model.safetensors").first).to_be_visible()
    page.goto(ordered)
    page.get_by_role("link", name="Evaluate it").click()
    evaluate(page)
    page.get_by_role("link", name="See the leaderboard").click()
    expect(page.get_by_role("table", name="Models, best first")).to_contain_text("ada/digits-tuned")
    page.goto(ordered)
    inside(hub, STATEMENTS)
    send_to_review(page)


def test_a_text_encoder_learns_a_sentiment(page: Page) -> None:
    page.goto("/headstart/all-minilm-l6-v2")
    page.get_by_role("link", name="Fine-tune").click()
    page.get_by_text("Other recipes").click()
    page.get_by_role("link", name="Text classification").click()
    page.get_by_label("Cut at").fill("0")
    page.get_by_label("Longest text").fill("32")
    page.get_by_label("Batch size").fill("8")
    order(page, "headstart/vader-film-snippets", "ada/film-mood", steps="4")
    see_curves(page)
    page.get_by_role("link", name="ada/film-mood at").click()
    expect(page.get_by_role("link", name="tokenizer.json").first).to_be_visible()


def order(page: Page, dataset: str, out: str, *, steps: str) -> str:
    """The job's address."""
    page.get_by_role("combobox", name="Data set").fill(dataset)
    page.get_by_label("Steps at most").fill(steps)
    page.get_by_label("Name of the result").fill(out)
    page.keyboard.press("Tab")
    verdict = page.locator("#order-verdict")
    expect(verdict).to_contain_text("It can be ordered")
    expect(verdict).to_contain_text("First in the queue")
    expect(page.locator("#order-rows")).to_contain_text("label")
    page.get_by_role("button", name="Order it").click()
    page.wait_for_url(re.compile(r"/jobs/job_\w+$"))
    return page.url


def see_curves(page: Page) -> None:
    """Without a touch, the page goes from waiting over moving curves to the result."""
    state = page.locator("#job-state-title")
    expect(state).to_have_text("Running", timeout=JOB)
    expect(page.locator("#job-curves canvas").first).to_be_visible(timeout=JOB)
    expect(page.locator("#job-curves figcaption").first).to_contain_text("Loss")
    expect(state).to_have_text("Succeeded", timeout=JOB)
    expect(page.locator("#job-log")).to_contain_text("accuracy")
    expect(page.get_by_role("table", name="Metrics")).to_contain_text("accuracy")


def evaluate(page: Page) -> None:
    expect(page.locator("#order-verdict")).to_contain_text("It can be ordered")
    page.get_by_role("checkbox", name="Fairness between groups").check()
    # The rows that were held out are too few for groups; on all of them the page says what the model has seen.
    page.get_by_text("Revision, configuration and split").click()
    page.get_by_label("that a fine-tune holds out").uncheck()
    expect(page.locator("#order-verdict")).to_contain_text("was trained on rows of")
    expect(page.locator("#order-verdict")).to_contain_text("It can be ordered")
    page.get_by_role("button", name="Order it").click()
    page.wait_for_url(re.compile(r"/jobs/job_\w+$"))
    expect(page.locator("#job-state-title")).to_have_text("Succeeded", timeout=JOB)
    slices = page.get_by_role("table", name="Fair groups")
    expect(slices).to_contain_text("class: 8")
    expect(slices).to_contain_text("accuracy gap")


def send_to_review(page: Page) -> None:
    page.get_by_role("link", name="Send to review").click()
    page.get_by_label("Tier").select_option("3")
    page.get_by_role("button", name="Set the tier").click()
    expect(page.get_by_text("The tier is 3 now.")).to_be_visible()
    page.get_by_role("button", name="Put it up for review").click()
    expect(page.get_by_text("reviewers of its domains are told")).to_be_visible()


def test_the_lines_of_the_readme_do_the_same(hub: HubProcess, tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text()
    (lines,) = (each for each in re.findall(r"```python\n(.*?)```", readme, re.DOTALL) if "finetune" in each)
    assert len(lines.splitlines()) <= 10
    told = {"HEADSTART_URL": hub.url, "HEADSTART_TOKEN": hub.token, "HEADSTART_CACHE": str(tmp_path)}
    assert "accuracy_gap" in program("-W", "ignore", "-c", lines, **told)
