"""File bias findings, follow them up, and write down how grave the worst one is."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from hub.accounts.viewer import Viewer
from hub.audit.services import record as log
from hub.catalog.models import Repo
from hub.catalog.permissions import check_read, check_write, may_write
from hub.catalog.services.events import changed
from hub.catalog.services.records import subject_of
from hub.core.errors import NotSignedIn
from hub.core.tasks import enqueue
from hub.core.transactions import write_transaction
from hub.governance.canonical import digest
from hub.governance.errors import NotClosable
from hub.governance.models import Domain, Finding, FindingVersion, Revision
from hub.governance.permissions import check_reviewer, domains_of, may_file
from hub.governance.records import card, severity
from hub.governance.records import evidence as measurements
from hub.governance.records import finding as notes
from hub.governance.records.schema import Problem
from hub.governance.selectors.cards import metadata_at
from hub.governance.selectors.findings import FindingAt, find_finding, live_waivers, open_findings, thresholds, worst_of
from hub.governance.selectors.kin import descendants_of
from hub.governance.selectors.records import head_of, is_head
from hub.governance.services import evidence, records

_MEASURED = Finding.Kind.MEASURED
_HELD = ("status", "accepted", "closing", "duplicate_of", "why")


def file(*, by: Viewer, repo: Repo, kind: str, body: Any, refutes: Finding | None = None) -> Finding:
    """Before: who may push, or a reviewer of bias, found something at main's head. After: it is numbered and open, the
    repository and what was made from it show it.

    A measured one is filed by reviewers and jobs alone and needs its evidence whole. With `refutes` (measured only)
    it stands against an inherited finding on the same suite, which no longer holds here when no threshold is reached.
    """
    _check_author(by, repo, is_measured=kind == _MEASURED)
    value = _value(body, kind)
    revision = records.head(repo, by=by.name or "system")
    if refutes is not None:
        _check_refuting(repo, refutes, kind, value)
    with write_transaction():
        made = _create(revision, kind, value, by=by.name or "system", refutes=refutes)
        _follow(made, revision, by=by.name or "system", what=f"{_label(made)} was filed")
    return made


def file_by_job(*, revision: Revision, body: Mapping[str, Any], job: str) -> Finding:
    """Before: a job of this hub measured a bias of this revision, whose evidence names the job. After: it is filed as
    measured, open, for the reviewers; where one of that title and suite stands open, the measurement is added to it.

    Who may have a job's findings filed is for the caller to decide. What this job measured before isn't filed again.
    Raises `InvalidRecord` where evidence is missing.
    """
    value = _value(body, _MEASURED)
    with write_transaction():
        Revision.objects.select_for_update(of=("self",)).get(pk=revision.pk)
        same = _same(revision, value)
        if same is not None and job in {item.get("job") for item in same.body["evidence"]}:
            return same.row
        made = _added(same, value) if same else _create(revision, _MEASURED, value, by="system", refutes=None)
        _follow(made, revision, by="system", what=f"{_label(made)} was measured by {job}")
    return made


def _same(revision: Revision, value: Mapping[str, Any]) -> FindingAt | None:
    """An open, measured finding of this repository that says the same by the same suite."""
    suites = measurements.suites(value)
    for each in open_findings(revision.repo):
        is_alike = each.row.kind == _MEASURED and not each.is_inherited and each.row.title == value["title"][:300]
        has_room = len(each.body.get("evidence", [])) + len(value["evidence"]) <= measurements.MAX_EVIDENCE
        if is_alike and has_room and measurements.suites(each.body) == suites:
            return each
    return None


def _added(found: FindingAt, value: Mapping[str, Any]) -> Finding:
    """It stays at least as grave as it was."""
    together = [*found.body["evidence"], *value["evidence"]]
    return _version(found.row, notes.graded({**found.body, "evidence": together}, thresholds()), by="system")


def edit(*, by: Viewer, repo: Repo, number: int, body: Any, why: str = "") -> Finding:
    """Before: what a finding says is wrong or too little. After: it has a new version; the earlier ones stay.

    What kind it is never changes, and of a measured one measurements may be added, not changed. To lower a severity
    takes a reviewer of bias.
    """
    found = find_finding(by, repo, number)
    _check_author(by, repo)
    value = _value(body, found.row.kind)
    _check_evidence_kept(found, value)
    if severity.rank(value["severity"]["level"]) < severity.rank(found.row.severity):
        check_reviewer(by, Domain.BIAS)
    held = {name: found.body[name] for name in _HELD if name in found.body}
    return _written(found, {**value, **held, "why": why}, by=by, what="was edited")


def set_status(
    *,
    by: Viewer,
    repo: Repo,
    number: int,
    status: str,
    why: str,
    measurement: Any = None,
    waiver: int | None = None,
    duplicate_of: int | None = None,
) -> Finding:
    """Before: a finding stands somewhere. After: it stands there, with the reason.

    To close one takes a reviewer of bias. Raises `NotClosable`: a risk is accepted by a waiver that holds; a measured
    finding is mitigated or refuted by a newer measurement on the same suite, and by nothing else.
    """
    found = find_finding(by, repo, number)
    _check_author(by, repo)
    _check_status(status, why)
    if status in notes.CLOSED or found.row.status in notes.CLOSED:
        check_reviewer(by, Domain.BIAS)
    body = {name: item for name, item in found.body.items() if name not in _HELD}
    if status == Finding.Status.ACCEPTED:
        body["accepted"] = {"waiver": _waiver(repo, waiver)}
    elif status == Finding.Status.DUPLICATE:
        body["duplicate_of"] = _original(found, duplicate_of)
    elif status in notes.CLOSED and found.row.kind == _MEASURED:
        body["evidence"] = [*body["evidence"], _closing(found, status, measurement)]
    return _written(found, {**body, "status": status, "why": why}, by=by, what=f"is {status} now", status=status)


def _check_author(by: Viewer, repo: Repo, *, is_measured: bool = False) -> None:
    """Who may push may note what was reported; a measurement is a reviewer's to enter, or a job's."""
    check_read(by, repo)
    if by.user is None and not by.is_admin and not may_write(by, repo):
        raise NotSignedIn("Sign in to file a finding.")
    if is_measured and not may_file_measured(by):
        check_reviewer(by, Domain.BIAS)
    if Domain.BIAS not in domains_of(by):
        check_write(by, repo)


def may_file_measured(by: Viewer) -> bool:
    return by.is_admin or Domain.BIAS in domains_of(by)


def check_may_file(by: Viewer, repo: Repo) -> None:
    """Raises `RepoNotFound`, `NotSignedIn`, `NotAllowed`."""
    check_read(by, repo)
    if not may_file(by, repo):
        check_write(by, repo)


def _value(body: Any, kind: str) -> dict[str, Any]:
    if kind not in Finding.Kind.values:
        records.check([Problem("kind", f"is one of {', '.join(Finding.Kind.values)}.")])
    given = {name: item for name, item in body.items() if name not in _HELD} if isinstance(body, Mapping) else body
    value, problems = notes.checked(given, kind=kind)
    records.check(problems)
    return notes.graded(value, thresholds())


def _check_refuting(repo: Repo, refutes: Finding, kind: str, value: Mapping[str, Any]) -> None:
    """Raises `NotClosable` unless this is a measurement on its suite that reaches no threshold."""
    inherited = {each.row.pk: each for each in open_findings(repo) if each.is_inherited}
    if refutes.pk not in inherited or kind != _MEASURED:
        raise NotClosable("Only a measurement of this repository refutes a finding that it inherits.")
    suites = measurements.suites(inherited[refutes.pk].body)
    if suites and not suites & measurements.suites(value):
        raise NotClosable(f"It was found with {', '.join(sorted(suites))}: measure it with that suite.")
    if severity.rank(max((severity.judged(item, thresholds()).level for item in value["evidence"]),
                         key=severity.rank)) > 0:  # fmt: skip
        raise NotClosable("The measurement reaches a threshold itself, so it refutes nothing.")


def _check_evidence_kept(found: FindingAt, value: Mapping[str, Any]) -> None:
    before = found.body.get("evidence", [])
    if found.row.kind == _MEASURED and value["evidence"][: len(before)] != before:
        raise NotClosable("Measurements are added to a measured finding, never changed: file what is new after them.")


def _check_status(status: str, why: str) -> None:
    if status not in Finding.Status.values:
        records.check([Problem("status", f"is one of {', '.join(Finding.Status.values)}.")])
    if not why.strip():
        records.check([Problem("why", "is missing: say why it stands there now.")])


def _waiver(repo: Repo, waiver: int | None) -> int:
    if waiver is None or waiver not in live_waivers([repo.pk]):
        raise NotClosable("To accept a risk takes a waiver of this repository that is granted and not over.")
    return waiver


def _original(found: FindingAt, number: int | None) -> int:
    if found.row.kind == _MEASURED:
        raise NotClosable
    others = Finding.objects.filter(repo=found.row.repo_id).exclude(pk=found.row.pk)
    if number is None or not others.filter(number=number).exists():
        raise NotClosable("Say which other finding of this repository says the same.")
    return number


def _closing(found: FindingAt, status: str, measurement: Any) -> dict[str, Any]:
    """The measurement that closes a measured finding: on its suite, by another job, and better than what was found."""
    if not isinstance(measurement, Mapping):
        raise NotClosable
    records.check(Problem(f"measurement.{path}", said) for path, said in measurements.lacking(measurement))
    if measurements.suite_of(measurement) not in measurements.suites(found.body):
        raise NotClosable(
            f"It was measured with {', '.join(sorted(measurements.suites(found.body)))}: use that suite again."
        )
    if measurement["job"] in {item["job"] for item in found.body["evidence"]}:
        raise NotClosable("That is the measurement which found it. It takes a newer one.")
    said = severity.judged(measurement, thresholds())
    least = severity.rank(found.row.severity) if status == Finding.Status.MITIGATED else 1
    if severity.rank(said.level) >= max(least, 1):
        raise NotClosable(f"The new measurement is {said.level} itself: {said.why}.")
    return dict(measurement)


def _create(revision: Revision, kind: str, value: dict[str, Any], *, by: str, refutes: Finding | None) -> Finding:
    last = Finding.objects.select_for_update().filter(repo=revision.repo_id).order_by("-number").first()
    row = Finding(
        repo_id=revision.repo_id, number=last.number + 1 if last else 1, commit=revision.commit, kind=kind,
        refutes=refutes, status=Finding.Status.REFUTED if refutes else Finding.Status.OPEN,
    )  # fmt: skip
    return _version(row, {**value, "status": row.status}, by=by)


def _version(row: Finding, body: dict[str, Any], *, by: str) -> Finding:
    """The columns repeat what the newest version says."""
    row.title, row.severity = body["title"][:300], body["severity"]["level"]
    row.owner = str(body.get("owner", ""))[:96]
    due = str(body.get("review_on", ""))
    row.review_on = dt.date.fromisoformat(due) if len(due) == 10 else None
    row.save()
    last = FindingVersion.objects.filter(finding=row).order_by("-number").first()
    number = last.number + 1 if last else 1
    FindingVersion.objects.create(finding=row, number=number, body=body, sha256=digest(body), by=by)
    return row


def _written(found: FindingAt, body: dict[str, Any], *, by: Viewer, what: str, status: str = "") -> Finding:
    revision = records.head(found.row.repo, by=by.name or "system")
    with write_transaction():
        row = Finding.objects.select_for_update(of=("self",)).select_related("repo__owner").get(pk=found.row.pk)
        row.status = status or row.status
        _version(row, body, by=by.name or "system")
        _follow(row, revision, by=by.name or "system", what=f"{_label(row)} {what}")
    return row


def _label(row: Finding) -> str:
    return f"BN-{row.number:04}"


def _follow(row: Finding, revision: Revision, *, by: str, what: str) -> None:
    """What a change of a finding brings with it. Inside the caller's transaction; the log comes last."""
    _write_down(revision.repo)
    for each in Revision.objects.filter(repo=revision.repo_id, state__in=("approved", "conditional")):
        evidence.changed(each, [Domain.BIAS], by=by, what=what)
    if revision.state not in ("approved", "conditional"):
        evidence.changed(revision, [Domain.BIAS], by=by, what=what)
    enqueue("governance.finding_inherited", repo=revision.repo_id, what=f"{what} upstream")
    log(by=by, action="finding.change", subject=subject_of(revision.repo, revision.commit),
        finding=_label(row), severity=row.severity, status=row.status, what=what)  # fmt: skip


