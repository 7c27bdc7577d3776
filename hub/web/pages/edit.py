"""Change one text file, above all the card."""

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.safestring import SafeString

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog import services
from hub.catalog.attributes import looks_binary
from hub.catalog.card import parse_card
from hub.catalog.card_faults import Fault, faults_of
from hub.catalog.card_text import join, split
from hub.catalog.errors import BadCommit, EntryNotFound, IndexNotReady
from hub.core.errors import InvalidInput
from hub.governance.selectors.licences import card_warnings
from hub.web import markdown
from hub.web.card_form import CardForm, TextForm, last_word, terms
from hub.web.pages import links, reading, repo

CARD = "README.md"
MOST = 500_000
_MOST_DIFF = 400
_MARK = "\ufeff"
_STARTER = "# {name}\n\nOne sentence that says what it is for.\n"


@dataclass(frozen=True)
class Opened:
    """A file as it stands on the branch now; `oid` is empty where there is none yet."""

    place: repo.Place
    path: str
    text: str
    oid: str

    @property
    def is_card(self) -> bool:
        return self.path == CARD


@dataclass(frozen=True)
class EditPage:
    title: str
    banner: repo.Banner
    path: str
    branch: str
    form: Any
    mode: str
    is_card: bool
    preview: SafeString
    has_preview: bool
    problems: tuple[Fault, ...]
    names: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    back_url: str
    is_stale: bool = False
    diff: tuple[tuple[str, str], ...] = field(default=())


def open_file(viewer: Viewer, address: repo.Address) -> Opened:
    """Raises what `check_write` does, `BadCommit` off a branch, `InvalidInput` for what is no small text."""
    place = writable(viewer, address)
    try:
        file = reading.words_at(viewer, place.revision, address.path)
    except EntryNotFound:
        if address.path != CARD:
            raise
        return Opened(place, address.path, _STARTER.format(name=place.repo.name), "")
    if file.is_lfs or file.size > MOST:
        raise InvalidInput(f"{address.path} is too large to be changed here. Upload a new version of it instead.")
    data = repo.content_of(file, MOST)
    if looks_binary(data):
        raise InvalidInput(f"{address.path} is not text. Upload a new version of it instead.")
    return Opened(place, address.path, data.decode("utf-8", "replace"), file.oid)


def writable(viewer: Viewer, address: repo.Address) -> repo.Place:
    place = repo.find(viewer, address)
    services.check_write(viewer, place.repo)
    if not (place.revision.ref or "").startswith("refs/heads/"):
        raise BadCommit(f"{place.name} is not a branch, so nothing can be changed there. Change it on a branch.")
    return place


def form_of(opened: Opened, data: Mapping[str, Any], wanted: str = "") -> CardForm | TextForm:
    """What was sent, or the file as it stands. With `wanted`, what was sent in that other mode: form or text."""
    if data and not wanted:
        return _bound(opened, data)
    if data:
        sent = _bound(opened, data)
        words = {name: sent[name].value() for name in ("title", "description", "new_branch", "base")}
        return _fresh(opened, sent.content(), wanted, words)
    return _fresh(opened, opened.text, wanted or "form", {"base": opened.oid})


def check(form: CardForm | TextForm, opened: Opened) -> tuple[Fault, ...]:
    """Put each fault beside its field; those that are no field's are given back. Errors that the file has already
    don't keep anybody from mending the rest."""
    if not opened.is_card:
        return ()
    kind = opened.place.repo.kind
    known, rest = set(faults_of(opened.text, kind)), list[Fault]()
    for fault in (*faults_of(form.content(), kind), *_licence_faults(opened, form)):
        if fault.field not in form.fields:
            rest.append(fault)
        elif fault.is_error and fault not in known and form.is_bound:
            form.add_error(fault.field, fault.message)
        else:
            form.fields[fault.field].notes = [*getattr(form.fields[fault.field], "notes", []), fault.message]  # type: ignore[attr-defined]
    if form.is_bound and any(fault.is_error and fault not in known for fault in rest):
        form.add_error(None, "The metadata block has new errors; they are listed below.")
    return tuple(rest)


def _licence_faults(opened: Opened, form: CardForm | TextForm) -> tuple[Fault, ...]:
    """What the licences of its bases and data say to the one that the card names."""
    repo_ = opened.place.repo
    metadata = parse_card(form.content()).metadata
    warned = card_warnings(opened.place.viewer, repo_.kind, metadata, repo_.full_name)
    return tuple(Fault(field, message) for field, message in warned)


