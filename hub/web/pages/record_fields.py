"""Fields of a record as inputs of a plain form, and what was typed as a record again: nothing typed is lost."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hub.governance.records.schema import Field, Problem, get, measured_by, put, unknown_reason

_NUMBERS = ("integer", "number", "share")
_BETWEEN = " | "


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    is_chosen: bool


@dataclass(frozen=True)
class FieldRow:
    """`shape` is text, select, checks, area or measured. With `why_name` it may be stated to be unknown, because …"""

    name: str
    label: str
    help: str
    shape: str
    value: str
    choices: tuple[Choice, ...]
    errors: tuple[str, ...]
    why_name: str = ""
    why: str = ""
    job: str = ""

    @property
    def id(self) -> str:
        return f"id-{self.name}"

    @property
    def is_answered(self) -> bool:
        return bool(
            self.value or self.why or self.job or any(choice.is_chosen and choice.value for choice in self.choices)
        )


@dataclass(frozen=True)
class Typed:
    """A record as typed: values that fit no field stay texts, for the schema to find fault with; `both` has the fields
    where a value and a reason for not knowing it were given."""

    record: dict[str, Any]
    both: dict[str, str]


def read(fields: Iterable[Field], data: Any, prefix: str = "") -> Typed:
    """What was sent, of a `QueryDict`. Measured values aren't sent, only a dispute of theirs (see `rows`)."""
    record: dict[str, Any] = {}
    both = {}
    for field in fields:
        name = f"{prefix}{field.path}"
        value, why = _typed(field, data, name), str(data.get(f"{name}.unknown", "")).strip()
        if why and value in (None, "", []):
            put(record, field.path, {"unknown": why})
            continue
        put(record, field.path, value)
        if why:
            both[field.path] = why
    return Typed(record, both)


def _typed(field: Field, data: Any, name: str) -> Any:
    if field.type == "choices":
        return data.getlist(name)
    text = str(data.get(name, "")).strip()
    if field.type in _NUMBERS:
        return _number(text)
    if field.type == "flag":
        return {"yes": True, "no": False}.get(text, text)
    if field.type == "list":
        return [line.strip() for line in text.splitlines() if line.strip()]
    if field.type == "rows":
        return [_row(field.columns, line) for line in text.splitlines() if line.strip()]
    return text


def _number(text: str) -> Any:
    plain = text.replace(",", "").replace("_", "").replace(" ", "")
    for number in (int, float):
        try:
            return number(plain)
        except ValueError:
            continue
    return text


def _row(columns: Sequence[Field], line: str) -> dict[str, Any]:
    parts = [part.strip() for part in line.split("|")]
    row: dict[str, Any] = {}
    for column, text in zip(columns, parts, strict=False):
        if column.type == "list":
            put(row, column.path, [item.strip() for item in text.split(",") if item.strip()])
        else:
            put(row, column.path, _number(text) if column.type in _NUMBERS else text)
    if len(parts) > len(columns):
        row[f"column {len(columns) + 1}"] = parts[len(columns)]
    return row


def rows(
    fields: Iterable[Field],
    record: Mapping[str, Any],
    *,
    prefix: str = "",
    problems: Iterable[Problem] = (),
    at: str = "",
    both: Mapping[str, str] | None = None,
    may_be_unknown: bool = False,
    words: Mapping[str, Mapping[str, str]] | None = None,
) -> list[FieldRow]:
    """One input for each field. `at` is where the record stands in the problems' paths; `words` are labels of choices
    by the field's path."""
    listed = list(problems)
    return [
        _field_row(field, get(record, field.path), prefix, _errors(listed, f"{at}{field.path}"),
                   (both or {}).get(field.path, ""), may_be_unknown, (words or {}).get(field.path, {}))
        for field in fields
    ]  # fmt: skip


def _errors(problems: list[Problem], path: str) -> tuple[str, ...]:
    """What is said of this field, and of the lines in it."""
    return tuple(
        f"{_line(each.path, path)}{each.message[:1].upper()}{each.message[1:]}"
        for each in problems
        if each.path == path or each.path.startswith(f"{path}.")
    )


def _line(path: str, of: str) -> str:
    number = path.removeprefix(of).strip(".").partition(".")[0]
    return f"Line {int(number) + 1}: " if number.isdigit() else ""


def _field_row(
    field: Field, value: Any, prefix: str, errors: tuple[str, ...], both: str, may_be_unknown: bool,
    words: Mapping[str, str],
) -> FieldRow:  # fmt: skip
    job, name = measured_by(value), f"{prefix}{field.path}"
    reason = unknown_reason(value)
    if job:
        shown = shown_value(field, value["value"])
        return FieldRow(name, field.label, shown, "measured", str(value.get("disputed", "")), (), errors, job=job)
    now = None if reason is not None else value
    return FieldRow(
        name=name,
        label=field.label,
        help=_help(field),
        shape=_shape(field),
        value="" if _shape(field) in ("select", "checks") else shown_value(field, now),
        choices=_choices(field, now, words),
        errors=errors,
        why_name=f"{name}.unknown" if may_be_unknown else "",
        why=both or reason or "",
    )


def _shape(field: Field) -> str:
    return {"choice": "select", "flag": "select", "choices": "checks", "list": "area", "rows": "area"}.get(
        field.type, "text"
    )


def _help(field: Field) -> str:
    if field.type == "rows":
        columns = _BETWEEN.join(column.label.lower() for column in field.columns)
        return f"One a line: {columns}. {field.help}".strip()
    if field.type == "list" and not field.help:
        return "One a line."
    return field.help or {"date": "2024, 2024-05 or 2024-05-31.", "commit": "40 hex digits."}.get(field.type, "")


def shown_value(field: Field, value: Any) -> str:
    """A value as it is typed, and read."""
    if value is None:
        return ""
    if field.type == "flag" and isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "\n".join(_shown_row(field, item) if isinstance(item, Mapping) else str(item) for item in value)
    return str(value)


def _shown_row(field: Field, row: Mapping[str, Any]) -> str:
    cells = [row.get(column.path, "") for column in field.columns]
    texts = [", ".join(map(str, cell)) if isinstance(cell, list) else str(cell) for cell in cells]
    return _BETWEEN.join(texts).rstrip("| ")


def _choices(field: Field, value: Any, words: Mapping[str, str]) -> tuple[Choice, ...]:
    if field.type == "flag":
        now = shown_value(field, value)
        return tuple(
            Choice(each, label, each == now) for each, label in (("", "Not stated"), ("yes", "Yes"), ("no", "No"))
        )
    if field.type not in ("choice", "choices"):
        return ()
    chosen = value if isinstance(value, list) else [value]
    listed = tuple(
        Choice(each, words.get(each, each.replace("_", " ").capitalize()), each in chosen) for each in field.choices
    )
    strange = tuple(Choice(each, each, True) for each in chosen if isinstance(each, str) and each not in field.choices)
    return listed if field.type == "choices" else (Choice("", "Not stated", value is None), *listed, *strange)
