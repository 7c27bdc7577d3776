"""The form of a data record: one part for each source, sources come and go without a script."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog.card import parse_card
from hub.catalog.services import check_write
from hub.core.errors import Conflict, InvalidInput
from hub.governance.errors import InvalidRecord
from hub.governance.records import card, croissant, data
from hub.governance.records.completeness import weight
from hub.governance.records.schema import Field, Problem, get, measured_by, put, without_blanks
from hub.governance.selectors.data import data_of
from hub.governance.selectors.records import head_of
from hub.governance.services import data as services
from hub.web.pages import links, record_fields, repo
from hub.web.pages.record_fields import FieldRow

MAX_FORM_SOURCES = 40
_BOTH = "give a value, or why it is unknown; not both."
_ORIGINS = ("form", "card", "croissant", "json")


@dataclass(frozen=True)
class Group:
    label: str
    about: str
    weight: int
    fields: tuple[FieldRow, ...]

    @property
    def is_open(self) -> bool:
        return any(field.is_answered or field.errors for field in self.fields)


@dataclass(frozen=True)
class SourcePart:
    index: int
    id: str
    heading: str
    groups: tuple[Group, ...]

    @property
    def key(self) -> str:
        return str(self.index)


@dataclass(frozen=True)
class DataFormPage:
    title: str
    banner: repo.Banner
    sources: tuple[SourcePart, ...]
    base: int
    origin: str
    problems: tuple[str, ...]
    note: str
    url: str
    done_url: str = ""


@dataclass
class Draft:
    """What the form holds: sources as typed, by index the fields with a value and a reason both, and what is wrong."""

    sources: list[dict[str, Any]]
    both: dict[int, dict[str, str]]
    base: int
    origin: str = "form"
    problems: tuple[Problem, ...] = ()
    note: str = ""


def act(viewer: Viewer, address: repo.Address, data_sent: Any, file: Any) -> DataFormPage:
    """The form as it is now: opened, changed by one of its buttons, refused with reasons, or saved (`done_url`)."""
    place = repo.find(viewer, address)
    check_write(viewer, place.repo)
    revision = head_of(place.repo)
    held = data_of(viewer, revision)
    number = held.record.number if held.record else 0
    action = data_sent.get("action", "")
    if not action:
        return _page(place, Draft(list(held.body.get("training_data", [])) or [{}], {}, number))
    draft = _sent(place.repo.kind, data_sent, held.body)
    if action == "add":
        draft.sources.append({})
    elif action.startswith("remove-"):
        _remove(draft, action.removeprefix("remove-"))
    elif action.startswith("import-"):
        _import(viewer, place, draft, action.removeprefix("import-"), _text(data_sent, file))
    elif _save(viewer, place, draft, held.body):
        return _page(place, draft, done_url=links.part_url(*place.at[:2], "data"))
    return _page(place, draft)


def _sent(kind: str, sent: Any, held: Mapping[str, Any]) -> Draft:
    base = sent.get("base", "")
    origin = sent.get("origin", "")
    draft = Draft([], {}, int(base) if base.isdecimal() else 0, origin if origin in _ORIGINS else "form")
    known = {source.get("id", ""): source for source in held.get("training_data", [])}
    for index in sent.getlist("source")[:MAX_FORM_SOURCES]:
        typed = record_fields.read(data.fields_for(kind), sent, f"s{index}.")
        source = dict(typed.record)
        if name := str(sent.get(f"s{index}.id", ""))[:40]:
            source["id"] = name
            _keep_measured(source, known.get(name, {}), sent, f"s{index}.")
        draft.both[len(draft.sources)] = typed.both
        draft.sources.append(source)
    return draft


def _keep_measured(source: dict[str, Any], held: Mapping[str, Any], sent: Any, prefix: str) -> None:
    """What was measured stands as it stood, with the dispute that was typed."""
    for field in data.FIELDS:
        value = get(held, field.path)
        if measured_by(value):
            dispute = str(sent.get(f"{prefix}{field.path}", "")).strip()
            plain = {"value": value["value"], "measured": value["measured"]}
            put(source, field.path, {**plain, "disputed": dispute} if dispute else plain)


def _remove(draft: Draft, index: str) -> None:
    at = int(index) if index.isdecimal() else -1
    if 0 <= at < len(draft.sources):
        del draft.sources[at]
        draft.both = {number - (number > at): both for number, both in draft.both.items() if number != at}


def _text(sent: Any, file: Any) -> str:
    return file.read(croissant.MAX_SIZE).decode("utf-8", "replace") if file else str(sent.get("text", ""))


def _import(viewer: Viewer, place: repo.Place, draft: Draft, origin: str, text: str) -> None:
    """Fill the form with what a card, a Croissant file or a JSON file says; it is saved once somebody looked at it."""
    try:
        found = _imported(viewer, place, origin, text)
    except InvalidInput as error:
        draft.problems = (Problem("import", error.message),)
        return
    empty = [index for index, source in enumerate(draft.sources) if not without_blanks({**source, "id": ""})]
    for index in reversed(empty):
        _remove(draft, str(index))
    if origin == "croissant":
        draft.sources += found
    else:
        draft.sources, draft.both = found, {}
    draft.origin = origin
    draft.note = "Read, not saved yet: look at it, then save."


def _imported(viewer: Viewer, place: repo.Place, origin: str, text: str) -> list[dict[str, Any]]:
    if origin == "card":
        metadata = parse_card(repo.readme(viewer, place) or "").metadata
        listed = card.data_record(place.repo.kind, place.repo.full_name, metadata).get("training_data", [])
        if not listed:
            raise InvalidInput("The card names no data set, and has no training_data in its metadata.")
        return list(listed)
    try:
        value = json.loads(text)
    except ValueError as error:
        raise InvalidInput(f"That is not valid JSON: {error}") from error
    if origin == "croissant":
        return [croissant.source_of(value)]
    body, _ = data.checked(value, kind=place.repo.kind)
    if not body.get("training_data"):
        raise InvalidInput('A record in JSON is {"training_data": [source, …]}; this one has no source.')
    return [_unmarked(source) for source in body["training_data"]]


def _unmarked(source: dict[str, Any]) -> dict[str, Any]:
    """What another hub measured is stated here."""
    if "value" in source and "measured" in source:
        return source["value"]
    return {name: _unmarked(item) if isinstance(item, dict) else item for name, item in source.items()}


def _save(viewer: Viewer, place: repo.Place, draft: Draft, held: Mapping[str, Any]) -> bool:
    twice = [Problem(f"training_data.{index}.{path}", _BOTH) for index, both in draft.both.items() for path in both]
    # A part in which nothing was typed is no source.
    kept = [index for index, source in enumerate(draft.sources) if without_blanks({**source, "id": ""})]
    draft.both = {at: draft.both.get(index, {}) for at, index in enumerate(kept)}
    draft.sources = [draft.sources[index] for index in kept]
    if twice:
        draft.problems = tuple(twice)
        return False
    body = {"training_data": draft.sources, "quotes": held.get("quotes", [])}
    try:
        services.record(by=viewer, repo=place.repo, body=body, source=draft.origin, base=draft.base)
    except InvalidRecord as error:
        draft.problems = tuple(Problem(*each) for each in error.detail["problems"])
    except Conflict as error:
        draft.problems = (Problem("record", error.message),)
    else:
        return True
    return False


def _page(place: repo.Place, draft: Draft, *, done_url: str = "") -> DataFormPage:
    kind, full_name = place.repo.kind, place.repo.full_name
    parts = tuple(_part(kind, draft, index) for index in range(len(draft.sources)))
    return DataFormPage(
        title=f"Record its data · {full_name}",
        banner=repo.banner(place, "data", has_tools=False),
        sources=parts,
        base=draft.base,
        origin=draft.origin,
        problems=tuple(_said(each) for each in draft.problems),
        note=draft.note,
        url=f"{links.part_url(kind, full_name, 'data')}/edit",
        done_url=done_url,
    )


def _said(problem: Problem) -> str:
    """A fault in words: where it is in the form."""
    _, _, rest = problem.path.partition("training_data.")
    index, _, path = rest.partition(".")
    field = next((field for field in data.FIELDS if path == field.path or path.startswith(f"{field.path}.")), None)
    if field is None:
        return problem.message[:1].upper() + problem.message[1:]
    where = f"Source {int(index) + 1}" if index.isdecimal() else index
    return f"{where}, {data.GROUPS[field.group][0]}, {field.label}: {problem.message}"


def _part(kind: str, draft: Draft, index: int) -> SourcePart:
    source, fields = draft.sources[index], data.fields_for(kind)
    by_group: dict[str, list[Field]] = {}
    for field in fields:
        by_group.setdefault(field.group, []).append(field)
    name = get(source, "dataset.repo") or get(source, "external.name")
    return SourcePart(
        index=index,
        id=str(source.get("id", "")),
        heading=f"Source {index + 1}" + (f": {name}" if isinstance(name, str) else ""),
        groups=tuple(_group(name, listed, draft, index) for name, listed in by_group.items()),
    )


def _group(name: str, fields: list[Field], draft: Draft, index: int) -> Group:
    found = record_fields.rows(
        fields,
        draft.sources[index],
        prefix=f"s{index}.",
        problems=draft.problems,
        at=f"training_data.{index}.",
        both=draft.both.get(index),
        may_be_unknown=True,
    )
    return Group(*data.GROUPS[name], weight(fields[0]), tuple(found))
