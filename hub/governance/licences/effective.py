"""The effective licence: what holds for the whole, of the declared licence and of all that is inherited."""

from collections.abc import Iterable
from dataclasses import dataclass

from hub.governance.licences.compatibility import absorbs, clash, may_become
from hub.governance.licences.rules import CONFLICT, Case, Fault, is_binding
from hub.governance.licences.table import NO_ASSERTION, Licence

NONE_POSSIBLE, NOT_LICENSABLE = "none possible", "not licensable"
_IN_DOUBT = {"L2d": "SA question", "L3d": "NC question", "L4d": "ND question", "L7": "outputs question"}


@dataclass(frozen=True)
class Effective:
    """`expression`: SPDX, NOASSERTION, or one of the two words above for what nobody can license. `licences`: whose
    terms hold together; those of an impossible licence are there too, for whoever asks what stands against it."""

    expression: str
    licences: tuple[Licence, ...]
    doubt: str = ""

    @property
    def text(self) -> str:
        return f"{self.expression} ({self.doubt})" if self.doubt else self.expression


def effective(case: Case, faults: Iterable[Fault]) -> Effective:
    found = tuple(faults)
    held = _held(case)
    if impossible := _impossible(found):
        return Effective(impossible, held)
    if not all(each.is_known for each in _asserting(case)) or not case.licences:
        return Effective(NO_ASSERTION, held)
    doubt = next(
        (_IN_DOUBT[fault.rule] for fault in found if fault.rule in _IN_DOUBT and fault.verdict != CONFLICT), ""
    )
    return Effective(_joined(held), held, doubt)


def terms_of(case: Case) -> tuple[Licence, ...]:
    """All licences whose conditions of use reach whoever uses this: the declared one, those of what it is derived
    from, and of teachers whose outputs carry theirs on."""
    learned = (each.licence for each in case.outputs if each.licence.output_training == "nc")
    found = (*case.licences, *(each.licence for each in case.derived), *_taught(case), *learned)
    return tuple(dict.fromkeys(found))


def _held(case: Case) -> tuple[Licence, ...]:
    """A merge holds every part's licence; what is made from one thing holds those that bind it, beside its own. An own
    licence that is freer than what binds it, or that isn't what its file says, gives way."""
    own = tuple(dict.fromkeys((*case.licences, *_detected(case))))
    carried = [licence for licence in _taught(case) if not absorbs(own, licence, "derived")]
    inherited = [each.licence for each in case.derived if _stays(each.licence, each.relation, own)] + carried
    bound = any(is_binding(licence, case.kind) for licence in (*inherited, *_detected(case)))
    kept = [licence for licence in own if not (bound and _gives_way(licence, inherited))]
    return tuple(dict.fromkeys((*inherited, *kept)))


def _taught(case: Case) -> tuple[Licence, ...]:
    """Of teachers, and of data that a model wrote, those whose terms make a student a derivative."""
    teachers = (each.licence for each in case.outputs if each.licence.output_training == "derivative")
    rows = (each.licence for each in case.data if each.licence.data_to_model_effect == "derivative")
    return (*teachers, *rows)


def _gives_way(own: Licence, inherited: Iterable[Licence]) -> bool:
    """Freer than what binds it, or nothing that may stand in its place or beside it."""
    if own.is_permissive or own.is_public_domain:
        return True
    others = [each for each in inherited if each.id != own.id and not may_become(each, own)]
    return any(each.is_share_alike or clash(own, each) for each in others)


def _stays(licence: Licence, relation: str, own: tuple[Licence, ...]) -> bool:
    if licence.is_public_domain or absorbs(own, licence, "derived"):
        return False
    return relation == "merge" or not licence.is_permissive


def _detected(case: Case) -> tuple[Licence, ...]:
    """What the files are, where that is neither declared nor inherited."""
    known = case.allowed_texts | {each.base_id for each in case.licences}
    return () if case.is_concluded else tuple(each for each in case.detected if each.base_id not in known)


def _asserting(case: Case) -> tuple[Licence, ...]:
    return (*case.licences, *(burden.licence for burden in case.derived))


def _impossible(faults: tuple[Fault, ...]) -> str:
    hopeless = (fault for fault in faults if fault.verdict == CONFLICT and fault.rule in ("L4", "L8"))
    # A licence of its own that doesn't fit what it was made from could be another one.
    if any(fault.rule == "L4" or len(fault.edge) != 2 for fault in hopeless):
        return NONE_POSSIBLE
    lost = (fault for fault in faults if fault.rule == "L7" and fault.mend.startswith("Regenerate"))
    return NOT_LICENSABLE if any(lost) else ""


def _joined(licences: Iterable[Licence]) -> str:
    return " AND ".join(sorted({licence.expression for licence in licences})) or NO_ASSERTION
