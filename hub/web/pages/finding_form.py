"""File a finding, change what it says, and say where it stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from hub.accounts.viewer import Viewer
from hub.catalog.errors import RepoNotFound
from hub.core.errors import Conflict, Forbidden, HubError
from hub.core.text import digits
from hub.governance.errors import InvalidRecord
from hub.governance.permissions import may_file
from hub.governance.records import finding as notes
from hub.governance.records.schema import Field, Problem, put
from hub.governance.records.severity import METRICS
from hub.governance.records.taxonomies import AXES, HARMS, MIT_RISKS, ORIGINS
from hub.governance.selectors.findings import FindingAt, find_finding, findings_of
from hub.governance.selectors.findings import versions_of as versions
from hub.governance.services import findings
from hub.web.pages import governance_links, record_fields, register, repo
from hub.web.pages.record_fields import FieldRow

_GRADES = {"1": "1: little", "2": "2: some", "3": "3: much", "4": "4: very much"}
WORDS: dict[str, Mapping[str, str]] = {
    "harm.class": HARMS,
    "harm.mit": {code: f"{code} {name}" for code, name in MIT_RISKS.items()},
    "harm.origin": ORIGINS,
    "severity.impact": _GRADES,
    "severity.exposure": _GRADES,
    "visibility": {"public": "Everyone who sees it", "org": "Members", "reviewers": "Reviewers and administrators"},
}
_FORM = tuple(field for field in notes.FIELDS if field.path != "severity.why")
EVIDENCE = (
    Field("job", "Job", help="That measured it, as job_…"),
    Field("eval.suite", "Suite"),
    Field("eval.version", "Version of the suite"),
    Field("dataset.repo", "Data set"),
    Field("dataset.revision", "Its commit"),
    Field("slice", "Slice", help="Such as gender=women."),
    Field("metric", "Metric", help=f"Thresholds are set for {', '.join(METRICS)}."),
    Field("value", "Value", "number"),
    Field("low", "Interval from", "number"),
    Field("high", "Interval to", "number"),
    Field("ci_method", "How the interval was computed"),
    Field("n", "How many were measured", "integer"),
    Field("p_adj", "p, adjusted", "number"),
)
_KINDS = (
    ("reported", "Reported: somebody says so"),
    ("literature", "From the literature"),
    ("suspected", "Suspected"),
    ("measured", "Measured: a job of this hub found it"),
)
_STATUSES = (
    ("triaged", "Triaged: looked at, still open"),
    ("open", "Open"),
    ("mitigated", "Mitigated"),
    ("refuted", "Refuted"),
    ("accepted", "Accepted risk (takes a waiver)"),
    ("duplicate", "Duplicate"),
)


class StatusForm(forms.Form):
    status = forms.ChoiceField(label="Where it stands", choices=_STATUSES)
    why = forms.CharField(label="Why", max_length=5_000, widget=forms.Textarea(attrs={"rows": 2}))
    waiver = forms.IntegerField(label="Number of the waiver", required=False, min_value=1)
    duplicate_of = forms.IntegerField(label="Number of the other finding", required=False, min_value=1)


@dataclass(frozen=True)
class FindingFormPage:
    title: str
    banner: repo.Banner
    heading: str
    kinds: tuple[tuple[str, str], ...]
    kind: str
    fields: tuple[FieldRow, ...]
    evidence: tuple[FieldRow, ...]
    axes: tuple[str, ...]
    problems: tuple[str, ...]
    refutes: str
    back_url: str
    why: str = ""
    done_url: str = ""


@dataclass(frozen=True)
class Change:
    """A version of a finding, for its history."""

    number: int
    by: str
    at: Any
    status: str
    severity: str
    why: str
    sha256: str


@dataclass(frozen=True)
class FindingPage:
    title: str
    banner: repo.Banner
    row: register.FindingRow
    severity_why: str
    guidance: tuple[tuple[str, tuple[str, ...]], ...]
    mitigation: tuple[str, ...]
    context: tuple[tuple[str, str], ...]
    history: tuple[Change, ...]
    status_form: StatusForm | None
    evidence: tuple[FieldRow, ...]
    problems: tuple[str, ...]
    edit_url: str
    done_url: str = ""


def new(viewer: Viewer, address: repo.Address, sent: Any, asked: Any) -> FindingFormPage:
    """The form for a new finding: opened, refused with reasons, or filed (`done_url`)."""
    place = repo.find(viewer, address)
    _check(viewer, place)
    number = digits(str(sent.get("refutes") or asked.get("refutes", ""))) or 0
    refutes = _inherited(viewer, place, number)
    body, kind = _read(sent, []), str(sent.get("kind", "measured" if refutes else "reported"))
    problems, done = [], ""
    if sent:
        try:
            row = refutes.row if refutes else None
            made = findings.file(by=viewer, repo=place.repo, kind=kind, body=body, refutes=row)
            done = governance_links.finding_url(*place.at[:2], made.number)
        except (InvalidRecord, Conflict, Forbidden) as error:
            problems = _problems(error)
    heading = f"Refute “{refutes.row.title}”" if refutes else "File a finding"
    kinds = tuple(each for each in _KINDS if each[0] != "measured" or findings.may_file_measured(viewer))
    return _form(place, heading, body, problems, kind=kind, kinds=kinds, done_url=done,
                 refutes=str(number) if refutes else "")  # fmt: skip


def edit(viewer: Viewer, address: repo.Address, number: int, sent: Any) -> FindingFormPage:
    """The form of a finding that is there; its kind stays, and its measurements stay."""
    place = repo.find(viewer, address)
    _check(viewer, place)
    found = find_finding(viewer, place.repo, number)
    body = _read(sent, found.body.get("evidence", [])) if sent else dict(found.body)
    problems, done = [], ""
    if sent:
        try:
            findings.edit(by=viewer, repo=place.repo, number=number, body=body, why=str(sent.get("why", "")))
            done = governance_links.finding_url(*place.at[:2], number)
        except (InvalidRecord, Conflict, Forbidden) as error:
            problems = _problems(error)
    return _form(place, f"Change {found.label}", body, problems, kind=found.row.kind, kinds=(), done_url=done,
                 why=str(sent.get("why", "")), known=len(found.body.get("evidence", [])))  # fmt: skip


def _check(viewer: Viewer, place: repo.Place) -> None:
    """Who may not file any has no such page."""
    if not may_file(viewer, place.repo):
        raise Forbidden("Findings are filed by who may push to the repository, and by reviewers of bias.")


def _inherited(viewer: Viewer, place: repo.Place, pk: int) -> FindingAt | None:
    if not pk:
        return None
    listed = findings_of(viewer, place.repo).items
    found = next((each for each in listed if each.row.pk == pk and each.is_inherited and each.repo), None)
    if found is None:
        raise RepoNotFound("It inherits no such finding.")
    return found


def _problems(error: HubError) -> list[Problem]:
    listed = error.detail.get("problems", []) if isinstance(error, InvalidRecord) else []
    return [Problem(*each) for each in listed] or [Problem("finding", error.message)]


def _read(sent: Any, evidence: list[Any]) -> dict[str, Any]:
    body = dict(record_fields.read(_FORM, sent).record) if sent else {}
    item = measurement(sent) if sent else {}
    return {**body, "evidence": [*evidence, *([item] if item else [])]}


def measurement(sent: Any) -> dict[str, Any]:
    """What was typed of a measurement; empty where nothing was."""
    item = dict(record_fields.read(EVIDENCE, sent, "evidence.").record)
    ends = [item.pop("low", None), item.pop("high", None)]
    if ends != [None, None]:
        put(item, "ci", ends)
    return item


def _form(
    place: repo.Place,
    heading: str,
    body: Mapping[str, Any],
    problems: list[Problem],
    *,
    kind: str,
    kinds: tuple[tuple[str, str], ...],
    done_url: str,
    refutes: str = "",
    why: str = "",
    known: int = 0,
) -> FindingFormPage:
    typed = body.get("evidence", [])[known:]
    return FindingFormPage(
        title=f"{heading} · {place.repo.full_name}",
        banner=repo.banner(place, "bias", has_tools=False),
        heading=heading,
        kinds=kinds,
        kind=kind,
        fields=tuple(record_fields.rows(_FORM, body, problems=problems, words=WORDS)),
        evidence=evidence_rows(typed[0] if typed else {}, problems, f"evidence.{known}."),
        axes=tuple(AXES),
        problems=tuple(f"{_label(each.path)}{each.message}" for each in problems),
        refutes=refutes,
        back_url=register.links.part_url(*place.at[:2], "bias"),
        why=why,
        done_url=done_url,
    )


def evidence_rows(item: Mapping[str, Any], problems: list[Problem], at: str) -> tuple[FieldRow, ...]:
    ends = item.get("ci") if isinstance(item.get("ci"), list) else None
    shown = {**item, **({"low": ends[0], "high": ends[1]} if ends and len(ends) == 2 else {})}
    moved = [Problem(each.path.replace(f"{at}ci", f"{at}low"), each.message) for each in problems]
    return tuple(record_fields.rows(EVIDENCE, shown, prefix="evidence.", problems=moved, at=at))


def _label(path: str) -> str:
    field = next((field for field in _FORM if path == field.path or path.startswith(f"{field.path}.")), None)
    tail = path.rpartition(".")[2].replace("_", " ")
    return f"{field.label}: " if field else f"Measurement, {tail}: " if path.startswith("evidence") else ""


def show(viewer: Viewer, address: repo.Address, number: int, sent: Any) -> FindingPage:
    """A finding with its history; a change of its status sent, refused with reasons, or done (`done_url`)."""
    place = repo.find(viewer, address)
    found = find_finding(viewer, place.repo, number)
    may_change = may_file(viewer, place.repo)
    form = StatusForm(sent or None, initial={"status": found.row.status}) if may_change else None
    problems, done = [], ""
    if sent and form and form.is_valid():
        try:
            item = measurement(sent)
            findings.set_status(
                by=viewer, repo=place.repo, number=number, measurement=item or None, **form.cleaned_data
            )
            done = governance_links.finding_url(*place.at[:2], number)
        except (InvalidRecord, Conflict, Forbidden) as error:
            problems = _problems(error)
    return _finding_page(place, found, form, problems, sent, done)


def _finding_page(
    place: repo.Place, found: FindingAt, form: StatusForm | None, problems: list[Problem], sent: Any, done: str
) -> FindingPage:
    body, grades = found.body, found.body.get("severity", {})
    guidance = body.get("use_guidance", {})
    listed = (("Do not use it for", guidance.get("do_not_use_for")), ("Safe if", guidance.get("safe_if")))
    context = body.get("context", {})
    return FindingPage(
        title=f"{found.label} · {place.repo.full_name}",
        banner=repo.banner(place, "bias", has_tools=False),
        row=register.row_of(place, found, may_refute=False),
        severity_why="; ".join(str(grades[name]) for name in ("why", "rationale") if grades.get(name)),
        guidance=tuple((label, register.texts_of(texts)) for label, texts in listed if texts),
        mitigation=tuple(_mitigation(each) for each in body.get("mitigation", [])),
        context=tuple((name.capitalize(), ", ".join(value) if isinstance(value, list) else str(value))
                      for name, value in context.items() if isinstance(value, str | list)),
        history=tuple(_change(version) for version in versions(found)),
        status_form=form,
        evidence=evidence_rows(measurement(sent) if sent else {}, problems, "measurement."),
        problems=tuple(f"{_label(each.path)}{each.message}" for each in problems),
        edit_url=f"{governance_links.finding_url(*place.at[:2], found.row.number)}/edit" if form else "",
        done_url=done,
    )  # fmt: skip


def _mitigation(row: Mapping[str, Any]) -> str:
    details = (("in", "where"), ("by", "owner"), ("until", "due"), ("verified by", "verified_by_job"))
    more = [f"{word} {row[name]}" for word, name in details if row.get(name)]
    return f"{row['what']} ({', '.join(more)})" if more else str(row["what"])


def _change(version: Any) -> Change:
    body = version.body
    return Change(
        number=version.number,
        by=version.by,
        at=version.at,
        status=str(body.get("status", "open")),
        severity=str(body.get("severity", {}).get("level", "")),
        why=str(body.get("why", "")),
        sha256=version.sha256[:12],
    )
