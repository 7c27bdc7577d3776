"""The licence texts that a repository shows: its own, and those of all that it was made from which ask for consent."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.models import Card, Repo
from hub.catalog.selectors.files import file_in
from hub.governance.canonical import canonical, digest
from hub.governance.licences.table import row_of_licence
from hub.governance.models import LicenceVersion, Revision
from hub.governance.selectors.licence_table import current_table
from hub.governance.selectors.licences import licence_of
from hub.storage.services import read_range

MAX_TEXT = 500_000
MAX_FILES = 4
_LICENCE_FILE = re.compile(r"(licen[cs]e|copying|use[_-]policy|agreement|terms)([._-][\w.-]*)?", re.I)


@dataclass(frozen=True)
class LicenceText:
    """A text by the sha256 of its bytes. `text` is empty where this hub can't show it to this viewer.

    `shown_at` is the repository that it comes from, data sets as datasets/owner/name ("": the table of licences).
    `is_required`: a pull asks for consent to it. `row`: the table's row of the licence, where `text` is that.
    """

    licence: str
    sha256: str
    text: str
    shown_at: str = ""
    path: str = ""
    is_required: bool = False
    row: Mapping[str, str] | None = None


def texts_of(viewer: Viewer, repo: Repo) -> list[LicenceText]:
    """At main's head, each once: what must be accepted first. The text of a licence is no secret of its repository:
    it is shown before the gate, so that one knows what one agrees to."""
    found = {one.sha256: one for one in _own(repo)}
    for licence, sha256, name in _required(viewer, repo):
        known = found.get(sha256)
        found[sha256] = replace(known, is_required=True) if known else _elsewhere(viewer, licence, sha256, name)
    return sorted(found.values(), key=lambda one: not one.is_required)


def address_of(repo: Repo) -> str:
    return f"datasets/{repo.full_name}" if repo.kind == "dataset" else repo.full_name


def _own(repo: Repo) -> Iterator[LicenceText]:
    """The licence files in the top folder; else what the table of licences has for the card's licence."""
    licence = _stated(repo)
    files = list(_files(repo))
    for path, data in files:
        yield _text(licence or path, data, address_of(repo), path)
    if not files and licence:
        held = LicenceVersion.objects.filter(licence=licence).exclude(text="").order_by("-number").first()
        if held:
            yield _text(licence, held.text.encode(), "", "")


def _required(viewer: Viewer, repo: Repo) -> list[tuple[str, str, str]]:
    """(licence, sha256, owner/name) of each text that the chain asks consent to."""
    head = catalog.heads([repo]).get(repo.pk)
    revision = Revision.objects.filter(repo=repo, commit=head.commit).first() if head else None
    if revision is None:
        return []
    picture = licence_of(viewer, revision)
    return [(each.licence, each.text_sha256, each.repo_name) for each in picture.texts_to_accept]


def _elsewhere(viewer: Viewer, licence: str, sha256: str, name: str) -> LicenceText:
    """From the repository that it belongs to, if the viewer may see that; else from the table."""
    owner, _, short = name.partition("/")
    for kind in ("model", "dataset"):
        found = Repo.objects.visible_to(viewer).named(kind, owner, short).select_related("owner").first()
        if found is None:
            continue
        for path, data in _files(found):
            if hashlib.sha256(data).hexdigest() == sha256:
                return LicenceText(licence, sha256, _decoded(data), address_of(found), path, True)
    for text in LicenceVersion.objects.filter(licence=licence).exclude(text="").values_list("text", flat=True):
        if sha256 in (hashlib.sha256(text.encode()).hexdigest(), digest(text)):
            return LicenceText(licence, sha256, text, "", "", True)
    if row := _row(licence, sha256):
        return LicenceText(licence, sha256, canonical(row).decode(), "", "", True, row)
    return LicenceText(licence, sha256, "", name, "", True)  # the licence part names only what the viewer may see


def _row(licence: str, sha256: str) -> Mapping[str, str] | None:
    """Where no text is at hand, what is accepted is the table's row of the licence, in canonical JSON."""
    row = row_of_licence(current_table().get(licence))
    return row if digest(row) == sha256 else None


def _files(repo: Repo) -> Iterable[tuple[str, bytes]]:
    at = catalog.heads([repo]).get(repo.pk)
    if at is None or repo.is_disabled:
        return
    entries = catalog.list_tree(at).entries
    paths = [entry.path for entry in entries if entry.type == "file" and _LICENCE_FILE.fullmatch(entry.path)]
    for path in paths[:MAX_FILES]:
        yield from _read(at, path)


def _read(at: Any, path: str) -> Iterator[tuple[str, bytes]]:
    file = file_in(at, path)
    if file.size > MAX_TEXT:
        return
    data = file.data if file.data is not None else read_range(sha256=file.sha256 or "", start=0, length=file.size)
    yield path, bytes(data)


def _text(licence: str, data: bytes, name: str, path: str) -> LicenceText:
    return LicenceText(licence[:100], hashlib.sha256(data).hexdigest(), _decoded(data), name, path)


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _stated(repo: Repo) -> str:
    """What the card calls its licence: the id, or the name that it gives another one."""
    row = Card.objects.filter(repo=repo).values_list("license", "metadata").first()
    licence, metadata = row or ("", {})
    named = metadata.get("license_name")
    return named if licence in ("", "other") and isinstance(named, str) else licence
