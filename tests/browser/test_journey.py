"""One person's whole way, on a hub as people start it: web server, indexer and broker in processes of their own."""

import hashlib
import os
import shlex
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser.chromium import launch
from tests.browser.journey_hub import safetensors, sha256_of
from tests.factories.accounts import PASSWORD
from tests.functional.hub_process import ROOT, HubProcess, environment, eventually, running_hub

pytestmark = [pytest.mark.browser, pytest.mark.stack, pytest.mark.timeout(300)]
LARGE = {"decoder.weight": (5000, 5000)}  # 100 MB
CARD = "# Seams\n\nTells sound weld seams from bad ones on photographs.\n\n## Limits\n\nKnows **steel** alone.\n"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HubProcess]:
    with running_hub(tmp_path_factory.mktemp("journey")) as running:
        running.url = f"http://{running.wait_until_up()}"
        variables = {"HEADSTART_DATA": str(running.data), "DJANGO_SETTINGS_MODULE": "hub.settings"}
        fill = [sys.executable, "-m", "tests.browser.journey_hub"]
        subprocess.run(fill, cwd=ROOT, env=environment() | variables, check=True)
        eventually(lambda: b"ada/film-taste" in urllib.request.urlopen(f"{running.url}/api/models").read())
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright, launch(playwright) as opened:
        yield opened


