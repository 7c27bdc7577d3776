"""The reviewer's dossier: all that is known of one commit on one page, to print and to file."""

import datetime as dt
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from hub.accounts.viewer import Viewer
from hub.governance.exports.facts import Facts, at, name_of, said
from hub.governance.exports.gaps import gaps_of
from hub.governance.exports.parts import Measured, evidence_of, groups_of, mitigation_of
from hub.governance.services import papers
from hub.web.pages import licence_view, links, words
from hub.web.pages.repo import Address

_SOURCE = (
    ("Kind", "kind"),
    ("Modality", "modality"),
    ("Size", "size"),
    ("Collected", "collection.method"),
    ("Consent", "consent.basis"),
    ("Personal data", "people.pii"),
    ("Licence", "licence.declared"),
)
_PARTS = {
    "licence": "Licence",
    "data": "Data",
    "review": "Review and intended use",
    "bias": "Bias",
    "tree/main": "Files",
    "evaluations": "Reported results",
    "weights": "Weights",
}


@dataclass(frozen=True)
class Row:
    label: str
    value: str


@dataclass(frozen=True)
class Section:
    """`missing` says what it means that there is nothing."""

    title: str
    rows: tuple[Row, ...]
    missing: str


@dataclass(frozen=True)
class GapGroup:
    """The gaps of one part, with the tab where they can be mended."""

    title: str
    url: str
    gaps: tuple[str, ...]


@dataclass(frozen=True)
class PaperLink:
    label: str
    about: str
    url: str


@dataclass(frozen=True)
class Papers:
    """What stands beside the card."""

    dossier_url: str
    links: tuple[PaperLink, ...]


@dataclass(frozen=True)
class File:
    path: str
    size: str
    sha256: str


@dataclass(frozen=True)
class DossierPage:
    title: str
    name: str
    url: str
    commit: str
    commit_url: str
    digest: str
    key: str
    made_at: dt.datetime
    gaps: tuple[GapGroup, ...]
    gap_count: int
    sections: tuple[Section, ...]
    files: tuple[File, ...]
    papers: tuple[PaperLink, ...]
    verify: str


def build(viewer: Viewer, address: Address, *, origin: str) -> DossierPage:
    facts = papers.facts_of(
        by=viewer, kind=address.kind, owner=address.owner, name=address.name, revision=address.revision, site=origin
    )
    papers.note_reading(by=viewer, facts=facts, paper="dossier")
    where = (facts.kind, facts.name)
    return DossierPage(
        title=f"Dossier · {facts.name}",
        name=facts.name,
        url=links.repo_url(*where),
        commit=facts.commit,
        commit_url=links.commit_url(*where, facts.commit),
        digest=facts.digest,
        key=facts.key_id,
        made_at=facts.made_at,
        gaps=(gaps := _gaps(facts)),
        gap_count=sum(len(each.gaps) for each in gaps),
        sections=_sections(facts),
        files=tuple(File(each.path, words.size(each.size), each.sha256) for each in facts.files),
        papers=papers_at(*where, facts.commit),
        verify="model_signing verify key FOLDER --signature model.sig --public_key hub.pem"
        " --no-ignore-git-paths --allow_symlinks",
    )


def papers_at(kind: str, full_name: str, revision: str) -> tuple[PaperLink, ...]:
    """The papers of a commit, each by its address."""
    at_ = f"{links.repo_url(kind, full_name)}/export/{quote(revision, safe='')}"
    return tuple(PaperLink(each.label, each.about, f"{at_}/{each.id}") for each in papers.formats_of(kind))


def evidence(kind: str, full_name: str, commit: str) -> Papers:
    return Papers(dossier_url(kind, full_name, commit), papers_at(kind, full_name, commit))


def dossier_url(kind: str, full_name: str, revision: str) -> str:
    return f"{links.repo_url(kind, full_name)}/dossier/{quote(revision, safe='')}"


def export(viewer: Viewer, address: Address, form: str, *, origin: str) -> papers.Paper:
    return papers.paper_of(
        by=viewer, kind=address.kind, owner=address.owner, name=address.name, revision=address.revision,
        format=form, site=origin,
    )  # fmt: skip


def _gaps(facts: Facts) -> tuple[GapGroup, ...]:
    """By the tab where each can be mended, in the order in which they were found."""
    found: dict[str, list[str]] = {}
    for gap in gaps_of(facts):
        found.setdefault(gap.part, []).append(gap.what)
    url = partial(links.part_url, facts.kind, facts.name)
    return tuple(GapGroup(_PARTS[part], url(part), tuple(gaps)) for part, gaps in found.items())


