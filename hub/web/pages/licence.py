"""The tab Licence: what is declared, what files say, and what the licences of bases and data sets are."""

import re
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog import vocabularies
from hub.catalog.selectors import shelf
from hub.core.errors import HubError
from hub.web.pages import facts, links, reading, repo, statements
from hub.web.pages.previews import decoded
from hub.web.pages.rows import metadata_of

MAX_TEXT = 30_000
MAX_FILES = 4
MAX_ANCESTORS = 100
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


@dataclass(frozen=True)
class LicenceFile:
    path: str
    url: str
    text: str
    is_cut: bool


@dataclass(frozen=True)
class Beside:
    """The licence of something that it was made from. `group` is empty where the hub doesn't have that."""

    relation: str
    name: str
    url: str
    licence: str
    group: str


@dataclass(frozen=True)
class LicencePage:
    title: str
    banner: repo.Banner
    state: str
    declared: tuple[Declared, ...]
    own_name: str
    own_url: str
    files: tuple[LicenceFile, ...]
    beside: tuple[Beside, ...]
    edit_url: str


def build(viewer: Viewer, address: repo.Address) -> LicencePage:
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
        beside=_beside(viewer, place.repo),
        edit_url=repo.card_edit_url(place),
    )


def _declared(name: str) -> Declared:
    known = vocabularies.licences().get(name.lower())
    group = vocabularies.licence_class(name)
    return Declared(name, known.name if known else name, group, _CLASSES[group])


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


def _beside(viewer: Viewer, of: Any) -> tuple[Beside, ...]:
    named = list(of.ancestors.exclude(relation="evaluated-on").order_by("pk")[:MAX_ANCESTORS])
    here = shelf.repos_here(viewer, [(each.kind, each.name) for each in named])
    return tuple(_one(each.get_relation_display(), each.name, here.get((each.kind, each.key))) for each in named)


def _one(relation: str, name: str, found: Any) -> Beside:
    if found is None:
        return Beside(relation, name, "", "", "")
    metadata = metadata_of(found)
    first = next(iter(facts.text_list(metadata.get("license"))), "")
    url = links.repo_url(found.kind, found.full_name)
    return Beside(relation, found.full_name, url, facts.licence_name(metadata), vocabularies.licence_class(first))