@pytest.fixture
def page(browser: Browser, hub: HubProcess) -> Iterator[Page]:
    """A page of that hub; an error in its console (a refused script or style too) fails the test."""
    context = browser.new_context(base_url=hub.url, viewport={"width": 1280, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened = context.new_page()
    errors: list[str] = []
    opened.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    opened.on("pageerror", lambda error: errors.append(str(error)))
    yield opened
    context.close()
    assert errors == []


@pytest.fixture
def large(tmp_path: Path) -> Path:
    path = tmp_path / "model.safetensors"
    path.write_bytes(safetensors(LARGE))
    return path


def test_from_a_search_to_a_model_of_ones_own(page: Page, tmp_path: Path, large: Path) -> None:
    find_by_facet_and_text(page)
    compare_two(page)
    read_weights_and_lineage(page)
    pull_what_was_copied(page, tmp_path / "pulled")
    sign_in(page)
    create(page, "seams")
    drop(page, large)
    describe(page)
    found_by_search(page)
    assert sha256_there(page, "/ada/seams/resolve/main/model.safetensors") == sha256_of(large)


def find_by_facet_and_text(page: Page) -> None:
    page.goto("/")
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Models").click()
    expect(page.get_by_role("status")).to_contain_text("3 models")
    page.get_by_label("Text classification").check()
    expect(page.get_by_role("status")).to_contain_text("2 models fit these filters")
    page.get_by_label("Search models").fill("praises")
    expect(page.get_by_role("link", name="ada/film-mood").first).to_be_visible()
    page.wait_for_url("**/models?*q=praises*")
    assert "task=text-classification" in page.url


def compare_two(page: Page) -> None:
    for name in ("ada/film-mood", "ada/film-taste"):
        page.get_by_label(f"Compare {name}").check()
    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_role("row", name="Licence", exact=False).first).to_contain_text("differs")
    expect(page.get_by_role("row", name="Task")).not_to_contain_text("differs")
    expect(page.get_by_text("0.91").first).to_be_visible()
    page.get_by_role("columnheader", name="ada/film-mood").get_by_role("link").first.click()
    expect(page.locator(".banner-summary")).to_have_text("Tells whether a review of a film praises or complains.")


def read_weights_and_lineage(page: Page) -> None:
    parts = page.get_by_role("navigation", name="Parts of this repository")
    parts.get_by_role("link", name="Weights").click()
    expect(page.get_by_text("2,178").first).to_be_visible()
    expect(page.get_by_text("classifier").first).to_be_visible()
    parts.get_by_role("link", name="Lineage").click()
    made_from = page.get_by_role("table", name="Ancestors, and the commits they stood at")
    expect(made_from).to_contain_text("headstart/encoder")
    expect(made_from).to_contain_text("headstart/films")
    expect(page.locator("lineage-graph svg").first).to_be_visible()
    page.locator("lineage-graph").get_by_role("link", name="headstart/encoder").first.click()
    page.wait_for_url("**/headstart/encoder**")
    page.go_back()
    parts.get_by_role("link", name="Card").click()


def pull_what_was_copied(page: Page, folder: Path) -> None:
    """Both lines, each in a process with a home of its own: the bytes arrive."""
    there = sha256_there(page, "/ada/film-mood/resolve/main/model.safetensors")
    for label in ("SDK", "Command line"):
        page.get_by_role("group", name="Pull with").get_by_text(label, exact=True).click()
        page.get_by_role("button", name="Copy these lines").locator("visible=true").click()
        home = folder / label
        run_line(page.evaluate("navigator.clipboard.readText()"), home)
        pulled = [path for path in home.rglob("model.safetensors") if sha256_of(path) == there]
        assert pulled, label


def run_line(copied: str, home: Path) -> None:
    """What a person would do with it: into the shell, or into Python."""
    home.mkdir(parents=True)
    command = shlex.split(copied) if copied.startswith("headstart ") else [sys.executable, "-c", copied]
    variables = {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache"), "PYTHONPATH": str(ROOT)}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    told = environment() | variables | {"PATH": path}
    done = subprocess.run(command, cwd=home, env=told, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, f"{copied}\n{done.stdout}\n{done.stderr}"


def sign_in(page: Page) -> None:
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("User name").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def create(page: Page, name: str) -> None:
    page.get_by_role("link", name="New", exact=True).click()
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Make the model").click()
    expect(page.get_by_role("heading", name="Upload files to main")).to_be_visible()


def drop(page: Page, file: Path) -> None:
    """As the browser does it when a person lets go of a file above the page."""
    expect(page.locator("upload-desk[data-live]")).to_have_count(1)
    box = page.locator(".drop").bounding_box()
    assert box is not None
    data = {"items": [], "files": [str(file)], "dragOperationsMask": 1}
    at = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2, "data": data}
    session = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        session.send("Input.dispatchDragEvent", {"type": kind, **at})
    expect(page.get_by_text("Here and verified")).to_be_visible(timeout=90_000)
    page.get_by_role("button", name="Commit to main").click()
    page.wait_for_url("**/commit/*")
    expect(page.get_by_role("article", name="model.safetensors")).to_contain_text("100 MB")
    page.goto("/ada/seams/weights")
    expect(page.get_by_text("25,000,000").first).to_be_visible()


def describe(page: Page) -> None:
    """The form for what programs read, the text for people; both answer while one writes."""
    page.goto("/ada/seams/edit/main/README.md")
    expect(page.locator("live-form:defined")).to_have_count(1)
    page.get_by_label("Licence", exact=True).select_option("mit")
    page.get_by_label("Task", exact=True).select_option("image-classification")
    page.get_by_label("Library", exact=True).fill("weldlib")
    page.get_by_label("Card, in Markdown").fill(CARD)
    expect(page.locator("#preview strong")).to_have_text("steel")
    page.get_by_role("button", name="Commit to main").click()
    expect(page.locator(".banner-summary")).to_have_text("Tells sound weld seams from bad ones on photographs.")
    expect(page.get_by_role("complementary", name="Evidence")).to_contain_text("permissive")


def found_by_search(page: Page) -> None:
    """By a word of its card, and under a facet that nothing had before."""

    def is_there() -> bool:
        page.goto("/models?q=photographs")
        return page.get_by_role("link", name="ada/seams").count() > 0

    eventually(is_there, seconds=20)
    page.goto("/models")
    page.get_by_role("group", name="Library").get_by_label("weldlib").check()
    expect(page.get_by_role("status")).to_contain_text("1 model fits these filters")
    expect(page.get_by_role("link", name="ada/seams").first).to_be_visible()


def sha256_there(page: Page, path: str) -> str:
    """As whoever is signed in: what a form makes is private until its owner says otherwise."""
    answer = page.request.get(path)
    expect(answer).to_be_ok()
    return hashlib.sha256(answer.body()).hexdigest()
