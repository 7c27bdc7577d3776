"""The tab Licence: what is declared, what files say, and what the licences of bases and data sets are."""

import re
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog import vocabularies
from hub.core.errors import HubError
from hub.governance.permissions import domains_of
from hub.governance.services import licences as services
from hub.web.licence_forms import ConcludeForm
from hub.web.pages import facts, licence_view, links, reading, repo, statements
from hub.web.pages.licence_view import LicenceView
from hub.web.pages.previews import decoded

LICENCE = "licence"
MAX_TEXT = 30_000
MAX_FILES = 4
_FILE = re.compile(r"(licen[cs]e|copying|notice|use[_-]policy)([._-][\w.-]*)?", re.I)
_CLASSES = {
    "permissive": "Use, change and pass on, with the notice kept.",
    "copyleft": "Use and change; what is passed on stays under the same terms.",
    "non-commercial": "Not for commercial use.",
    "restricted": "Allowed within limits that its text sets: read it.",
    "unknown": "This hub doesn't know what it allows: read its text.",
}


@dataclass(frozen=True)
class Declared:
    """One licence that the card names."""

    id: str
    name: str
    group: str
    meaning: str
    url: str


@dataclass(frozen=True)
class LicenceFile:
    path: str
    url: str
    text: str
    is_cut: bool


@dataclass(frozen=True)
class LicencePage:
    title: str
    banner: repo.Banner
    state: str
    declared: tuple[Declared, ...]
    own_name: str
    own_url: str
    files: tuple[LicenceFile, ...]
    view: LicenceView
    edit_url: str
    form: Any


def build(viewer: Viewer, address: repo.Address, form: Any = None) -> LicencePage:
    card = statements.load(viewer, address)
    place, metadata = card.place, card.metadata
    found = facts.licence(metadata, lambda path: links.file_url(*place.at, path))
    names = facts.text_list(metadata.get("license"))
    return LicencePage(
        title=f"Licence · {place.repo.full_name}",
        banner=repo.banner(place, "licence"),
        state=place.repo.get_review_state_display(),
        declared=tuple(_declared(name) for name in names[:20]),
        own_name=next(iter(facts.text_list(metadata.get("license_name"))), ""),
        own_url=found.url if found else "",
        files=_files(viewer, place),
        view=licence_view.view(viewer, place.repo, place.revision.commit),
        edit_url=repo.card_edit_url(place),
        form=form or (ConcludeForm() if _may_conclude(viewer) else None),
    )


def conclude(viewer: Viewer, address: repo.Address, form: ConcludeForm) -> str:
    """Write the conclusion; where to see it."""
    place = repo.find(viewer, address)
    services.conclude_at(by=viewer, repo=place.repo, commit=place.revision.commit, **form.cleaned_data)
    return links.part_url(*place.at[:2], "licence")


def _may_conclude(viewer: Viewer) -> bool:
    return viewer.is_signed_in and LICENCE in domains_of(viewer)


def _declared(name: str) -> Declared:
    known = vocabularies.licences().get(name.lower())
    group = vocabularies.licence_class(name)
    url = licence_view.licence_url(name.lower())
    return Declared(name, known.name if known else name, group, _CLASSES[group], url)


def _files(viewer: Viewer, place: repo.Place) -> tuple[LicenceFile, ...]:
    """The licence files of the top folder."""
    entries = catalog.list_tree(place.revision).entries
    paths = [entry.path for entry in entries if entry.type == "file" and _FILE.fullmatch(entry.path)]
    return tuple(_file(viewer, place, path) for path in paths[:MAX_FILES])


def _file(viewer: Viewer, place: repo.Place, path: str) -> LicenceFile:
    url = links.file_url(*place.at, path)
    try:
        file = reading.words_at(viewer, place.revision, path)
    except HubError:
        return LicenceFile(path, url, "", False)
    text, _ = decoded(repo.content_of(file, MAX_TEXT))
    return LicenceFile(path, url, text or "", file.size > MAX_TEXT)
