"""The evidence that a reviewer decides on: licence, data, bias and security, each with the way to all of it."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from hub.governance.records.data import BY_PATH, GROUPS
from hub.governance.selectors.review_evidence import Evidence
from hub.governance.selectors.review_screen import Screen
from hub.web.pages import gaps, licence_view, links, register, repo, words

MOST = 12
_VERDICTS = {"OK": "ok", "NEEDS_ATTRIBUTION": "warn", "REVIEW": "warn", "CONFLICT": "bad"}
_MARKS = {"OK": "fits", "NEEDS_ATTRIBUTION": "needs attribution", "REVIEW": "unclear", "CONFLICT": "conflict"}
_SCANS = {"clean": "ok", "suspicious": "warn", "unsupported": "bad", "error": "bad", "malicious": "bad"}
_SEVERITIES = {"critical": "bad", "high": "bad", "medium": "warn"}


@dataclass(frozen=True)
class Fact:
    label: str
    text: str


@dataclass(frozen=True)
class Line:
    """One thing that speaks for or against: a fault of the licence, a finding, a file."""

    mark: str
    tone: str
    text: str
    url: str = ""
    more: str = ""
    # Its interval, drawn as on the Bias tab.
    measured: register.Measured | None = None


@dataclass(frozen=True)
class Meter:
    label: str
    value: float
    text: str
    tone: str


@dataclass(frozen=True)
class Block:
    """One domain's evidence. `pending` says what is not there yet; then nothing else is claimed."""

    domain: str
    title: str
    mark: str
    tone: str
    pending: str
    facts: tuple[Fact, ...]
    lines: tuple[Line, ...]
    left: str
    none: str
    url: str
    link_label: str
    meter: Meter | None = None
    text: str = ""
    text_label: str = ""
    users: tuple[licence_view.UserRow, ...] = ()


def build(place: repo.Place, screen: Screen, evidence: Evidence) -> tuple[Block, ...]:
    return (
        _licence(place, evidence),
        _data(place, evidence),
        _bias(place, evidence),
        _security(place, screen, evidence),
    )


def _licence(place: repo.Place, evidence: Evidence) -> Block:
    """Declared, found and effective; the edge that breaks with its clause; what is to be done, and whether it is."""
    found = evidence.licence
    faults = tuple(_fault(each) for each in found.faults) if found else ()
    duties = tuple(_duty(each) for each in found.obligations) if found else ()
    lines = (*faults, *duties)
    return Block(
        domain="licence",
        title="Licence",
        mark=_MARKS.get(found.verdict, found.verdict) if found else "",
        tone=_VERDICTS.get(found.verdict, "") if found else "",
        pending="" if found else "Its licence was not examined yet.",
        facts=_terms(found) if found else (),
        lines=lines[:MOST],
        left=_left(len(lines)),
        none="No clause is broken by what it was made from, and nothing is asked for.",
        url=links.part_url(*place.at[:2], "licence"),
        link_label="Licence in full, with every ancestor",
        text=found.notice_text if found else "",
        text_label="NOTICE that these licences ask for",
        users=licence_view.users_of(found) if found else (),
    )


def _terms(found: Any) -> tuple[Fact, ...]:
    return _facts(
        ("Declared", found.declared or "nothing"),
        ("Found in the files", _listed(each["licence"] or "a text that nobody knows" for each in found.detected)),
        ("Concluded", f"{found.concluded}, by {found.concluded_by}" if found.concluded else ""),
        ("With all that it was made from", licence_view.effective_words(found.effective)),
    )


def _fault(each: Any) -> Line:
    """The edge that breaks, the clause that it breaks, and what would mend it."""
    edge = " → ".join(each.edge)
    more = f"{edge}: {each.licence}. {each.mend}" if edge else str(each.mend)
    return Line(each.rule, _VERDICTS.get(each.verdict, "warn"), each.clause, more=more)


def _duty(each: Any) -> Line:
    said = {True: ("done", "ok"), False: ("to do", "bad"), None: ("duty", "")}
    more = ", for ".join(filter(None, (each.licence, each.holder))) if each.holder else ""
    return Line(*said[each.is_met], each.text, more=more)


def _questions(paths: Iterable[str]) -> list[str]:
    """The questions at these paths, in words; one that several sources leave open stands once, with how many do."""
    counted = Counter(f"{GROUPS[BY_PATH[path].group][0]}: {BY_PATH[path].label}" for path in paths if path in BY_PATH)
    return [f"{text} ({count} sources)" if count > 1 else text for text, count in counted.items()]