def _write_down(repo: Repo) -> bool:
    """Whether the worst open finding of main's head is another one now. Inside the caller's transaction."""
    worst = worst_of(open_findings(head_of(repo) or repo))
    is_new = bool(Repo.objects.filter(pk=repo.pk).exclude(bias_severity=worst).update(bias_severity=worst))
    if is_new:
        changed(repo.pk)
    return is_new


def inherited(*, repo_id: int, what: str) -> int:
    """Before: a finding of a repository changed. After: all that was made from it shows that; how many do.

    Each in its own transaction, so that none waits for all; those that were approved are looked at again.
    """
    repo = Repo.objects.select_related("owner").filter(pk=repo_id).first()
    if repo is None:
        return 0
    kin = descendants_of(repo)
    for pk in kin.parents:
        with write_transaction():
            _write_down(kin.repos[pk])
            for revision in Revision.objects.filter(repo=pk, state__in=("approved", "conditional", "in-review")):
                evidence.changed(revision, [Domain.BIAS], by="system", what=what)
    return len(kin.parents)


def examine(revision: Revision) -> None:
    """Before: a commit. After: what its card says of itself is noted as reported, ungraded, once; and the worst
    finding, inherited ones too, is written down."""
    stated = card.known_biases(metadata_at(revision))
    with write_transaction():
        known = set(Finding.objects.filter(repo=revision.repo_id).values_list("title", flat=True))
        for quote in stated:
            if quote["text"][:300] not in known:
                known.add(quote["text"][:300])
                _create(revision, Finding.Kind.REPORTED, _quoted(quote), by="system", refutes=None)
        if is_head(revision):
            _write_down(revision.repo)


def _quoted(quote: Mapping[str, str]) -> dict[str, Any]:
    said = {"title": quote["text"], "source": quote.get("source", ""), "evidence": [],
            "severity": {"level": "info", "why": "not graded yet"}}  # fmt: skip
    return {name: item for name, item in said.items() if item != ""}
