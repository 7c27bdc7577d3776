"""What whoever publishes must do, as a checklist, and the notice file's text, to copy."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from hub.governance.licences.ancestry import Burden
from hub.governance.licences.compatibility import absorbs
from hub.governance.licences.effective import terms_of
from hub.governance.licences.rules import (
    CONFLICT,
    REVIEW,
    Case,
    Fault,
    is_covered,
    name_prefixes,
    noticed,
    starts_with,
    with_prefix,
)
from hub.governance.licences.table import Licence

_BRIEF = {"non-commercial": "NC for everyone", "changes": "state changes"}
# What of it stays under a share-alike licence.
_ALIKE = {
    "work": "What is made from it",
    "network": "What is made from it",
    "library": "The part that it came from",
    "file": "Each file that came from it",
    "data": "Data made from it",
}


@dataclass(frozen=True)
class Obligation:
    """`code` names the kind of duty. `is_met`: True or False where the hub can tell, None where it can't.
    `holder`: whose licence asks for it; the child's own name for its own licence."""

    code: str
    text: str
    licence: str
    holder: str
    is_met: bool | None = None


def obligations(case: Case, faults: Iterable[Fault]) -> tuple[Obligation, ...]:
    """In the order of doing them: what stands in the way, then names and notices, then what to pass on."""
    found = (*_mends(faults), *_duties(case))
    unique = {(each.code, each.text): each for each in reversed(found)}
    return tuple(each for each in dict.fromkeys(found) if unique[each.code, each.text] is each)


def in_brief(duty: Obligation) -> str:
    """A few words for a table's cell."""
    if duty.code.startswith("mend-"):
        return _first_small(duty.text)
    if duty.code == "notice" and not duty.text.startswith("Credit"):
        return "Notice file"
    if duty.code == "notice":
        return f"credit {duty.holder}"
    if duty.code == "display":
        return duty.text.removeprefix("Show “").replace("” where it is offered", "").join('""')
    if duty.code == "name-prefix":
        return _first_small(duty.text.partition(":")[0]).replace("“", '"').replace("”", '"')
    return _BRIEF.get(duty.code) or _first_small(duty.text)


def _first_small(text: str) -> str:
    return text[:1].lower() + text[1:]


def notice_text(case: Case) -> str:
    """A NOTICE that meets the licences in the chain; empty where none asks for one."""
    blocks = [_block(case, burden) for burden in noticed(case)]
    if not blocks:
        return ""
    parts = "\n\n".join(dict.fromkeys(blocks))
    return f"{case.short_name}\n\nThis work was made from the following.\n\n{parts}\n"


def display_texts(case: Case) -> tuple[str, ...]:
    """What must be shown to people wherever this is offered."""
    asked = (each.licence for each in (*case.derived, *_displaying(case)))
    licences = (*(licence for licence in case.licences), *asked)
    return tuple(dict.fromkeys(each.display_text for each in licences if _must_display(each)))


def _duties(case: Case) -> Iterator[Obligation]:
    for prefix in name_prefixes(case):
        is_met = starts_with(case.short_name, prefix)
        text = f"The name must start with “{prefix}”: {with_prefix(case.name, prefix)}"
        yield Obligation("name-prefix", text, "", case.name, is_met)
    for burden in case.derived:
        yield from _copy(burden)
    for burden in noticed(case):
        yield _credit(case, burden)
    for text in display_texts(case):
        yield Obligation("display", f"Show “{text}” where it is offered", "", case.name)
    for burden in case.derived:
        if burden.is_changed and burden.licence.state_changes == "yes":
            yield _of(burden, "changes", f"State what was changed in {burden.holder}")
    for licence in terms_of(case):
        yield from _terms(case, licence)


def _copy(burden: Burden) -> Iterator[Obligation]:
    licence = burden.licence
    if licence.pass_through == "full_agreement":
        yield _of(burden, "licence-copy", f"Ship the agreement: {licence.name}")
    elif licence.license_copy_required == "yes" and licence.is_known:
        yield _of(burden, "licence-copy", f"Keep the LICENSE text of {licence.name}")
    elif licence.license_copy_required == "link":
        yield _of(burden, "licence-link", f"Link to {licence.name}")