def _data(place: repo.Place, evidence: Evidence) -> Block:
    found, record = evidence.data, evidence.revision.data_record
    share = float(found.get("completeness") or 0)
    body = record.body if record else {}
    unknown = [Line("unknown", "warn", each) for each in _questions(found.get("unknown", ()))]
    missing = [Line("missing", "bad", gaps.named(str(each), body)) for each in found.get("missing", ())]
    lines = (*unknown, *missing)
    return Block(
        domain="data",
        title="Data",
        mark=f"{share:.0%} stated",
        tone="ok" if share >= 0.7 else "warn",
        pending="" if record else "Nothing is recorded of its data.",
        facts=_facts(
            ("Sources by kind", _kinds(body)),
            ("Personal data", str(found.get("pii") or "unknown")),
            ("Record", f"version {record.number}, from {record.source}, by {record.by}" if record else ""),
        ),
        lines=lines[:MOST],
        left=_left(len(lines)),
        none="Every question has an answer." if share >= 1 else "What nobody answered is on its page.",
        url=links.part_url(*place.at[:2], "data"),
        link_label="The record, source by source",
        meter=Meter("Stated", share, f"{share:.0%}", "" if share >= 0.7 else "warn") if record else None,
    )


def _kinds(body: Mapping[str, Any]) -> str:
    """How many sources came about in which way."""
    counts = Counter(str(source.get("kind") or "not stated") for source in body.get("training_data", ()))
    return ", ".join(f"{count} {kind}" for kind, count in counts.most_common())


def _bias(place: repo.Place, evidence: Evidence) -> Block:
    found, findings = evidence.bias, evidence.findings
    missing = [Line("suite missing", "bad", str(each)) for each in found.get("suites_missing", ())]
    named = tuple(_finding(place, each) for each in findings)
    worst = findings[0].row.get_severity_display().lower() if findings else ""
    return Block(
        domain="bias",
        title="Bias",
        mark=f"worst open: {worst}" if worst else "no open finding",
        tone="bad" if found.get("open_critical") or found.get("open_high") else "warn" if worst else "",
        pending="",
        facts=_facts(
            ("Open findings", f"{int(found.get('open') or 0):,}"),
            ("Suites that ran", _listed(found.get("suites", ())) or "none"),
            ("Not for you to read", words.plural(evidence.withheld, "finding") if evidence.withheld else ""),
        ),
        lines=(*missing, *named)[:MOST],
        left=_left(len(missing) + len(named)),
        none="No finding is open. That nobody looked is not that there is none.",
        url=links.part_url(*place.at[:2], "bias"),
        link_label="All findings, with gaps and intervals",
    )


def _security(place: repo.Place, screen: Screen, evidence: Evidence) -> Block:
    scan, facts = screen.scan, evidence.scan
    is_done = bool(scan and scan.finished_at)
    files = scan.files if scan else {}
    lines = tuple(_file(place, path, told[0], told[-1]) for path, told in files.items())
    counts = scan.summary if scan else {}
    signed = (
        f"{screen.signature.subject_sha256[:12]}, by key {screen.signature.key_id[:12]}" if screen.signature else ""
    )
    return Block(
        domain="security",
        title="Security",
        mark=_scan_words(scan),
        tone=_SCANS.get(scan.worst, "") if scan else "",
        pending="" if is_done else "Its files were not all read yet.",
        facts=_facts(
            ("Files read", f"{counts.get('clean', 0):,} of {counts.get('files', 0):,} clean"),
            ("Rules", scan.rules if scan else ""),
            ("Read", _date(scan.finished_at) if scan else ""),
            ("Pickle", "yes" if facts.get("has_pickle") else "no"),
            ("Runs code of its own", "yes" if facts.get("executes_code") else "no"),
            ("Code", _listed(list(counts.get("code") or ()))),
            ("Signature", signed or "none yet"),
        ),
        lines=lines[:MOST],
        left=_left(len(lines)),
        none="Every file is clean.",
        url=links.tree_url(*place.at[:2], screen.revision.commit),
        link_label="All files with their verdicts",
    )


def _finding(place: repo.Place, each: Any) -> Line:
    """An inherited one is named by where it comes from, unless that is not for the viewer."""
    row, severity = each.row, each.row.get_severity_display().lower()
    if each.is_inherited:
        of = each.repo.full_name if each.repo else "a private repository"
        return Line(severity, _SEVERITIES.get(row.severity, ""), row.title or "Not for you to read", more=f"from {of}")
    url = f"{links.part_url(*place.at[:2], 'bias')}/{row.number}"
    measured = next(iter(register.measured_of(each.body)), None)
    title = f"BN-{row.number:04} {row.title}"
    return Line(severity, _SEVERITIES.get(row.severity, ""), title, url, row.get_kind_display().lower(), measured)


def _file(place: repo.Place, path: str, verdict: str, reason: str) -> Line:
    url = links.file_url(*place.at[:2], place.revision.commit, path)
    return Line(str(verdict), _SCANS.get(str(verdict), "warn"), path, url, str(reason))


def _scan_words(scan: Any) -> str:
    return "not read yet" if scan is None or not scan.finished_at else scan.worst or "clean"


def _facts(*pairs: tuple[str, str]) -> tuple[Fact, ...]:
    return tuple(Fact(label, text) for label, text in pairs if text)


def _listed(values: Iterable[Any]) -> str:
    items = list(values)
    return ", ".join(str(item) for item in items[:MOST]) + (" …" if len(items) > MOST else "")


def _left(count: int) -> str:
    return f"and {count - MOST:,} more" if count > MOST else ""


def _date(moment: dt.datetime | None) -> str:
    return words.ago(moment) if moment else ""