def _sections(facts: Facts) -> tuple[Section, ...]:
    return (
        Section("Review", _review(facts), "Nobody reviewed this revision."),
        Section("Licence", _licence(facts), "No licence is known."),
        Section("Origins", _origins(facts), "The card names nothing that it was made from."),
        Section("Data", _data(facts), "No sources are recorded."),
        Section("Bias", _bias(facts), "No finding is recorded: nobody looked, or nobody wrote it down."),
        Section("Intended use", _use(facts), "No use is recorded."),
        Section("Security", _scan(facts), "The files were not scanned to the end."),
        Section("Reported results", _results(facts), "None are reported."),
    )


def _rows(*pairs: tuple[str, str]) -> tuple[Row, ...]:
    return tuple(Row(label, value) for label, value in pairs if value)


def _review(facts: Facts) -> tuple[Row, ...]:
    review = facts.review
    if review is None:
        return ()
    tier = f"{review.tier}" if review.tier else ""
    until = f"{review.expires_at:%-d %B %Y}" if review.expires_at else ""
    heads = (
        ("State", review.state.replace("-", " ").capitalize()),
        ("Tier", tier),
        ("Binding", review.binding),
        ("Expires", until),
    )
    made = tuple(
        (
            each.domain.capitalize() or "Owner's sign-off",
            " ".join((f"{each.state} by {each.by}, {each.at:%-d %B %Y %H:%M} UTC.", each.reason, *each.conditions)),
        )
        for each in review.decisions
    )
    return _rows(*heads, ("Conditions", "; ".join(review.conditions)), *made)


def _licence(facts: Facts) -> tuple[Row, ...]:
    licence = facts.licence
    declared = licence.declared if licence else ", ".join(facts.stated("license"))
    if licence is None:
        return _rows(("Declared", declared))
    return _rows(
        ("Declared", declared),
        ("Concluded", licence.concluded),
        ("Effective", licence_view.effective_words(licence.effective)),
        ("Verdict", licence.verdict),
        ("Found in the files", ", ".join(licence.detected)),
        *(("In the way", fault) for fault in licence.faults),
        *(("Obligation", duty) for duty in licence.obligations),
        ("Notice to pass on", licence.notice),
    )


def _origins(facts: Facts) -> tuple[Row, ...]:
    return _rows(*((each.relation, f"{each.name} {each.revision}".strip()) for each in facts.ancestors))


def _data(facts: Facts) -> tuple[Row, ...]:
    rows: list[tuple[str, str]] = []
    for source in facts.sources or ():
        told = [f"{label}: {value}" for label, path in _SOURCE if (value := said(at(source, path)))]
        rows.append((name_of(source) or "A source", ". ".join(told)))
    complete = f"{facts.completeness:.0%}" if facts.completeness is not None else ""
    return _rows(("Completeness of the record", complete), *rows)


def _bias(facts: Facts) -> tuple[Row, ...]:
    """Each finding with whom it concerns, what was measured and what is done about it."""
    rows: list[tuple[str, str]] = []
    for each in facts.findings or ():
        rows.append((f"{each.id}, inherited" if each.origin else each.id, each.label.partition(": ")[2]))
        rows.append(("Concerns", "; ".join(groups_of(each))))
        rows.append(("Measured", "; ".join(map(_measured, evidence_of(each)))))
        rows.append(("What is done", mitigation_of(each)))
    return _rows(*rows)


def _measured(each: Measured) -> str:
    interval = f", between {each.interval[0]} and {each.interval[1]}" if each.interval else ""
    return f"{each.metric} {each.value}{interval}" + (f" on {each.slice}" if each.slice else "")


def _use(facts: Facts) -> tuple[Row, ...]:
    parts = (("Intended", "intended"), ("Users", "users"), ("Out of scope", "out_of_scope"))
    told = ((label, said(at(facts.use, path))) for label, path in (*parts, ("Do not use for", "do_not_use_for")))
    return _rows(*told)


def _scan(facts: Facts) -> tuple[Row, ...]:
    if facts.scan is None:
        return ()
    counted = f"{facts.scan.clean} of {facts.scan.files} clean"
    heads = (("State", facts.scan.state), ("Worst", facts.scan.worst), ("Files", counted), ("Rules", facts.scan.rules))
    return _rows(*heads, *((verdict, f"{path}: {why}") for path, verdict, why in facts.scan.flagged))


def _results(facts: Facts) -> tuple[Row, ...]:
    return _rows(
        *((f"{each.metric} on {each.dataset}", f"{each.value} {each.split}".strip()) for each in facts.results)
    )
