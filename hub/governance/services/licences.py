"""Examine the licence of a revision, conclude it, and keep the table of licences."""

from collections.abc import Callable
from typing import Any

from hub.accounts.viewer import Viewer
from hub.audit.services import record
from hub.catalog.models import MAIN, Ancestor, Ref, Repo, RepoRedirect
from hub.catalog.services.records import subject_of
from hub.core.errors import InvalidInput
from hub.core.tasks import enqueue
from hub.core.transactions import write_transaction
from hub.governance.canonical import digest
from hub.governance.errors import RevisionNotReviewed, SeparationOfDuties
from hub.governance.licences import body, detect
from hub.governance.licences.expressions import normalised
from hub.governance.licences.judgement import judge
from hub.governance.licences.table import COLUMNS, NO_ASSERTION, Licence, Table, licence_of_row, row_of_licence
from hub.governance.models import Domain, LicenceVersion, Record, Revision
from hub.governance.permissions import check_governor, check_reviewer
from hub.governance.selectors.licence_lineage import Found, found_at, tree_of
from hub.governance.selectors.licence_table import current_table
from hub.governance.selectors.reviews import authors_of
from hub.governance.services import evidence

SYSTEM = "system"
# A licence's row says what may be held against somebody: these words only.
WORDS = {
    "commercial_use": ("yes", "conditional", "no", "unknown"),
    "derivatives": ("yes", "private_only", "research", "no", "unknown"),
    "redistribution": ("yes", "conditional", "research", "no", "unknown"),
    "share_alike": ("none", "file", "library", "work", "network", "data", "unknown"),
    "attribution": ("none", "source-only", "notice", "notice+display", "unknown"),
    "pass_through": ("no", "use_restrictions", "full_agreement"),
    "output_training": (
        "free",
        "named",
        "display",
        "same_family",
        "derivative",
        "no_competing",
        "nc",
        "prohibited",
        "not_addressed",
    ),
    "data_to_model_effect": (
        "none",
        "attribution",
        "share_alike_uncertain",
        "nc",
        "nd_uncertain",
        "use_restrictions",
        "derivative",
        "named",
        "display",
        "same_family",
        "no_competing",
        "unknown",
    ),
    "patent": ("express", "implied", "excluded", "none", "unknown"),
    "typical_gate": ("none", "click", "approval"),
    "confidence": ("high", "medium", "low"),
}
_MAX_TEXT = 300_000
_MAX_FIELD = 1_000


def examine(revision: Revision) -> None:
    """Before: a commit's card and files. After: a licence record that says what they mean; a reviewer's conclusion
    is carried on where nothing that it rested on has changed. Run again, it writes only what is new."""
    table = current_table()
    before = revision.licence_record or (revision.previous.licence_record if revision.previous else None)
    told = _examined(revision, found_at(revision, table), table, before)
    if _hold(revision, told, by=SYSTEM, source=SYSTEM):
        revision.refresh_from_db(fields=["licence_record"])


def conclude(*, by: Viewer, revision: Revision, expression: str, reason: str) -> Record:
    """A licence reviewer states which licence holds: an SPDX expression, or nothing to take a conclusion back.

    Not whoever uploaded it or wrote a commit of it. Questions that the law leaves open are settled by it; a licence
    that is broken stays so.
    """
    check_reviewer(by, Domain.LICENCE)
    if by.name in authors_of(revision):
        raise SeparationOfDuties("You brought this revision, so another licence reviewer concludes its licence.")
    if not reason.strip():
        raise InvalidInput("Say why this licence holds: what you read, and where.")
    if revision.licence_record is None:
        raise RevisionNotReviewed("Its licence has not been read yet. Wait for the examination to end.")
    table = current_table()
    concluded = _concluded(by, expression, reason, table)
    told = {**revision.licence_record.body, "concluded": concluded}
    if concluded:
        told |= {"tree": body.compared(told["tree"], {}), "texts": body.texts_of(told["tree"])}
    told |= _judged(told, found_at(revision, table), table)
    action = "licence.conclude" if concluded else "licence.conclusion_withdraw"
    _hold(revision, told, by=by.name, source="form", action=action)
    revision.refresh_from_db(fields=["licence_record"])
    if revision.licence_record is None:
        raise RevisionNotReviewed
    return revision.licence_record


