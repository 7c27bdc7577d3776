"""Glossary, guide, suggestions, libraries of others, and what a first page weighs."""

import ast
import gzip
import hashlib
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.files.storage import FileSystemStorage
from whitenoise.storage import CompressedManifestStaticFilesStorage

from hub.web import vendor
from hub.web.pages import glossary
from tests.factories import make_repo
from tests.unit.web.conftest import CARD

WEB = Path(__file__).resolve().parents[3] / "hub" / "web"


def _text(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_every_word_has_its_place_and_its_neighbours(client) -> None:
    text = _text(client.get("/glossary"))
    entries = [shown for group in glossary.build().groups for shown in group.entries]
    assert len(entries) >= 30
    ids = re.findall(r' id="([^"]+)"', text)
    assert len(ids) == len(set(ids))
    for shown in entries:
        assert shown.entry.anchor in ids and shown.related
        assert {link.url[1:] for link in shown.related} <= set(ids)


def test_every_term_on_a_page_is_in_the_glossary() -> None:
    for template in WEB.glob("templates/**/*.html"):
        for name in re.findall(r'{% term "([^"]+)"', template.read_text()):
            assert glossary.find(name), (template, name)


def test_the_guide_shows_lines_that_fit_this_hub(client, model) -> None:
    text = _text(client.get("/guide"))
    assert model.full_name in text and "HF_ENDPOINT=http://testserver" in text
    for code in re.findall(r'data-text="(import [^"]+)"', text):
        ast.parse(code.replace("&quot;", '"'))


def test_the_guide_of_an_empty_hub_has_no_model_to_show(client, db) -> None:
    assert "no models that you may see yet" in _text(client.get("/guide"))


def test_suggestions_are_names_that_the_viewer_may_see(client, user) -> None:
    make_repo(name="minilm", owner=user, files={"README.md": CARD})
    make_repo(name="minutes", owner=user, kind="dataset")
    make_repo(name="minor-secret", owner=user, private=True)
    text = _text(client.get("/search/suggestions?q=min"))
    assert f'href="/{user.username}/minilm"' in text and f'href="/datasets/{user.username}/minutes"' in text
    assert "secret" not in text and 'href="/models?q=min"' in text


@pytest.mark.parametrize("query", ["", "q=", "q=%00", "q=<script>alert(1)</script>", "q=" + "x" * 9000, "q=%22%5C*~"])
def test_odd_suggestions_are_harmless(client, model, query) -> None:
    assert "<script>" not in _text(client.get(f"/search/suggestions?{query}"))


@pytest.mark.parametrize("library", vendor.LIBRARIES, ids=lambda library: library.name)
def test_what_came_from_others_is_what_is_on_record(library) -> None:
    assert hashlib.sha256(library.target.read_bytes()).hexdigest() == library.sha256
    assert library.licence_target.read_text().strip() and library.licence


def test_nothing_else_came_from_others() -> None:
    known = {path for library in vendor.LIBRARIES for path in (library.target, library.licence_target)}
    assert set(vendor.FOLDER.iterdir()) == known


def test_static_files_get_hashed_names(tmp_path, settings) -> None:
    settings.DEBUG = False
    storage = CompressedManifestStaticFilesStorage(location=tmp_path)
    source = FileSystemStorage(location=WEB / "static")
    found = [path for path in (WEB / "static/web").rglob("*") if path.is_file()]
    names = [str(path.relative_to(WEB / "static")) for path in found]
    paths = {name: (source, name) for name in names}
    for name, (_, path) in paths.items():
        with source.open(path) as file:
            storage.save(name, file)
    failed = [error for *_, error in storage.post_process(paths) if isinstance(error, Exception)]
    assert failed == [] and re.search(r"vendor/htmx\.[0-9a-f]{12}\.js", storage.stored_name("web/vendor/htmx.js"))


def test_a_first_page_weighs_at_most_100_kb(client, user) -> None:
    for number in range(21):
        make_repo(name=f"m{number:02}", owner=user, files={"README.md": CARD})
    for path in ("/models", "/"):
        html = _text(client.get(path))
        base = re.escape(staticfiles_storage.base_url)
        names = {name.partition("#")[0] for name in re.findall(rf'(?:href|src)="{base}([^"]+)"', html)}
        assert len(names) >= 12
        parts = [html.encode(), *(Path(finders.find(name)).read_bytes() for name in names)]
        assert sum(len(gzip.compress(part, 9)) for part in parts) <= 100_000, path
