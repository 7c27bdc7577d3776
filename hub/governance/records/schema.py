"""Fields of a record, and how a value is checked against them.

A value is plain; or `{"unknown": why}`, which is an answer where blank is none; or `{"value": …, "measured": job}`, to
which people may only add `"disputed": why`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Type = Literal["text", "integer", "number", "share", "date", "flag", "choice", "choices", "list", "rows", "commit",
               "sha256", "web"]  # fmt: skip
MAX_TEXT = 5_000
MAX_ITEMS = 500
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_HEX = {"commit": re.compile(r"[0-9a-f]{40}"), "sha256": re.compile(r"[0-9a-f]{64}")}
_WEB = re.compile(r"https?://[^\s<>\"]+")
_JOB = re.compile(r"job_[A-Za-z0-9_-]{1,60}")
_BLANK: tuple[Any, ...] = (None, "", [], {})
_MARKED = ({"unknown"}, {"value", "measured"}, {"value", "measured", "disputed"})


@dataclass(frozen=True)
class Field:
    """One thing to state, at a path such as `size.records`.

    `when`: it applies only where the fields named there hold one of those values (None: or nothing yet).
    `counts`: whether completeness asks for it.
    """

    path: str
    label: str
    type: Type = "text"
    choices: tuple[str, ...] = ()
    columns: tuple["Field", ...] = ()
    help: str = ""
    when: tuple[tuple[str, tuple[Any, ...]], ...] = ()
    counts: bool = True

    @property
    def group(self) -> str:
        return self.path.partition(".")[0]


@dataclass(frozen=True)
class Problem:
    """What is wrong, and where: `training_data.0.size.records`."""

    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}: {self.message}"


def get(record: Mapping[str, Any], path: str) -> Any:
    """What stands at a path; None for nothing."""
    at: Any = record
    for name in path.split("."):
        at = at.get(name) if isinstance(at, Mapping) else None
    return at


def put(record: dict[str, Any], path: str, value: Any) -> None:
    """Write at a path, making what lies between. A blank value is left out."""
    *way, last = path.split(".")
    if value in _BLANK and value is not False and value != 0:
        return
    for name in way:
        record = record.setdefault(name, {})
    record[last] = value


def unknown_reason(value: Any) -> str | None:
    """Why it is unknown, where that is what was stated."""
    return str(value["unknown"]) if isinstance(value, Mapping) and set(value) == {"unknown"} else None


def measured_by(value: Any) -> str:
    """The job that measured it, or nothing."""
    return str(value["measured"]) if isinstance(value, Mapping) and "measured" in value else ""


def plain(value: Any) -> Any:
    """The value itself; None where it is unknown or blank."""
    if unknown_reason(value) is not None:
        return None
    return value["value"] if measured_by(value) else value


def is_stated(value: Any) -> bool:
    """Whether something was answered: an unknown with its reason counts, blank doesn't."""
    return value is False or (value not in _BLANK)


def without_blanks(value: Any) -> Any:
    """The same without what says nothing, and without white space around texts."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, Mapping):
        items = {str(key): without_blanks(item) for key, item in value.items()}
        if set(items) == {"unknown"}:
            return items  # said to be unknown without a reason is a fault, not a blank
        return {key: item for key, item in items.items() if is_stated(item)}
    if isinstance(value, list | tuple):
        return [item for item in map(without_blanks, value) if is_stated(item)]
    return value


def applies(field: Field, record: Mapping[str, Any]) -> bool:
    return all(plain(get(record, path)) in values for path, values in field.when)


def problems_of(record: Mapping[str, Any], fields: Iterable[Field], at: str = "") -> Iterator[Problem]:
    """What is wrong with a record whose blanks are gone: names that no field has, and values that don't fit theirs."""
    known = {field.path: field for field in fields}
    for path, value in _leaves(record, known):
        where = f"{at}{path}"
        if path not in known:
            yield Problem(where, "there is no such field.")
        elif said := _fault(known[path], value):
            yield Problem(where, said)
        elif known[path].type == "rows" and isinstance(plain(value), list):
            yield from _row_problems(known[path], plain(value), where)


def _leaves(record: Mapping[str, Any], known: Mapping[str, Field], at: str = "") -> Iterator[tuple[str, Any]]:
    inner = {path.rpartition(".")[0] for path in known if "." in path}
    inner |= {path.rpartition(".")[0] for path in inner if "." in path}
    for name, value in record.items():
        path = f"{at}{name}"
        if path in inner and isinstance(value, Mapping):
            yield from _leaves(value, known, f"{path}.")
        else:
            yield path, value


def _fault(field: Field, value: Any) -> str:
    """Why a value doesn't fit; nothing where it does."""
    if isinstance(value, Mapping):
        if set(value) not in _MARKED:
            return 'takes a value, {"unknown": why}, or {"value": …, "measured": job}.'
        if "unknown" in value:
            why = value["unknown"]
            return "" if isinstance(why, str) and why.strip() else "unknown needs a reason: say why nobody knows."
        if not isinstance(value["measured"], str) or not _JOB.fullmatch(value["measured"]):
            return "measured must name the job that measured it, as job_…"
        value = value["value"]
    if isinstance(value, str) and value.strip().lower() == "unknown":
        return "unknown needs a reason: say why nobody knows."
    return _misfit(field, value)


def _misfit(field: Field, value: Any) -> str:
    if field.type in ("choices", "list", "rows"):
        return _list_fault(field, value)
    if field.type in ("integer", "number", "share"):
        return _number_fault(field, value)
    if field.type == "flag":
        return "" if isinstance(value, bool) else "is yes or no."
    if not isinstance(value, str) or len(value) > MAX_TEXT:
        return f"is a text of up to {MAX_TEXT} characters."
    return _text_fault(field, value)


def _text_fault(field: Field, value: str) -> str:
    if field.type == "choice" and value not in field.choices:
        return f"is one of {', '.join(field.choices)}; not {value[:40]!r}."
    if field.type == "date" and not _DATE.fullmatch(value):
        return "is a date such as 2024, 2024-05 or 2024-05-31."
    if field.type in _HEX and not _HEX[field.type].fullmatch(value):
        return f"is {40 if field.type == 'commit' else 64} hex digits."
    if field.type == "web" and not _WEB.fullmatch(value):
        return "is a web address that begins with https:// or http://."
    return ""


def _number_fault(field: Field, value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 2**53:
        return "is a number."
    if field.type == "integer" and (value != int(value) or value < 0):
        return "is a whole number, 0 or more."
    if field.type == "share" and not 0 <= value <= 100:
        return "is a share in per cent, from 0 to 100."
    return ""


def _list_fault(field: Field, value: Any) -> str:
    if not isinstance(value, list) or len(value) > MAX_ITEMS:
        return f"is a list of up to {MAX_ITEMS} items."
    if field.type == "rows":
        return "" if all(isinstance(item, Mapping) for item in value) else "is a list of objects."
    if any(not isinstance(item, str) or len(item) > MAX_TEXT for item in value):
        return "is a list of texts."
    strange = [item for item in value if field.type == "choices" and item not in field.choices]
    return f"has {strange[0][:40]!r}, which is none of {', '.join(field.choices)}." if strange else ""


def _row_problems(field: Field, rows: list[Any], where: str) -> Iterator[Problem]:
    for number, row in enumerate(rows):
        yield from problems_of(row, field.columns, f"{where}.{number}.")
        if field.columns[0].path not in row:
            yield Problem(f"{where}.{number}.{field.columns[0].path}", "is missing.")
