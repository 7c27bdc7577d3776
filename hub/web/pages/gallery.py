"""Every component with made-up content, to look at and to test."""

import datetime as dt
from dataclasses import dataclass

from django.forms import Form

from hub.core import clock
from hub.web.forms import TokenForm
from hub.web.pages import gallery_jobs
from hub.web.pages.facets import Choice, Facet
from hub.web.pages.links import Link
from hub.web.pages.notifications import Note
from hub.web.pages.repo import Pull, Tab
from hub.web.pages.rows import Row

ICONS = (
    *("search", "copy", "check", "sun", "moon", "file", "folder", "download", "lock", "scales", "data", "alert"),
    *("target", "weight", "branch", "tag", "key", "pulse", "heart", "heart-full", "bell", "gear", "eye", "list"),
)
TOKENS = ("canvas", "surface", "sunken", "line", "ink", "ink-soft", "accent", "spark", "ok", "warn", "bad")


@dataclass(frozen=True)
class GalleryPage:
    form: Form
    facet: Facet
    tabs: tuple[Tab, ...]
    rows: tuple[Row, ...]
    moment: dt.datetime
    notes: tuple[Note, ...]
    jobs: gallery_jobs.Jobs
    pulls: tuple[Pull, ...] = (
        Pull("sdk", "Python", 'import sdk\nmodel = sdk.pull("all-minilm-l6-v2")'),
        Pull("cli", "Command line", "headstart pull all-minilm-l6-v2"),
    )
    crumbs: tuple[Link, ...] = (Link("all-minilm-l6-v2", "#path"), Link("scripts", "#path"), Link("train.py", ""))
    icons: tuple[str, ...] = ICONS
    tokens: tuple[str, ...] = TOKENS
    title: str = "Components"


def build() -> GalleryPage:
    moment = clock.now() - dt.timedelta(days=3, hours=2)
    row = Row(
        owner="headstart",
        name="all-minilm-l6-v2",
        full_name="headstart/all-minilm-l6-v2",
        url="#row",
        summary="Turns a sentence into 384 numbers that lie close together when two sentences mean the same.",
        is_private=True,
        is_gated=True,
        task="sentence similarity",
        parameters="22.7 M parameters",
        licence="apache-2.0",
        base=Link("nreimers/MiniLM-L6-H384-uncased", ""),
        result="accuracy 0.846 on IMDB sample",
        updated_at=moment,
        downloads=1204,
        review="in review",
        review_tone="warn",
        snippet=(("… beats a ", False), ("keyword", True), (" search on most questions …", False)),
    )
    form = TokenForm({"label": "", "scope": "write"}, profiles=[])
    tabs = (Tab("Card", "#card", True), Tab("Files", "#files", False), Tab("Versions", "#versions", False))
    return GalleryPage(form, _facet(), tabs, (row,), moment, _notes(moment), gallery_jobs.build())


def _notes(moment: dt.datetime) -> tuple[Note, ...]:
    link = Link("headstart/all-minilm-l6-v2", "#note")
    return (
        Note(1, "heart", "grace and 2 others like ", link, "", moment, is_unread=True),
        Note(2, "tag", "", link, " has a new version: v2.0", moment, is_unread=False),
    )


def _facet() -> Facet:
    names = ("Permissive", "Copyleft", "Non-commercial", "Restricted", "Unknown")
    choices = [Choice(f"sample-{at}", name, name, 4 ** (6 - at), at == 0) for at, name in enumerate(names)]
    return Facet("sample", "Licence class", "licence class", tuple(choices[:3]), tuple(choices[3:]), is_open=True)
