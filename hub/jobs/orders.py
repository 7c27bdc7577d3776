"""An order as it is given: by a form, the API or another job. Pure: what it asks for is checked elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from hub.jobs.errors import OrderRefused
from hub.jobs.faults import Fault
from workers.contract import Code, Kind

_KINDS = tuple(Kind)
_ROLES = ("", "train", "test", "both")
_MAX_LISTED = 50
_MOST = 2**31 - 1


@dataclass(frozen=True)
class Data:
    """A data set: `repo` is owner/name (the name alone for a curated one); `role` train, test or both, or left open."""

    repo: str
    revision: str = "main"
    role: str = ""
    config: str = ""
    split: str = ""
    columns: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Model:
    """A model by its name, and a branch, a tag or a commit of it."""

    repo: str
    revision: str = "main"


@dataclass(frozen=True)
class Order:
    """What is wanted. `config` by option, in an evaluation by suite and then by option. `out` is where a fine-tune's
    result goes, `private` whether it is private where that is new; `licence` the one it is to have (else the base's).
    `purpose` is what the policy is asked about. `max_seconds` 0: as the hub allows."""

    kind: str
    base: Model | None = None
    candidates: tuple[Model, ...] = ()
    datasets: tuple[Data, ...] = ()
    recipe: str = ""
    suites: tuple[str, ...] = ()
    config: dict[str, Any] = field(default_factory=dict)
    out: str = ""
    title: str = ""
    seed: int = 0
    device: str = ""
    priority: int = 0
    max_seconds: int = 0
    from_scratch: bool = False
    compare_scratch: bool = False
    private: bool = True
    licence: str = ""
    purpose: str = ""

    @property
    def is_finetune(self) -> bool:
        return self.kind == Kind.FINETUNE

    @property
    def models(self) -> tuple[Model, ...]:
        return (*((self.base,) if self.base else ()), *self.candidates)


def read_order(told: Any) -> Order:
    """From JSON. `base_revision` goes with `base`; `dataset` (a name or an object) may stand for a list of one.

    Raises `OrderRefused` naming every field that is of the wrong sort or unknown.
    """
    if not isinstance(told, Mapping):
        raise refused([_wrong("order", "an object")])
    faults = [*_unknown(told), *_mistyped(told)]
    if faults:
        raise refused(faults)
    return Order(
        base=_model({"repo": told["base"], "revision": told.get("base_revision") or "main"})
        if told.get("base")
        else None,
        candidates=tuple(_model(each) for each in told.get("candidates") or ()),
        datasets=tuple(_data(each) for each in _datasets(told)),
        suites=tuple(dict.fromkeys(told.get("suites") or ())),
        **{name: told[name] for name in ("kind", *_PLAIN) if told.get(name) is not None},
    )


def refused(faults: list[Fault]) -> OrderRefused:
    """The error that says all of it in its text, and each in `detail["faults"]`."""
    told = " ".join(" ".join(filter(None, (fault.message, fault.advice))) for fault in faults)
    return OrderRefused(f"This job can't be ordered. {told}", faults=[fault.as_dict() for fault in faults])


def order_again(spec: Mapping[str, Any], **changes: Any) -> Order:
    """The order of a job, by its spec, at the same commits and on the same device."""
    told = {name: spec[name] for name in _PLAIN if name in spec}
    again = Order(
        kind=spec["kind"],
        base=_pinned(spec["base"]) if spec.get("base") else None,
        candidates=tuple(_pinned(each) for each in spec.get("candidates", ())),
        datasets=tuple(_data_again(each) for each in spec.get("datasets", ())),
        suites=tuple(spec.get("suites", ())),
        **told,
    )
    return replace(again, **changes)


_PLAIN: dict[str, type] = {
    "recipe": str,
    "config": dict,
    "out": str,
    "title": str,
    "seed": int,
    "device": str,
    "priority": int,
    "max_seconds": int,
    "from_scratch": bool,
    "compare_scratch": bool,
    "private": bool,
    "licence": str,
    "purpose": str,
}
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


def _unknown(told: Mapping[str, Any]) -> list[Fault]:
    known = {*_PLAIN, *_OTHERS, "dataset"}
    advice = f"The fields are: {', '.join(sorted(known))}."
    return [
        Fault(str(name), Code.BAD_SPEC, f"There is no field {name!r}.", advice) for name in told if name not in known
    ]


def _mistyped(told: Mapping[str, Any]) -> list[Fault]:
    types = {**_PLAIN, **_OTHERS}
    found = [name for name, sort in types.items() if told.get(name) is not None and not _is(told[name], sort)]
    faults = [_wrong(name, _SORTS[types[name]]) for name in found]
    faults += [_wrong(name, f"a text of up to {most} characters") for name, most in _LONGEST.items()
               if isinstance(told.get(name), str) and len(told[name]) > most]  # fmt: skip
    if told.get("kind") not in _KINDS:
        faults.append(_wrong("kind", f"one of {', '.join(_KINDS)}"))
    return faults or _misshapen(told)


def _misshapen(told: Mapping[str, Any]) -> list[Fault]:
    faults = [_wrong("candidates", "a list of names") for each in told.get("candidates") or () if not _names(each)]
    faults += [_wrong("suites", "a list of names") for each in told.get("suites") or () if not isinstance(each, str)]
    faults += [fault for each in _datasets(told) for fault in _of_data(each)]
    lists = [len(told.get(name) or ()) for name in ("candidates", "suites", "datasets")]
    return [*faults, *([_wrong("order", f"lists of up to {_MAX_LISTED}")] if max(lists) > _MAX_LISTED else [])][:20]


def _of_data(each: Any) -> list[Fault]:
    if isinstance(each, str):
        return []
    names = {one.name for one in fields(Data)}
    if not _names(each) or set(each) - names:
        return [_wrong("datasets", f"a list of names, or of objects with {', '.join(sorted(names))}")]
    columns = each.get("columns") or {}
    if not isinstance(columns, dict) or not all(isinstance(name, str) for name in columns.values()):
        return [_wrong("datasets.columns", "an object of roles and column names")]
    texts = [name for name in names - {"columns"} if not isinstance(each.get(name) or "", str)]
    wrong_role = each.get("role", "") not in _ROLES
    return [_wrong(f"datasets.{name}", "a text") for name in texts] or (
        [_wrong("datasets.role", "train, test or both")] if wrong_role else []
    )


def _names(each: Any) -> bool:
    return isinstance(each, str) or (isinstance(each, dict) and isinstance(each.get("repo"), str))


def _is(value: Any, sort: type) -> bool:
    if sort is int:
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _MOST
    return isinstance(value, sort)


def _wrong(name: str, wanted: str) -> Fault:
    return Fault(name, Code.BAD_SPEC, f"{name} takes {wanted}.")


def _datasets(told: Mapping[str, Any]) -> list[Any]:
    one = [told["dataset"]] if told.get("dataset") else []
    return [*one, *(told.get("datasets") or ())]


def _model(each: Any) -> Model:
    return Model(each) if isinstance(each, str) else Model(each["repo"], str(each.get("revision") or "main"))


def _data(each: Any) -> Data:
    if isinstance(each, str):
        return Data(each)
    return Data(**{name: value for name, value in each.items() if value})


def _pinned(source: Mapping[str, Any]) -> Model:
    return Model(source["repo"], source["commit"])


def _data_again(source: Mapping[str, Any]) -> Data:
    names = ("role", "config", "split", "columns")
    return Data(source["repo"], source["commit"], **{name: source[name] for name in names if source.get(name)})
