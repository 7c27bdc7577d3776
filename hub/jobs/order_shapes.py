"""Whether what stands in an order is of the right sort."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from hub.jobs.faults import Fault
from hub.jobs.orders import PLAIN, Data
from workers.contract import Code, Kind

_KINDS = tuple(Kind)


_ROLES = ("", "train", "test", "both")


_MAX_LISTED = 50


_MOST = 2**31 - 1


_OTHERS: dict[str, type] = {
    "kind": str,
    "base": str,
    "base_revision": str,
    "candidates": list,
    "datasets": list,
    "suites": list,
}


_SORTS = {str: "a text", int: "a whole number", bool: "true or false", dict: "an object", list: "a list"}


_LONGEST = {"title": 200, "out": 193, "base": 193, "recipe": 60, "purpose": 100, "licence": 100}


def unknown(told: Mapping[str, Any]) -> list[Fault]:
    known = {*PLAIN, *_OTHERS, "dataset"}
    advice = f"The fields are: {', '.join(sorted(known))}."
    return [
        Fault(str(name), Code.BAD_SPEC, f"There is no field {name!r}.", advice) for name in told if name not in known
    ]


def mistyped(told: Mapping[str, Any]) -> list[Fault]:
    types = {**PLAIN, **_OTHERS}
    found = [name for name, sort in types.items() if told.get(name) is not None and not _is(told[name], sort)]
    faults = [wrong(name, _SORTS[types[name]]) for name in found]
    faults += [wrong(name, f"a text of up to {most} characters") for name, most in _LONGEST.items()
               if isinstance(told.get(name), str) and len(told[name]) > most]  # fmt: skip
    if told.get("kind") not in _KINDS:
        faults.append(wrong("kind", f"one of {', '.join(_KINDS)}"))
    return faults or _misshapen(told)


def _misshapen(told: Mapping[str, Any]) -> list[Fault]:
    faults = [wrong("candidates", "a list of names") for each in told.get("candidates") or () if not _names(each)]
    faults += [wrong("suites", "a list of names") for each in told.get("suites") or () if not isinstance(each, str)]
    faults += [fault for each in datasets_of(told) for fault in _of_data(each)]
    lists = [len(told.get(name) or ()) for name in ("candidates", "suites", "datasets")]
    return [*faults, *([wrong("order", f"lists of up to {_MAX_LISTED}")] if max(lists) > _MAX_LISTED else [])][:20]


def _of_data(each: Any) -> list[Fault]:
    if isinstance(each, str):
        return []
    names = {one.name for one in fields(Data)}
    if not _names(each) or set(each) - names:
        return [wrong("datasets", f"a list of names, or of objects with {', '.join(sorted(names))}")]
    columns = each.get("columns") or {}
    if not isinstance(columns, dict) or not all(isinstance(name, str) for name in columns.values()):
        return [wrong("datasets.columns", "an object of roles and column names")]
    texts = [name for name in names - {"columns"} if not isinstance(each.get(name) or "", str)]
    wrong_role = each.get("role", "") not in _ROLES
    return [wrong(f"datasets.{name}", "a text") for name in texts] or (
        [wrong("datasets.role", "train, test or both")] if wrong_role else []
    )


def _names(each: Any) -> bool:
    return isinstance(each, str) or (isinstance(each, dict) and isinstance(each.get("repo"), str))


def _is(value: Any, sort: type) -> bool:
    if sort is int:
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _MOST
    return isinstance(value, sort)


def wrong(name: str, wanted: str) -> Fault:
    return Fault(name, Code.BAD_SPEC, f"{name} takes {wanted}.")


def datasets_of(told: Mapping[str, Any]) -> list[Any]:
    one = [told["dataset"]] if told.get("dataset") else []
    return [*one, *(told.get("datasets") or ())]
