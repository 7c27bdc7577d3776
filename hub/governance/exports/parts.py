"""What a commit was made from, each once: bases and data of the card, sources of the record; and its measurements."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hub.governance.exports.facts import Facts, Finding, at, name_of, plain, said

TRAINED, TESTED, MADE = "trained-on", "evaluated-on", "made-from"


@dataclass(frozen=True)
class Part:
    """`role` is one of the three; `relation` is that of the card, or the stage of the record. `source`: what the
    record says of it; nothing where only the card names it."""

    kind: str
    role: str
    relation: str
    name: str
    revision: str = ""
    source: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Measured:
    """One value of an evaluation: reported on the card, or evidence of a finding with its interval."""

    metric: str
    value: str
    slice: str
    interval: tuple[str, str] | None = None
    finding: str = ""


def parts_of(facts: Facts) -> tuple[Part, ...]:
    """The card's first. What both name stands once, with what the record says."""
    named = {name_of(source).lower(): source for source in facts.sources or ()}
    found = [
        Part(each.kind, _ROLES.get(each.relation, MADE), each.relation, each.name, each.revision or _revision(source),
             source)
        for each in facts.ancestors
        for source in [named.pop(each.name.lower(), None) if each.kind == "dataset" else None]
    ]  # fmt: skip
    return (*found, *map(_recorded, named.values()))


_ROLES = {TRAINED: TRAINED, TESTED: TESTED}


def _recorded(source: Mapping[str, Any]) -> Part:
    stage = said(plain(source, "usage.stage"))
    return Part("dataset", TESTED if stage == "eval" else TRAINED, stage, name_of(source), _revision(source), source)


def _revision(source: Mapping[str, Any] | None) -> str:
    return said(plain(source, "dataset.revision")) if source else ""


def measurements(facts: Facts) -> Iterator[Measured]:
    for each in facts.results:
        yield Measured(each.metric, each.value, " ".join(part for part in (each.dataset, each.split) if part))
    for finding in facts.findings or ():
        yield from _evidence(finding)


def _evidence(finding: Finding) -> Iterator[Measured]:
    for item in at(finding.body, "evidence") or ():
        slice_ = " ".join(filter(None, (said(at(item, "dataset.repo")), said(at(item, "slice")))))
        low_high = at(item, "ci")
        interval = (said(low_high[0]), said(low_high[1])) if isinstance(low_high, list) and len(low_high) == 2 else None
        yield Measured(said(at(item, "metric")), said(at(item, "value")), slice_, interval, finding.id)


def groups_of(finding: Finding) -> list[str]:
    """Whom it concerns: `gender: women, compared with men`."""
    found = []
    for each in at(finding.body, "groups") or ():
        axis, group, than = (said(at(each, key)) for key in ("axis", "value", "vs"))
        also = said(at(each, "intersect"))
        if axis or group:
            name = ": ".join(filter(None, (axis, group)))
            found.append(name + (f" and {also}" if also else "") + (f", compared with {than}" if than else ""))
    return found


def mitigation_of(finding: Finding) -> str:
    return said([at(each, "what") for each in at(finding.body, "mitigation") or ()])