def conclude_at(*, by: Viewer, repo: Repo, commit: str, expression: str, reason: str) -> Record:
    """As `conclude`, by the commit. Raises `RevisionNotReviewed` where it has no record."""
    rows = Revision.objects.select_related("repo__owner", "licence_record")
    revision = rows.filter(repo=repo, commit=commit).first()
    if revision is None:
        check_reviewer(by, Domain.LICENCE)
        raise RevisionNotReviewed("This commit has not been examined yet. Wait for the examination to end.")
    return conclude(by=by, revision=revision, expression=expression, reason=reason)


def set_licence(*, by: Viewer, properties: dict[str, str], text: str = "", reason: str) -> LicenceVersion:
    """Add a licence to the table, or correct one; the earlier versions stay. All that it reaches is judged anew."""
    check_governor(by, "change the table of licences")
    licence = _checked(properties)
    if not reason.strip():
        raise InvalidInput("Say why: the source that was read, and what was wrong.")
    with write_transaction():
        number = LicenceVersion.objects.filter(licence=licence.id).count() + 1
        version = LicenceVersion.objects.create(
            licence=licence.id,
            number=number,
            properties=row_of_licence(licence),
            text=text[:_MAX_TEXT],
            text_sha256=detect.fingerprint("", text).sha256 if text.strip() else "",
            by=by.name,
            reason=reason.strip(),
        )
        record(by=by.name, action="licence.set", subject=f"licences/{licence.id}", number=number, reason=reason.strip())
        enqueue("governance.licence_changed", licence=licence.id)
    return version


def spread(repo_id: int) -> int:
    """Judge anew the heads of what names this repository as something that it was made from; how many there are.

    Each whose record changes tells its own descendants; where none changes, it ends.
    """
    repo = Repo.objects.filter(pk=repo_id).first()
    if repo is None:
        return 0
    names = [repo.key, *RepoRedirect.objects.filter(repo=repo).values_list("key", flat=True)]
    children = Ancestor.objects.filter(kind=repo.kind, key__in=names).exclude(repo=repo).values("repo")
    return _examine_heads(Ref.objects.filter(repo__in=children, name=MAIN))


def follow_table(licence: str) -> int:
    """Judge anew every head whose record names that licence, or an unknown one that it may be now."""
    heads = Ref.objects.filter(name=MAIN, repo__revisions__licence_record__isnull=False).distinct()
    return _examine_heads(heads, lambda told: licence in _named(told) or told["judgement"]["verdict"] == "REVIEW")


def _examine_heads(refs: Any, wanted: Callable[[dict[str, Any]], bool] | None = None) -> int:
    count = 0
    for repo, commit in refs.values_list("repo", "target"):
        rows = Revision.objects.select_related("repo__owner", "previous__licence_record", "licence_record")
        revision = rows.filter(repo=repo, commit=commit, licence_record__isnull=False).first()
        if revision and revision.licence_record and (wanted is None or wanted(revision.licence_record.body)):
            examine(revision)
            count += 1
    return count


def _examined(revision: Revision, found: Found, table: Table, before: Record | None) -> dict[str, Any]:
    said = found.stated
    told: dict[str, Any] = {
        "declared": said.declared,
        "license_name": said.name,
        "license_link": said.link,
        "modality": said.modality,
        "detected": list(found.detected),
        "notice_path": found.notice_path,
        "tree": tree_of(revision.repo, said),
        "concluded": None,
    }
    approved = before.body.get("texts", {}) if before else {}
    told["tree"] = body.compared(told["tree"], approved)
    told["texts"] = {**body.texts_of(told["tree"]), **approved}
    if before is not None and before.body["concluded"] and _rests_on(before.body) == _rests_on(told):
        told["concluded"] = before.body["concluded"]
    return told | _judged(told, found, table)


def _judged(told: dict[str, Any], found: Found, table: Table) -> dict[str, Any]:
    concluded = told["concluded"]
    root = {**told["tree"], "licence": told["declared"]}
    if concluded:
        root |= {"licence": concluded["expression"], "concluded": True}
    detected = [table.get(each["licence"]) for each in told["detected"] if each["licence"]]
    judged = judge(
        body.node_of(root, table),
        detected=detected,
        in_prose=map(table.get, found.in_prose),
        modality=told["modality"],
        has_notice=bool(found.notice),
        notice=found.notice,
    )
    return {"judgement": body.judgement_body(judged)}


