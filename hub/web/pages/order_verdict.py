"""What the hub makes of an order before it is one: what stands in the way, the licence, what it takes, its place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from hub.core.errors import HubError
from hub.web.pages import job_links, job_words, words
from hub.web.pages.links import Link

_LICENCE = {
    "OK": ("Nothing stands in the way", "ok"),
    "NEEDS_ATTRIBUTION": ("With the names and notices of its sources", "ok"),
    "REVIEW": ("A reviewer has to look at it", "warn"),
    "CONFLICT": ("The licences don't go together", "bad"),
}
_CELL = 80
_MOST_LINES = 6


@dataclass(frozen=True)
class Fault:
    """`param` names the field of the order, `anchor` leads to that of the form."""

    message: str
    advice: str
    param: str = ""
    anchor: str = ""


@dataclass(frozen=True)
class Part:
    """One fact with its grounds: the licence, the memory, the time, the queue, the budget. `more` is where all of it
    stands."""

    title: str
    symbol: str
    text: str
    tone: str
    lines: tuple[str, ...]
    more: Link | None = None
    is_folded: bool = False


@dataclass(frozen=True)
class Data:
    """The first rows as the job would see them: roles with the columns that they come from."""

    caption: str
    head: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Verdict:
    words: str
    tone: str
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]
    parts: tuple[Part, ...]
    data: tuple[Data, ...]
    columns: tuple[str, ...]
    # By role, what it takes where the form says nothing.
    used: tuple[tuple[str, str], ...] = ()


def build(picture: Any) -> Verdict:
    """`picture`: as `services.orders.check` gives it."""
    said, tone = _said(picture)
    return Verdict(
        words=said,
        tone=tone,
        faults=_faults(picture.faults),
        warnings=_faults(picture.warnings),
        parts=tuple(_parts(picture)),
        data=tuple(_data(each) for each in picture.data),
        columns=tuple(dict.fromkeys(column.name for each in picture.data for column in each.shown.columns)),
        used=tuple(pair for each in picture.data for pair in each.mapped.columns.items()),
    )


def refused(error: HubError) -> Verdict:
    """Of an order that can't even be read, or that this person may not give."""
    told = error.detail.get("faults") or [{"message": error.message}]
    faults = tuple(Fault(*(str(each.get(name, "")) for name in ("message", "advice", "param"))) for each in told)
    return Verdict("It can't be ordered", "bad", faults, (), (), (), ())


def _faults(found: Iterable[Any]) -> tuple[Fault, ...]:
    return tuple(Fault(each.message, each.advice, each.param) for each in found)


def _said(picture: Any) -> tuple[str, str]:
    if picture.faults:
        count = words.plural(len(picture.faults), "thing stands", "things stand")
        return f"{count} in its way", "bad"
    return ("It can be ordered; look at this first", "warn") if picture.warnings else ("It can be ordered", "ok")


def _parts(picture: Any) -> Iterable[Part]:
    if picture.terms:
        text, tone = _LICENCE.get(picture.terms.verdict, (picture.terms.verdict, ""))
        yield Part("Licence", "scales", text, tone, tuple(_terms(picture.terms)))
    if picture.needs:
        yield from _needs(picture.needs)
    if picture.budget:
        yield _budget(picture)


def _terms(terms: Any) -> list[str]:
    told = [f"The result's: {terms.licence}"] if terms.licence else []
    duties = [str(each.get("text", "")) for each in terms.inherited.get("obligations", ())]
    findings = terms.inherited.get("findings", ())
    known = [f"It inherits {words.plural(len(findings), 'known bias', 'known biases')}"] if findings else []
    return [*told, *duties[:_MOST_LINES], *known]


def _needs(needs: Any) -> Iterable[Part]:
    estimate = needs.estimate
    each = f" on each of {needs.devices} GPUs" if needs.devices > 1 and needs.device != "cpu" else ""
    memory = f"About {words.size(estimate.memory)}{each}"
    yield Part("Memory", "weight", memory, "", _formula(estimate.memory_terms), is_folded=True)
    time = "Nobody can tell: the data don't say how many rows they have" if estimate.seconds is None else ""
    yield Part(
        "Time", "pulse", time or job_words.about(estimate.seconds), "", _formula(estimate.time_terms), is_folded=True
    )
    yield _queue(needs)


def _formula(terms: Sequence[Any]) -> tuple[str, ...]:
    return tuple(f"{each.name}: {each.formula}" for each in terms)


def _queue(needs: Any) -> Part:
    awake = [each.name for each in needs.workers if each.is_awake]
    if not awake:
        return Part("Place in the queue", "list", "No worker that fits is awake", "warn", ())
    ahead = needs.place.ahead
    text = f"After {words.plural(ahead, 'job')}" if ahead else "First in the queue"
    fits = f"{needs.device.value}: {words.listed(awake[:3])} {'fits' if len(awake) == 1 else 'fit'}"
    return Part("Place in the queue", "list", text, "", (fits,))


def _budget(picture: Any) -> Part:
    """What it would leave, as far as that can be told."""
    budget, owner = picture.budget, picture.outcome.owner.name
    more = Link(f"Budget of {owner}", job_links.budget_url(owner))
    used = job_words.time_of(budget.used)
    if budget.limit is None:
        return Part("Budget", "target", "No limit", "", (f"{used} of {budget.device.value} in 30 days so far",), more)
    text, tone = _leaves(budget, picture.needs.estimate.seconds or 0)
    lines = (f"{used} of {job_words.time_of(budget.limit)} of {budget.device.value} used in 30 days so far",)
    return Part("Budget", "target", text, tone, lines, more)


def _leaves(budget: Any, seconds: float) -> tuple[str, str]:
    left = job_words.time_of(budget.left)
    if budget.is_spent:
        return "Used up", "bad"
    if seconds > budget.left:
        return f"It may take more than the {left} that are left", "warn"
    if not seconds:
        return f"{left} left", ""
    return f"About {job_words.span(budget.left - seconds)} left after it", ""


def _data(found: Any) -> Data:
    roles = [role for role in found.mapped.columns if any(role in row for row in found.mapped.rows)]
    head = tuple((job_words.name_words(role), found.mapped.columns[role]) for role in roles)
    rows = tuple(tuple(_cell(row.get(role)) for role in roles) for row in found.mapped.rows)
    split = " ".join(part for part in (found.wanted.config, found.wanted.split) if part)
    total = f", {words.plural(found.shown.total, 'row')}" if found.shown.total else ""
    return Data(f"{found.name}{f' {split}' if split else ''}{total}", head, rows)


def _cell(value: Any) -> str:
    if isinstance(value, list | tuple) and len(value) > 6:
        return f"{', '.join(_cell(each) for each in value[:4])}, … ({len(value)} values)"
    if isinstance(value, bytes):
        return words.size(len(value))
    text = "" if value is None else f"{value:.6g}" if isinstance(value, float) else str(value)
    return text if len(text) <= _CELL else f"{text[:_CELL]}…"