def build(
    viewer: Viewer, opened: Opened, form: Any, problems: tuple[Fault, ...], *, is_stale: bool = False
) -> EditPage:
    place, path = opened.place, opened.path
    mode = "form" if isinstance(form, CardForm) else "text"
    at, text = place.at, form.content()
    is_markdown = path.lower().endswith((".md", ".markdown"))
    base = markdown.Base(*at, folder=path.rpartition("/")[0])
    return EditPage(
        title=f"Edit {path} · {place.repo.full_name}",
        banner=repo.banner(place, "card" if opened.is_card else "files", has_tools=False),
        path=path,
        branch=place.name,
        form=form,
        mode=mode,
        is_card=opened.is_card,
        preview=markdown.render(split(text)[1], base) if is_markdown else SafeString(""),
        has_preview=is_markdown,
        problems=problems,
        names=tuple(_names(viewer, form)) if mode == "form" else (),
        back_url=links.repo_url(*at[:2]) if opened.is_card else links.file_url(*at, path),
        is_stale=is_stale,
        diff=_diff(opened.text, text) if is_stale else (),
    )


def save(viewer: Viewer, opened: Opened, form: Any) -> str:
    """Commit it; where to look at it. Raises `FileChanged` with nothing lost."""
    told = form.cleaned_data
    done = services.put_file(
        by=viewer,
        repo=opened.place.repo,
        revision=opened.place.name,
        path=opened.path,
        data=_like(opened.text, form.content()).encode(),
        base=told["base"],
        title=told["title"] or f"Edit {opened.path}",
        description=told["description"],
        new_branch=told["new_branch"],
    )
    kind, full_name, branch = opened.place.at
    return links.commit_url(kind, full_name, done.oid) if told["new_branch"] else _shown_at(opened, branch)


def reopened(form: Any, opened: Opened) -> Any:
    """The same words, now on top of what stands there: sending them again puts them in its place."""
    data = form.data.copy()
    data["base"] = opened.oid
    return _bound(opened, data)


def _shown_at(opened: Opened, branch: str) -> str:
    kind, full_name, _ = opened.place.at
    return links.repo_url(kind, full_name) if opened.is_card else links.file_url(kind, full_name, branch, opened.path)


def _bound(opened: Opened, data: Mapping[str, Any]) -> CardForm | TextForm:
    if opened.is_card and data.get("mode") == "form":
        return CardForm(data, kind=opened.place.repo.kind, block=_like("", data.get("block", "")))
    return TextForm(data)


def _fresh(opened: Opened, text: str, mode: str, words: dict[str, Any]) -> CardForm | TextForm:
    if mode == "form" and opened.is_card and not _is_unreadable(text):
        block, body = split(_like("", text))
        return CardForm(kind=opened.place.repo.kind, block=block, initial={"block": block, "body": body, **words})
    return TextForm(initial={"text": text, **words})


def _is_unreadable(text: str) -> bool:
    """Whether the metadata block can't be cut into fields."""
    block, _ = split(text)
    parsed = parse_card(join(block, ""))
    return bool(block.strip()) and not parsed.metadata and bool(parsed.errors)


def _like(before: str, text: str) -> str:
    """Browsers send every line end as CRLF: give them back as the file has them, and its byte order mark too."""
    plain = text.removeprefix(_MARK).replace("\r\n", "\n").replace("\r", "\n")
    mark = _MARK if before.startswith(_MARK) else ""
    return mark + (plain.replace("\n", "\r\n") if "\r\n" in before else plain)


def _names(viewer: Viewer, form: CardForm) -> Any:
    """For each field that is no choice, what its last word may become."""
    for spec in form.specs:
        if spec.sort == "choice" or spec.name.startswith("license") or spec.name in {"tags", "pretty_name"}:
            continue
        before, word = last_word(str(form[spec.name].value() or "")) if spec.sort == "list" else ("", "")
        if spec.source:
            found = [(name, "") for name in _suggested(viewer, spec.source, word)] if word else []
        else:
            found = [(each, words) for each, words in terms(spec.name).items()]
        yield f"names-{spec.name}", tuple((before + name, words) for name, words in found)


def _suggested(viewer: Viewer, kind: str, word: str) -> list[str]:
    try:
        return [found.full_name for found in catalog.suggest(viewer, word, kind=kind)]
    except IndexNotReady:
        return []


def _diff(theirs: str, ours: str) -> tuple[tuple[str, str], ...]:
    """Lines with their mark: what would go is "gd", what would come "gi"."""
    lines = difflib.unified_diff(_like("", theirs).splitlines(), _like("", ours).splitlines(), lineterm="", n=3)
    marks = {"+": "gi", "-": "gd", "@": "gu"}
    return tuple((marks.get(line[:1], ""), line) for line in list(lines)[2:_MOST_DIFF])