def _rests_on(told: dict[str, Any]) -> str:
    """What a conclusion was drawn from."""
    files = [(each["path"], each["sha256"]) for each in told["detected"]]
    return digest([told["declared"], told["license_name"], files, _shape(told["tree"])])


def _shape(tree: body.Tree) -> list[Any]:
    return [
        [each["relation"], each["node"]["name"], each["node"]["licence"], _texts(each["node"]), _shape(each["node"])]
        for each in tree["edges"]
    ]


def _texts(node: body.Tree) -> bool:
    return bool(node.get("text_changed", False))


def _hold(revision: Revision, told: dict[str, Any], *, by: str, source: str, action: str = "") -> bool:
    """Make it the revision's licence record, unless it has just that; whether it was new."""
    sha256, repo = digest(told), revision.repo
    held = revision.licence_record
    if held is not None and held.sha256 == sha256:
        return False
    with write_transaction():
        newest = Record.objects.filter(repo=repo, kind=Record.Kind.LICENCE).order_by("-number").first()
        if newest is None or newest.sha256 != sha256:
            number = newest.number + 1 if newest else 1
            newest = Record.objects.create(
                repo=repo, kind=Record.Kind.LICENCE, number=number, body=told, sha256=sha256, by=by, source=source
            )
        Revision.objects.filter(pk=revision.pk).update(licence_record=newest)
        if revision.examined_at is not None or action:
            evidence.changed(revision, [Domain.LICENCE], by=by, what=_what(told))
        if action:
            subject = subject_of(repo, revision.commit)
            said = told["concluded"] or {"expression": "", "reason": ""}
            record(by=by, action=action, subject=subject, expression=said["expression"], reason=said["reason"])
        enqueue("governance.licence_spread", repo=repo.pk)
        for base in _left_behind(told) - (_left_behind(held.body) if held else set()):
            enqueue("community.licence_left", repo=repo.pk, base=base, by=revision.uploader)
    return True


def _left_behind(told: dict[str, Any]) -> set[int]:
    """Rows of what it was made from, here, whose licence allows less than its own says (L16)."""
    names = {fault["edge"][-1] for fault in told["judgement"]["faults"] if fault["rule"] == "L16"}
    above = (node for each in told["tree"]["edges"] for node in body.walk(each["node"]))
    return {node["repo"] for node in above if node["repo"] and node["name"] in names}


def _what(told: dict[str, Any]) -> str:
    return f"licence: {told['judgement']['verdict']}, {told['judgement']['effective']['expression']}"


def _concluded(by: Viewer, expression: str, reason: str, table: Table) -> dict[str, str] | None:
    if not expression.strip():
        return None
    return {"expression": normalised(expression, table), "by": by.name, "reason": reason.strip()[:_MAX_FIELD]}


def _checked(properties: dict[str, str]) -> Licence:
    """Raises `InvalidInput` for a row that the rules couldn't read."""
    if unknown := sorted(set(properties) - set(COLUMNS)):
        raise InvalidInput(f"{unknown[0]} is no property of a licence.")
    row = {name: str(value).strip()[:_MAX_FIELD] for name, value in properties.items()}
    try:
        licence = licence_of_row(row)
    except ValueError as error:
        raise InvalidInput("The limits of monthly users and of revenue are whole numbers, or empty.") from error
    if not licence.id or licence.id != licence.id.lower() or " " in licence.id or not licence.name:
        raise InvalidInput("A licence has an id in small letters without spaces, and a name.")
    if licence.spdx_id == NO_ASSERTION or not licence.spdx_id:
        raise InvalidInput("Give its SPDX id, or LicenseRef- and a name of its own.")
    for name, words in WORDS.items():
        if (value := getattr(licence, name)) not in words:
            raise InvalidInput(f"{name.replace('_', ' ')} is one of {', '.join(words)}; not {value or 'nothing'!r}.")
    return licence


def _named(told: dict[str, Any]) -> set[str]:
    judged = told["judgement"]
    licences = {each["licence"] for each in body.walk(told["tree"])} | set(judged["terms"])
    return licences | {fault["licence"] for fault in judged["faults"]} | {each["licence"] for each in told["detected"]}
