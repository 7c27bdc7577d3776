"""The rules put to a graph of what something was made from: verdict, effective licence, obligations."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from hub.governance.licences.ancestry import Node, burdens, variants
from hub.governance.licences.effective import Effective, effective, terms_of
from hub.governance.licences.obligations import (
    Obligation,
    display_texts,
    notice_text,
    obligations,
)
from hub.governance.licences.rules import CONFLICT, REVIEW, VERDICTS, Case, Fault, faults_of, name_prefixes, worst
from hub.governance.licences.table import Licence


@dataclass(frozen=True)
class Judgement:
    """`terms`: the licences whose conditions reach whoever uses it. `settled`: open questions that a reviewer's
    conclusion answered; they don't count for the verdict."""

    verdict: str
    effective: Effective
    faults: tuple[Fault, ...]
    obligations: tuple[Obligation, ...]
    notice: str
    displays: tuple[str, ...]
    prefixes: tuple[str, ...]
    terms: tuple[Licence, ...]
    modality: str = ""
    settled: tuple[Fault, ...] = ()


def judge(
    node: Node,
    *,
    detected: Iterable[Licence] = (),
    in_prose: Iterable[Licence] = (),
    modality: str = "",
    has_notice: bool = False,
    notice: str = "",
) -> Judgement:
    """Of an OR in what it was made from, the side with the mildest verdict is taken. Of its own, every side is offered
    to whoever comes: none may break a rule; the one that hinders the fewest holds."""
    bare = Case(
        name=node.name,
        kind=node.kind,
        licences=(),
        detected=tuple(detected),
        in_prose=tuple(in_prose),
        modality=modality,
        has_notice=has_notice,
        notice=notice,
        is_concluded=node.is_concluded,
        offered=tuple(dict.fromkeys(licence for choice in node.choices for licence in choice)),
    )
    sides = [_mildest(replace(node, choices=(choice,)), bare) for choice in node.choices]
    return next((side for side in sides if side.verdict == CONFLICT), None) or min(sides, key=_rank)


def _mildest(node: Node, bare: Case) -> Judgement:
    cases = (replace(bare, licences=_stated(each, bare.detected), burdens=burdens(each)) for each in variants(node))
    return min(map(_judge, cases), key=_rank)


def _rank(judged: Judgement) -> tuple[int, int]:
    return VERDICTS.index(judged.verdict), sum(licence.hindrances for licence in judged.terms)


def _stated(node: Node, detected: tuple[Licence, ...]) -> tuple[Licence, ...]:
    """`other` says to read the licence file: what that is, holds."""
    known = tuple(each for each in detected if each.is_known)
    if known and [each.id for each in node.licences] == ["other"]:
        return tuple(dict.fromkeys(known))
    return node.licences


def _judge(case: Case) -> Judgement:
    every = faults_of(case)
    settled = tuple(fault for fault in every if case.is_concluded and fault.verdict == REVIEW)
    faults = tuple(fault for fault in every if fault not in settled)
    return Judgement(
        verdict=worst(faults),
        effective=effective(case, faults),
        faults=faults,
        obligations=obligations(case, faults),
        notice=notice_text(case),
        displays=display_texts(case),
        prefixes=name_prefixes(case),
        terms=terms_of(case),
        modality=case.modality,
        settled=settled,
    )
