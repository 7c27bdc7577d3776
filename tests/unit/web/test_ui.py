"""Components, errors, and the look of the source."""

import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.test import Client

WEB = Path(__file__).resolve().parents[3] / "hub" / "web"


def test_the_gallery_shows_every_component(client, db) -> None:
    text = client.get("/ui/").content.decode()
    names = "card badge status button field tabs table empty copy meter avatar facet row note pull crumbs picker social"
    for name in f"{names} commit steps evidence facts secret search pager notice suggestion".split():
        assert f'class="{name}' in text, name
    for name in re.findall(r'<symbol id="([\w-]+)"', (WEB / "static/web/img/icons.svg").read_text()):
        assert f"#{name}" in text, name
    assert "<time datetime=" in text and "<chart-host" in text


def test_templates_have_no_inline_script_or_style() -> None:
    for template in WEB.glob("templates/**/*.html"):
        text = template.read_text()
        assert not re.search(r"<style|style=|\son\w+=|<script(?![^>]*\ssrc=)", text), template


def test_every_static_file_that_a_template_names_exists() -> None:
    for template in WEB.glob("templates/**/*.html"):
        for name in re.findall(r"{% static '([^']+)' %}", template.read_text()):
            assert finders.find(name), name


def test_every_icon_in_use_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="(\w+)"', (WEB / "static/web/img/icons.svg").read_text()))
    used = {
        name for path in WEB.glob("templates/**/*.html") for name in re.findall(r'{% icon "(\w+)"', path.read_text())
    }
    used |= set(re.findall(r'symbol="(\w+)"', "".join(path.read_text() for path in WEB.glob("templates/**/*.html"))))
    assert used <= drawn


def test_css_and_js_stay_small() -> None:
    assert sum(len(path.read_text().splitlines()) for path in WEB.glob("static/web/css/*.css")) <= 2000
    assert sum(len(path.read_text().splitlines()) for path in WEB.glob("static/web/js/*.js")) < 520


def test_a_broken_page_says_its_number(settings, monkeypatch, db) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("hub.web.pages.gallery.build", broken)
    response = Client(raise_request_exception=False).get("/ui/", headers={"x-request-id": "trace-7"})
    assert response.status_code == 500
    assert b"Something broke" in response.content and b"trace-7" in response.content