def _credit(case: Case, burden: Burden) -> Obligation:
    licence, is_met = burden.licence, is_covered(case, burden)
    if licence.notice_text:
        text = f"Notice file with: {licence.notice_text}"
    else:
        text = f"Credit {burden.holder} ({licence.name}) in the NOTICE file"
    return Obligation("notice", text, licence.id, burden.holder, is_met)


def _terms(case: Case, licence: Licence) -> Iterator[Obligation]:
    if licence.use_restrictions == "list":
        text = f"Pass on the use restrictions of {licence.name} as an enforceable term"
        yield Obligation("use-restrictions", text, licence.id, case.name)
    elif licence.use_restrictions == "policy":
        text = f"Pass on the acceptable or prohibited use policy (AUP) of {licence.name}"
        yield Obligation("use-restrictions", text, licence.id, case.name)
    if licence.share_alike == "network":
        yield Obligation("source", "Offer the corresponding source to users over a network", licence.id, case.name)
    elif licence.category == "strong_copyleft" and licence.artefact_kind == "software":
        yield Obligation("source", "Offer the corresponding source with what is passed on", licence.id, case.name)
    if licence.share_alike in _ALIKE and licence.is_known and not absorbs(case.licences, licence, "derived"):
        text = f"{_ALIKE[licence.share_alike]} stays under {licence.name}, or a licence that it allows instead"
        yield Obligation("share-alike", text, licence.id, case.name)
    if licence.is_research_only:
        yield Obligation("research-only", f"For research only, as {licence.name} says", licence.id, case.name)
    if licence.is_non_commercial:
        yield Obligation("non-commercial", "Non-commercial use only, for everyone", licence.id, case.name)
    if licence.terms_mutable != "no":
        text = f"Watch {licence.name}: its terms can change ({licence.terms_mutable})"
        yield Obligation("watch-terms", text, licence.id, case.name)
    if licence.confidence == "low" and licence.is_known:
        text = f"Read the text of {licence.name}: this hub's record of it is unsure"
        yield Obligation("read-text", text, licence.id, case.name)


def _mends(faults: Iterable[Fault]) -> Iterator[Obligation]:
    """What must be done before anything else, and who decides."""
    for fault in faults:
        if fault.verdict in (CONFLICT, REVIEW) and fault.rule != "L16":
            yield Obligation(f"mend-{fault.rule}", fault.mend.rstrip("."), fault.licence, fault.edge[-1], False)


def _displaying(case: Case) -> Iterator[Burden]:
    """What taught it, or wrote its data, under a licence that then asks to be shown."""
    yield from (each for each in case.outputs if each.licence.output_training == "display")
    yield from (each for each in case.data if each.licence.data_to_model_effect == "display")


def _must_display(licence: Licence) -> bool:
    return bool(licence.display_text) and not licence.limits_only_display


def _block(case: Case, burden: Burden) -> str:
    licence = burden.licence
    how = {"derived": "derived from", "data": "trained on", "outputs": "trained on outputs of"}[burden.how]
    lines = [f"{case.short_name} is {how} {burden.holder}.", licence.notice_text or f"Licence: {licence.name}."]
    if licence.spdx_id.startswith("CC-"):
        lines.append(f"https://creativecommons.org/licenses/{_cc_path(licence.spdx_id)}/")
    if burden.how == "derived" and burden.is_changed:
        lines.append("It was changed.")
    if _must_display(licence):
        lines.append(licence.display_text)
    return "\n".join(lines)


def _cc_path(spdx_id: str) -> str:
    kind, _, version = spdx_id.removeprefix("CC-").lower().rpartition("-")
    return f"{kind}/{version}"


def _of(burden: Burden, code: str, text: str) -> Obligation:
    return Obligation(code, text, burden.licence.id, burden.holder)
