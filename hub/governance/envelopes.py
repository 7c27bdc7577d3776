"""What a change plan allows, and whether a revision stays inside of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.catalog.models import Ancestor
from hub.catalog.results import fold
from hub.core.errors import InvalidInput
from hub.governance.changes import LABELS, Kind

RELATIONS = tuple(
    str(relation)
    for relation in (
        Ancestor.Relation.FINETUNE,
        Ancestor.Relation.ADAPTER,
        Ancestor.Relation.MERGE,
        Ancestor.Relation.QUANTIZED,
    )
)
# A licence, a base, data, a wider use: no plan may allow these beforehand.
CHANGES = tuple(str(kind) for kind in (Kind.WEIGHTS, Kind.CONFIG, Kind.CODE, Kind.RESULTS, Kind.PROSE))
_KEYS = {"relations", "changes", "licence", "suite", "max_drop", "max_gap_growth", "security"}


@dataclass(frozen=True)
class Measured:
    """What is known of one of the two: the declared licence, results by `data set/metric` where more is better, gaps
    between groups by what they were measured on, and whether security passed by itself."""

    licence: str
    results: Mapping[str, float] = field(default_factory=dict)
    gaps: Mapping[str, float] = field(default_factory=dict)
    is_harmless: bool = False


def checked(envelope: Mapping[str, Any]) -> dict[str, Any]:
    """The envelope in full. Raises `InvalidInput` for one that says too little to be measured, or too much."""
    if unknown := set(envelope) - _KEYS:
        raise InvalidInput(f"A plan has no {sorted(unknown)[0]!r}. It has {', '.join(sorted(_KEYS))}.")
    full = {
        "relations": _known(envelope.get("relations", []), RELATIONS, "relation"),
        "changes": _known(envelope.get("changes", []), CHANGES, "kind of change"),
        "licence": "same",
        "suite": str(envelope.get("suite", "")).strip(),
        "max_drop": _limit(envelope.get("max_drop"), "max_drop"),
        "max_gap_growth": _limit(envelope.get("max_gap_growth"), "max_gap_growth"),
        "security": "auto-pass",
    }
    if not full["relations"] and not full["changes"]:
        raise InvalidInput("A plan allows at least one relation of another model, or one kind of change.")
    if not full["suite"] or full["max_drop"] is None:
        raise InvalidInput("A plan names the suite that measures it, and how much its results may drop.")
    return full


def outside(
    envelope: Mapping[str, Any], before: Measured, after: Measured, *, kinds: Iterable[Kind] = (), relation: str = ""
) -> tuple[str, ...]:
    """Why the second is not inside the plan of the first, in words; nothing where it is.

    `relation`: it is another model, made so from the first one. Else it is a later commit, with these kinds of change.
    A measurement that is missing is outside.
    """
    found = list(_of_change(envelope, kinds, relation))
    if fold(before.licence) != fold(after.licence):
        found.append(f"its licence is {after.licence or 'unknown'}, not {before.licence or 'unknown'}")
    if not after.is_harmless:
        found.append("its files don't pass the scan by themselves")
    found += _drops(envelope, before, after)
    found += _growths(envelope, before, after)
    return tuple(found)


def in_words(envelope: Mapping[str, Any], before: Measured, after: Measured) -> str:
    """What was measured, for the record: `squad/f1 0.91 → 0.905`."""
    names = _of_suite(envelope["suite"], before.results)
    said = [f"{name} {before.results[name]:g} → {after.results[name]:g}" for name in names]
    if envelope.get("max_gap_growth") is not None:
        said += [f"gap of {name} {before.gaps[name]:g} → {after.gaps[name]:g}" for name in sorted(before.gaps)]
    return ", ".join(said)


def _of_change(envelope: Mapping[str, Any], kinds: Iterable[Kind], relation: str) -> Iterable[str]:
    if relation:
        if relation not in envelope["relations"]:
            yield f"the plan doesn't allow the relation {relation}"
        return
    for kind in kinds:
        if str(kind) not in envelope["changes"] and kind != Kind.PROSE:
            yield f"the plan doesn't allow a change of {LABELS[kind]}"


def _drops(envelope: Mapping[str, Any], before: Measured, after: Measured) -> Iterable[str]:
    names = _of_suite(envelope["suite"], before.results)
    if not names:
        yield f"what it is compared with has no result of {envelope['suite']}"
    for name in names:
        if name not in after.results:
            yield f"it has no result of {name}"
        elif before.results[name] - after.results[name] > envelope["max_drop"] + 1e-9:
            yield f"{name} drops from {before.results[name]:g} to {after.results[name]:g}"


def _growths(envelope: Mapping[str, Any], before: Measured, after: Measured) -> Iterable[str]:
    most = envelope.get("max_gap_growth")
    if most is None:
        return
    if not before.gaps:
        yield "no gap between groups was measured of what it is compared with"
    for name, gap in sorted(before.gaps.items()):
        if name not in after.gaps:
            yield f"the gap of {name} was not measured"
        elif abs(after.gaps[name]) - abs(gap) > most + 1e-9:
            yield f"the gap of {name} grows from {gap:g} to {after.gaps[name]:g}"


def _of_suite(suite: str, results: Mapping[str, float]) -> list[str]:
    wanted = fold(suite)
    return sorted(name for name in results if name == suite.lower() or name.startswith((f"{wanted}/", f"{suite}/")))


def _known(values: Any, known: tuple[str, ...], what: str) -> list[str]:
    if not isinstance(values, list | tuple) or any(value not in known for value in values):
        raise InvalidInput(f"A {what} of a plan is one of: {', '.join(known)}.")
    return list(dict.fromkeys(values))


def _limit(value: Any, name: str) -> float | None:
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        raise InvalidInput(f"{name} is a number from 0 to 100, in the units of the results.")
    return float(value)
