"""How much of a data record is answered. A bar, never a mark: an unknown with its reason is an answer."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hub.governance.records.data import GROUPS, HEAVY, fields_for
from hub.governance.records.schema import Field, applies, get, is_stated, measured_by, unknown_reason

_HEAVY_WEIGHT = 3


@dataclass(frozen=True)
class Unknown:
    """What is stated to be unknown, and why."""

    source: str
    path: str
    label: str
    why: str


@dataclass(frozen=True)
class Completeness:
    """`filled` of `applicable` are sums of weights. `missing` names what is blank, as `ds1: Consent: Basis`."""

    filled: int
    applicable: int
    missing: tuple[str, ...]
    unknown: tuple[Unknown, ...]
    measured: int

    @property
    def share(self) -> float:
        return self.filled / self.applicable if self.applicable else 0.0


def weight(field: Field) -> int:
    return _HEAVY_WEIGHT if field.group in HEAVY else 1


def completeness(body: Mapping[str, Any], *, kind: str) -> Completeness:
    """Over all sources; a record without any has everything to say."""
    asked, stated = list(_asked(body, kind)), list(_stated(body, kind))
    return Completeness(
        filled=sum(weight(field) for _, field, value in asked if is_stated(value)),
        applicable=sum(weight(field) for _, field, _ in asked),
        missing=tuple(said(source, field) for source, field, value in asked if not is_stated(value))
        if asked
        else ("No source of data is recorded",),
        unknown=tuple(_unknown(stated)),
        measured=sum(bool(measured_by(value)) for _, _, value in stated),
    )


def said(source: str, field: Field) -> str:
    heading = GROUPS[field.group][0]
    return f"{source}: {heading}" + (f": {field.label}" if field.label != heading else "")


def name_of(source: Mapping[str, Any]) -> str:
    """Its id in the record; records that were written before sources had ids have none."""
    return str(source.get("id") or "A source")


def _asked(body: Mapping[str, Any], kind: str) -> Iterator[tuple[str, Field, Any]]:
    for source in body.get("training_data", []):
        for field in fields_for(kind):
            if field.counts and applies(field, source):
                yield name_of(source), field, get(source, field.path)


def _stated(body: Mapping[str, Any], kind: str) -> Iterator[tuple[str, Field, Any]]:
    for source in body.get("training_data", []):
        for field in fields_for(kind):
            if is_stated(value := get(source, field.path)):
                yield name_of(source), field, value


def _unknown(stated: Iterable[tuple[str, Field, Any]]) -> Iterator[Unknown]:
    for source, field, value in stated:
        if (why := unknown_reason(value)) is not None:
            yield Unknown(source, field.path, said(source, field), why)
