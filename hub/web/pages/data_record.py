"""What is recorded of the data: how complete it is, source by source, what is unknown and what was measured."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hub.catalog.selectors.shelf import names_here
from hub.governance.records.completeness import Completeness, Unknown, name_of
from hub.governance.records.data import GROUPS, fields_for
from hub.governance.records.schema import Field, get, is_stated, measured_by, plain, unknown_reason
from hub.governance.selectors.data import data_of
from hub.governance.selectors.records import head_of
from hub.web.pages import gaps, governance_links, links, record_fields, repo
from hub.web.pages.links import Link

_MISSING_SHOWN = 12
_ORIGINS = {"card": "read from the card", "form": "filled in", "croissant": "from a Croissant file",
            "json": "from a JSON file", "system": "measured"}  # fmt: skip


@dataclass(frozen=True)
class Fact:
    label: str
    said: tuple[str, ...]
    unknown: str = ""
    job: str = ""
    disputed: str = ""


@dataclass(frozen=True)
class Part:
    heading: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True)
class Source:
    id: str
    name: str
    url: str
    marks: tuple[str, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class DataSection:
    """`share` is completeness in per cent; `missing` what is blank, `more_missing` how much else is."""

    share: int
    said: str
    sources: tuple[Source, ...]
    unknown: tuple[Unknown, ...]
    missing: tuple[str, ...]
    more_missing: int
    hidden: int
    version: str
    at: dt.datetime | None
    sha256: str
    edit_url: str
    exports: tuple[Link, ...]
    reach_url: str

    @property
    def percent(self) -> str:
        return f"{self.share} %"


def short(place: repo.Place, revision: Any) -> int:
    """How complete the record is, in per cent."""
    return round(data_of(place.viewer, revision).completeness.share * 100)


def build(place: repo.Place) -> DataSection:
    revision = head_of(place.repo)
    found = data_of(place.viewer, revision)
    kind, full_name = place.repo.kind, place.repo.full_name
    sources = found.body.get("training_data", [])
    named = [text for source in sources if isinstance(text := get(source, gaps.NAMES[0]), str)]
    here = names_here(place.viewer, [("dataset", name) for name in named])
    record, complete = found.record, found.completeness
    return DataSection(
        share=round(complete.share * 100),
        said=_said(complete),
        sources=tuple(_source(kind, source, here) for source in sources),
        unknown=tuple(_unknown(found)),
        missing=tuple(gaps.named(each, found.body) for each in complete.missing[:_MISSING_SHOWN]),
        more_missing=max(0, len(complete.missing) - _MISSING_SHOWN),
        hidden=found.hidden,
        version=_version(record) if record else "",
        at=record.at if record else None,
        sha256=record.sha256[:12] if record else "",
        edit_url=governance_links.data_edit_url(kind, full_name) if place.may_write else "",
        exports=_exports(kind, full_name) if record else (),
        reach_url=governance_links.reach_url(full_name) if kind == "dataset" else "",
    )


def _version(record: Any) -> str:
    who = "" if record.by == "system" else f" by {record.by}"
    return f"Version {record.number}, {_ORIGINS.get(record.source, record.source)}{who}"


def _unknown(found: Any) -> Iterator[Unknown]:
    """Of the sources that the viewer may see, by their names."""
    shown = {name_of(source) for source in found.body.get("training_data", ())}
    for each in found.completeness.unknown:
        if each.source in shown or not found.hidden:
            yield replace(each, label=gaps.named(each.label, found.body))


def _said(complete: Completeness) -> str:
    words = [
        f"{complete.filled} of {complete.applicable} answered, by weight" if complete.applicable else "Nothing yet"
    ]
    if complete.unknown:
        words.append(f"{len(complete.unknown)} of them “unknown”, with a reason")
    if complete.measured:
        words.append(f"{complete.measured} measured")
    return "; ".join(words)


def _exports(kind: str, full_name: str) -> tuple[Link, ...]:
    forms = (("JSON", "json"), *((("Croissant", "croissant"),) if kind == "dataset" else ()))
    return tuple(Link(label, governance_links.data_export_url(kind, full_name, form)) for label, form in forms)


def _source(kind: str, source: Mapping[str, Any], here: Mapping[tuple[str, str], str]) -> Source:
    name = gaps.title_of(source)
    known = here.get(("dataset", name.lower())) if get(source, gaps.NAMES[0]) else None
    outside = get(source, "external.url")
    url = links.repo_url("dataset", known) if known else outside if isinstance(outside, str) else ""
    marks = [plain(get(source, path)) for path in ("kind", "licence.declared", "usage.stage")]
    return Source(
        id=name_of(source),
        name=known or name,
        url=url,
        marks=tuple(str(mark).replace("_", " ") for mark in marks if mark),
        parts=_parts(kind, source),
    )


def _parts(kind: str, source: Mapping[str, Any]) -> tuple[Part, ...]:
    by_group: dict[str, list[Fact]] = {}
    for field in fields_for(kind):
        if field.path not in gaps.NAMES and is_stated(value := get(source, field.path)):
            by_group.setdefault(field.group, []).append(_fact(field, value))
    return tuple(Part(GROUPS[group][0], tuple(facts)) for group, facts in by_group.items())


def _fact(field: Field, value: Any) -> Fact:
    if (why := unknown_reason(value)) is not None:
        return Fact(field.label, (), unknown=why)
    said, is_count = plain(value), field.type == "integer" and isinstance(plain(value), int)
    words = f"{said:,}" if is_count else record_fields.shown_value(field, said)
    shown = tuple(", ".join(filter(None, line.split(" | "))) for line in words.splitlines())
    disputed = str(value.get("disputed", "")) if measured_by(value) else ""
    return Fact(field.label, shown, job=measured_by(value), disputed=disputed)
