"""The register of bias findings of a repository, its own and inherited ones, and what it is for."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hub.governance.permissions import may_file
from hub.governance.records import severity
from hub.governance.records.taxonomies import ANNEX_III, HARMS, MIT_RISKS
from hub.governance.records.use import TIERS
from hub.governance.selectors.findings import FindingAt, findings_of
from hub.governance.selectors.uses import use_of_revision
from hub.governance.services import findings
from hub.web.pages import governance_links, links, repo
from hub.web.pages.links import Link

TONES = {"critical": "bad", "high": "bad", "medium": "warn", "low": "", "info": ""}
STATUS_TONES = {"open": "warn", "triaged": "warn", "mitigated": "ok", "refuted": "ok", "accepted": "", "duplicate": ""}
_SHOWN = 3
_WIDE, _MARGIN = 100.0, 4.0


@dataclass(frozen=True)
class Interval:
    """A value with whiskers in a box 100 wide; `zero` is where no difference stands."""

    low: float
    high: float
    at: float
    zero: float
    spoken: str

    @property
    def width(self) -> float:
        return max(0.5, self.high - self.low)


@dataclass(frozen=True)
class Measured:
    """One measurement as it is shown."""

    suite: str
    metric: str
    slice: str
    value: str
    n: str
    job: str
    data: str
    interval: Interval | None
    judged: str


@dataclass(frozen=True)
class FindingRow:
    """`is_measured` rows have a drawing and a job; the others have the words of who reported them."""

    label: str
    url: str
    title: str
    kind: str
    is_measured: bool
    severity: str
    tone: str
    status: str
    status_tone: str
    is_open: bool
    groups: tuple[str, ...]
    harm: str
    measured: tuple[Measured, ...]
    source: str
    inherited_from: Link | None
    refute_url: str
    owner: str
    review_on: dt.date | None


@dataclass(frozen=True)
class Register:
    """The findings, and what may be done: `new_url` is empty where the viewer may not file any."""

    rows: tuple[FindingRow, ...]
    open_count: int
    worst: str
    withheld: int
    new_url: str

    @property
    def open(self) -> tuple[FindingRow, ...]:
        return tuple(row for row in self.rows if row.is_open)

    @property
    def closed(self) -> tuple[FindingRow, ...]:
        return tuple(row for row in self.rows if not row.is_open)

    @property
    def shown(self) -> tuple[FindingRow, ...]:
        return self.open[:_SHOWN]


@dataclass(frozen=True)
class UseSection:
    """What is recorded of its use, and what its card says, quoted."""

    tier: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    annex: tuple[str, ...]
    edit_url: str
    version: str

    @property
    def is_stated(self) -> bool:
        return bool(self.parts or self.annex or self.tier)


def build(place: repo.Place, revision: Any) -> Register:
    """Of main's head as governance sees it; None where it doesn't yet."""
    found = findings_of(place.viewer, revision or place.repo)
    is_author = may_file(place.viewer, place.repo)
    may_refute = is_author and findings.may_file_measured(place.viewer)
    rows = tuple(row_of(place, each, may_refute=may_refute) for each in found.items)
    levels = [each.row.severity for each in found.items if each.is_open]
    return Register(
        rows=rows,
        open_count=len(levels),
        worst=max(levels, key=severity.rank, default=""),
        withheld=found.withheld,
        new_url=governance_links.new_finding_url(*place.at[:2]) if is_author else "",
    )


def use_section(place: repo.Place, revision: Any) -> UseSection:
    found = use_of_revision(place.viewer, revision)
    parts = (
        ("Intended use", "intended"),
        ("Intended users", "users"),
        ("Out of scope", "out_of_scope"),
        ("Do not use it for", "do_not_use_for"),
    )
    listed = ((label, found.body.get(name)) for label, name in parts)
    record = found.record
    return UseSection(
        tier=f"Tier {found.tier}: {TIERS[found.tier].lower()}" if found.tier else "",
        parts=tuple((label, texts_of(value)) for label, value in listed if value),
        annex=tuple(ANNEX_III[code] for code in found.body.get("annex_iii", []) if code in ANNEX_III),
        edit_url=governance_links.use_edit_url(*place.at[:2]) if place.may_write else "",
        version=f"Version {record.number}, by {record.by}" if record else "",
    )


def texts_of(value: Any) -> tuple[str, ...]:
    """A list of texts; or why nobody knows."""
    return tuple(value) if isinstance(value, list) else (f"Unknown: {value['unknown']}",)


def row_of(place: repo.Place, each: FindingAt, *, may_refute: bool) -> FindingRow:
    row, body = each.row, each.body
    of = each.repo
    url = governance_links.finding_url(of.kind, of.full_name, row.number) if of else ""
    refutable = each.is_inherited and each.is_open and of is not None and may_refute
    return FindingRow(
        label=each.label if of else "",
        url=url,
        title=row.title or "A finding of a private repository",
        kind="Inherited" if each.is_inherited else str(row.get_kind_display()),
        is_measured=row.kind == "measured",
        severity=row.severity,
        tone=TONES.get(row.severity, ""),
        status="refuted here" if each.is_refuted_here else str(row.get_status_display()).lower(),
        status_tone="ok" if each.is_refuted_here else STATUS_TONES.get(row.status, ""),
        is_open=each.is_open,
        groups=groups_of(body),
        harm=harm_of(body),
        measured=tuple(measured_of(body)),
        source=str(body.get("source", "")),
        inherited_from=_from(each),
        refute_url=governance_links.new_finding_url(*place.at[:2], refutes=str(row.pk)) if refutable else "",
        owner=row.owner,
        review_on=row.review_on,
    )


def _from(each: FindingAt) -> Link | None:
    if not each.is_inherited:
        return None
    if each.repo is None:
        return Link("a private repository", "")
    return Link(each.repo.full_name, links.repo_url(each.repo.kind, each.repo.full_name))


def groups_of(body: Mapping[str, Any]) -> tuple[str, ...]:
    listed = body.get("groups", [])
    return tuple(_group(row) for row in listed) if isinstance(listed, list) else ()


def _group(row: Mapping[str, Any]) -> str:
    named = f"{row.get('axis', '').replace('_', ' ')}: {row['value']}" if row.get("value") else row.get("axis", "")
    crossed = "".join(f" × {each}" for each in row.get("intersect", []))
    return f"{named}{crossed}" + (f" compared with {row['vs']}" if row.get("vs") else "")


def harm_of(body: Mapping[str, Any]) -> str:
    harm = body.get("harm", {})
    words = [HARMS.get(str(harm.get("class")), "").partition(":")[0]]
    risk = str(harm.get("mit", ""))
    words.append(f"risk {risk}, {MIT_RISKS[risk].lower()}" if risk in MIT_RISKS else "")
    return "; ".join(word for word in words if word)


def measured_of(body: Mapping[str, Any]) -> Iterable[Measured]:
    for item in body.get("evidence", []):
        has_gap = "gap" in item
        value, ends = (item.get("gap"), item.get("gap_ci")) if has_gap else (item.get("value"), item.get("ci"))
        suite, data = item.get("eval", {}), item.get("dataset", {})
        yield Measured(
            suite=f"{suite.get('suite', '')} {suite.get('version', '')}".strip(),
            metric=str(item.get("metric", "")).replace("_", " "),
            slice=str(item.get("slice", "")),
            value=_figure(value),
            n=f"{item['n']:,}" if isinstance(item.get("n"), int) else "",
            job=str(item.get("job", "")),
            data=f"{data.get('repo', '')}@{str(data.get('revision', ''))[:8]}" if data else "",
            interval=interval(value, ends, neutral=_neutral(item)),
            judged=severity.judged(item).level,
        )


def _neutral(item: Mapping[str, Any]) -> float:
    kind = severity.METRICS.get(str(item.get("metric", "")), "gap")
    return float(severity.DEFAULTS[kind]["neutral"])


def _figure(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, int | float) else ""


def interval(value: Any, ends: Any, *, neutral: float = 0.0) -> Interval | None:
    """Where to draw it: the scale holds the interval and the place of no difference."""
    if not isinstance(value, int | float) or not isinstance(ends, list) or len(ends) != 2:
        return None
    low, high = float(ends[0]), float(ends[1])
    first, last = min(low, value, neutral), max(high, value, neutral)
    unit = (_WIDE - 2 * _MARGIN) / (last - first or 1.0)

    def place(number: float) -> float:
        return round(_MARGIN + (number - first) * unit, 2)

    spoken = f"{_figure(value)}, 95 % interval {_figure(low)} to {_figure(high)}; no difference is {_figure(neutral)}"
    return Interval(place(low), place(high), place(value), place(neutral), spoken)
