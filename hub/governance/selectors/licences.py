"""Which licence a revision has, what that asks of whom, and the facts that policy rules read."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo
from hub.governance.canonical import digest
from hub.governance.licences import body
from hub.governance.licences.card import Source, stated
from hub.governance.licences.consumer import Consumer, PullVerdict, pull_verdict, restricted_uses
from hub.governance.licences.expressions import family_in
from hub.governance.licences.judgement import Judgement, judge
from hub.governance.licences.obligations import Obligation
from hub.governance.licences.rules import Fault
from hub.governance.licences.table import Licence, Table, row_of_licence
from hub.governance.models import Revision
from hub.governance.selectors.licence_lineage import edges_of
from hub.governance.selectors.licence_table import current_table, texts_of

_UNEXAMINED = "0" * 64
_COMMERCIAL = ("no", "unknown", "conditional", "yes")


@dataclass(frozen=True)
class TextToAccept:
    """A licence text with a gate. `text_sha256`: of the licence file's bytes, of the text in the table, or, where
    neither is there, of the table's row in canonical JSON."""

    licence: str
    text_sha256: str
    repo_name: str


@dataclass(frozen=True)
class Link:
    """One step of the lineage, for pages: `path` are names from the child upwards."""

    name: str
    kind: str
    relation: str
    licence: str
    depth: int
    is_here: bool
    is_concluded: bool
    settled: str
    repo: int | None


@dataclass(frozen=True)
class LicencePicture:
    """All there is to say on a revision's licence, for one viewer: what they may not see has no name in it."""

    is_examined: bool
    declared: str = ""
    license_name: str = ""
    license_link: str = ""
    detected: tuple[dict[str, Any], ...] = ()
    concluded: str = ""
    concluded_by: str = ""
    concluded_reason: str = ""
    effective: str = ""
    verdict: str = ""
    faults: tuple[Fault, ...] = ()
    settled: tuple[Fault, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    notice_path: str = ""
    notice_text: str = ""
    name_prefix: str = ""
    display_text: str = ""
    lineage: tuple[Link, ...] = ()
    terms: tuple[Licence, ...] = ()
    texts_to_accept: tuple[TextToAccept, ...] = ()
    judgement: Judgement | None = field(default=None, repr=False)

    @property
    def is_contradicted(self) -> bool:
        return any(fault.rule == "L15" for fault in self.faults)

    def verdict_for(self, consumer: Consumer) -> PullVerdict | None:
        """None while nobody examined it."""
        return pull_verdict(self.judgement, consumer) if self.judgement else None


def licence_of(viewer: Viewer, revision: Revision) -> LicencePicture:
    """Raises nothing; what was not examined yet says so."""
    told = _body(revision)
    if told is None:
        return LicencePicture(is_examined=False)
    table = current_table()
    accept = [each.__dict__ for each in _texts(told, table)]
    told = body.masked({**told, "accept": accept}, _hidden(viewer, told["tree"]))
    judged = body.judgement_of(told["judgement"], table)
    concluded = told["concluded"] or {"expression": "", "by": "", "reason": ""}
    return LicencePicture(
        is_examined=True,
        declared=told["declared"],
        license_name=told["license_name"],
        license_link=told["license_link"],
        detected=tuple(told["detected"]),
        concluded=concluded["expression"],
        concluded_by=concluded["by"],
        concluded_reason=concluded["reason"],
        effective=judged.effective.text,
        verdict=judged.verdict,
        faults=judged.faults,
        settled=judged.settled,
        obligations=judged.obligations,
        notice_path=told["notice_path"],
        notice_text=judged.notice,
        name_prefix=next(iter(judged.prefixes), ""),
        display_text=", ".join(judged.displays),
        lineage=tuple(_links(told["tree"])),
        terms=judged.terms,
        texts_to_accept=tuple(TextToAccept(**each) for each in told["accept"]),
        judgement=judged,
    )


def licence_at(viewer: Viewer, repo: Repo, commit: str) -> LicencePicture:
    """As `licence_of`, by the commit; one that has no record yet counts as not examined."""
    rows = Revision.objects.select_related("licence_record")
    revision = rows.filter(repo=repo, commit=commit).first()
    return licence_of(viewer, revision) if revision else LicencePicture(is_examined=False)


def licence_facts(revision: Revision) -> dict[str, Any]:
    """`license` in policy rules; nothing is said of notices and permissiveness of what was not examined."""
    told = _body(revision)
    if told is None:
        return {"declared": "", "detected": [], "concluded": "", "is_known": False, "is_contradicted": False}
    duties = told["judgement"]["obligations"]
    concluded = told["concluded"]["expression"] if told["concluded"] else ""
    rules = {fault["rule"] for fault in told["judgement"]["faults"]}
    return {
        "declared": told["declared"],
        "detected": sorted({each["licence"] for each in told["detected"] if each["licence"]}),
        "concluded": concluded,
        "is_known": "L0" not in rules,
        "is_contradicted": "L15" in rules,
        "is_more_permissive": "L16" in rules,
        "name_fits": "L6" not in rules,
        "notice_complete": not any(duty["code"] == "notice" and duty["is_met"] is False for duty in duties),
    }


def lineage_facts(revision: Revision) -> dict[str, Any]:
    """`lineage` in policy rules; nothing is known of what was not examined."""
    told = _body(revision)
    if told is None:
        return _NOTHING_KNOWN | {
            "texts_to_accept": [],
            "excluded_territories": [],
            "use_restriction_codes": [],
            "rules": [],
        }
    table = current_table()
    judged = body.judgement_of(told["judgement"], table)
    terms = judged.terms
    ending = [each for each in terms if not each.limits_only_display]
    return {
        "verdict": judged.verdict,
        "effective": judged.effective.expression,
        "commercial": min((each.commercial_use for each in terms), key=_COMMERCIAL.index, default="unknown"),
        "min_mau_limit": _least(each.mau_limit for each in ending),
        "min_revenue_limit": _least(each.revenue_limit_usd for each in ending),
        "excluded_territories": sorted({name for each in terms for name in each.excluded_territories(judged.modality)}),
        "network_copyleft": any(each.share_alike == "network" for each in terms),
        "use_restriction_codes": sorted({code for each in terms for code in restricted_uses(each)}),
        "required_prefix": next(iter(judged.prefixes), ""),
        "texts_to_accept": [{"licence": each.licence, "sha256": each.text_sha256} for each in _texts(told, table)],
        "rules": sorted({fault.rule for fault in judged.faults if fault.verdict != "OK"}),
    }


def licence_digest(revision: Revision) -> str:
    """This domain's share of what an approval is bound to."""
    record = revision.licence_record
    return record.sha256 if record else _UNEXAMINED


def judge_derivative(
    viewer: Viewer,
    base: str,
    relation: str,
    datasets: Iterable[str],
    licence: str,
    name: str,
) -> Judgement:
    """What the rules would say of something made so: before a fine-tune is ordered, or a card is written.

    `base` and `datasets` are names (`owner/name`); those that the viewer may not see count as unknown.
    """
    sources = [Source("model", relation, base)] if base else []
    sources += [Source("dataset", "trained-on", each) for each in datasets]
    tree = body.tree(name, "model", licence, edges=edges_of(viewer, tuple(sources)))
    return judge(body.node_of(tree, current_table()), has_notice=True)


def card_warnings(viewer: Viewer, kind: str, metadata: dict[str, Any], name: str = "") -> tuple[tuple[str, str], ...]:
    """(field of the metadata, what to mend) for a card that isn't committed yet; `name` of the repository, if known.

    What the files alone can tell (notices, the licence file) is left to the examination of the commit.
    """
    table = current_table()
    said = stated(kind, metadata, [], table)
    family = family_in(said.declared, table)
    own = [("license", f"{family.id} names a family of licences: {family.note}.")] if family else []
    if not said.sources or not said.declared:
        return tuple(own)
    tree = body.tree(name or "this", kind, said.declared, edges=edges_of(viewer, said.sources))
    judged = judge(body.node_of(tree, table), has_notice=True, modality=said.modality)
    faults = (
        each for each in judged.faults if each.verdict != "OK" and each.rule not in ("L16", "L6" if not name else "")
    )
    own += [("license", f"{each.clause} {each.mend}") for each in faults if len(each.edge) > 1]
    return tuple(dict.fromkeys(own))


_NOTHING_KNOWN: dict[str, Any] = {
    "verdict": "REVIEW",
    "effective": "NOASSERTION",
    "commercial": "unknown",
    "min_mau_limit": None,
    "min_revenue_limit": None,
    "network_copyleft": False,
    "required_prefix": "",
}


def _body(revision: Revision) -> dict[str, Any] | None:
    return revision.licence_record.body if revision.licence_record else None


def _hidden(viewer: Viewer, tree: body.Tree) -> set[str]:
    """The names stand in the tree as they were when it was written."""
    above = {each["repo"]: each["name"] for each in body.walk(tree) if each["repo"] and each["repo"] != tree["repo"]}
    if not above:
        return set()
    seen = set(Repo.objects.visible_to(viewer).filter(pk__in=above).values_list("pk", flat=True))
    return {each["name"] for each in body.walk(tree) if each["repo"] in above.keys() - seen}


def _links(tree: body.Tree, depth: int = 1) -> Iterable[Link]:
    for each in tree["edges"]:
        node = each["node"]
        yield Link(
            name=node["name"],
            kind=node["kind"],
            relation=each["relation"],
            licence=node["licence"],
            depth=depth,
            is_here=node["repo"] is not None,
            is_concluded=node["concluded"],
            settled=node["settled"],
            repo=node["repo"],
        )
        yield from _links(node, depth + 1)


def _texts(told: dict[str, Any], table: Table) -> tuple[TextToAccept, ...]:
    gated = [each for each in map(table.get, told["judgement"]["terms"]) if each.needs_acceptance]
    if not gated:
        return ()
    kept = texts_of({each.id for each in gated})
    holders = {fault["licence"]: fault["holder"] for fault in told["judgement"]["obligations"]}
    return tuple(_text(each, told, kept, holders.get(each.id, told["tree"]["name"])) for each in gated)


def _text(licence: Licence, told: dict[str, Any], kept: dict[str, str], holder: str) -> TextToAccept:
    files = (each["sha256"] for each in told["detected"] if each["licence"] == licence.base_id)
    if (found := next(files, "")) or not (text := kept.get(licence.id)):
        sha256 = found or digest(row_of_licence(licence))
    else:
        sha256 = digest(text)
    return TextToAccept(licence.id, sha256, holder)


def _least(values: Iterable[int | None]) -> int | None:
    return min((value for value in values if value is not None), default=None)
