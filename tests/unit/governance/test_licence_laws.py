"""What holds of the rules on licences whatever the licences are: over all rows, and over made-up lineages."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hub.governance.licences.ancestry import Edge, Node
from hub.governance.licences.consumer import Consumer, pull_verdict
from hub.governance.licences.expressions import alternatives, normalised
from hub.governance.licences.judgement import Judgement, judge
from hub.governance.licences.rules import VERDICTS
from hub.governance.licences.table import shipped

TABLE = shipped()
IDS = tuple(TABLE.rows)
DERIVED = ("finetune", "adapter", "merge", "quantized", "converted")
RELATIONS = (*DERIVED, "trained-on", "outputs", "code")
WORDS = ("none possible", "not licensable", "NOASSERTION")
OUTCOMES = ("ALLOW", "ALLOW_WITH_NOTICE", "DENY")
CONSUMERS = (
    Consumer(),
    Consumer(is_commercial=True, is_research=False, region="EU"),
    Consumer(is_commercial=True, is_service=True, monthly_users=10**9, revenue_usd=10**9, uses=frozenset("lm")),
    Consumer(is_research=True, region="UK", accepted=frozenset()),
    Consumer(is_research=False, is_sandbox=True),
)
ids = st.sampled_from(IDS)
edges_ = st.lists(
    st.tuples(st.sampled_from(RELATIONS), ids, st.none() | ids), max_size=4, unique_by=lambda each: each[1]
)


def node(name: str, licence: str, edges: tuple[Edge, ...] = (), kind: str = "model") -> Node:
    return Node(name, kind, alternatives(licence, TABLE), edges)


def edge(relation: str, licence: str, above: str | None = None) -> Edge:
    kind = "dataset" if relation == "trained-on" else "model"
    older = (
        (Edge(relation if kind == "dataset" else "finetune", node(f"top/{above}", above, kind=kind)),) if above else ()
    )
    return Edge(relation, node(f"of/{licence}", licence, older, kind))


def judged(licence: str, edges: tuple[Edge, ...], name: str = "acme/thing", **more: object) -> Judgement:
    return judge(node(name, licence, edges), **{"has_notice": True, "modality": "text", **more})


def rank(found: Judgement) -> int:
    return VERDICTS.index(found.verdict)


def is_spdx(text: str) -> bool:
    return text in WORDS or bool(normalised(text, TABLE))


@pytest.mark.parametrize("licence", IDS)
def test_every_licence_with_every_relation(licence: str) -> None:
    for relation, own, has_notice in itertools.product(RELATIONS, (licence, "apache-2.0", "gpl-3.0"), (True, False)):
        found = judged(own, (edge(relation, licence),), has_notice=has_notice)
        assert is_spdx(found.effective.expression), (relation, own)
        for consumer in CONSUMERS:
            pulled = pull_verdict(found, consumer)
            assert pulled.outcome in OUTCOMES
            assert bool(pulled.reasons) == (pulled.outcome == "DENY")
        assert all(fault.clause and (fault.mend or fault.verdict == "OK") for fault in found.faults)


@pytest.mark.parametrize("licence", [each for each in TABLE if each.is_known], ids=lambda each: each.id)
def test_what_the_row_asks_for_is_asked(licence) -> None:
    found = judged(licence.id, (edge("finetune", licence.id),))
    said = " ".join(each.text for each in found.obligations)
    codes = {each.code for each in found.obligations}
    assert licence.notice_text in said and licence.notice_text in found.notice
    if licence.display_text and not licence.limits_only_display:
        assert licence.display_text in said and licence.display_text in found.displays
    if licence.name_prefix:
        assert licence.name_prefix in said and found.prefixes == (licence.name_prefix,)
    assert ("changes" in codes) == (licence.state_changes == "yes")
    assert ("use-restrictions" in codes) == (licence.use_restrictions in ("list", "policy"))
    assert ("research-only" in codes) == licence.is_research_only
    assert ("non-commercial" in codes) == licence.is_non_commercial
    assert ("share-alike" in codes) == (licence.share_alike != "none")
    assert ("watch-terms" in codes) == (licence.terms_mutable != "no")
    assert ("read-text" in codes) == (licence.confidence == "low")


@pytest.mark.parametrize("licence", [each for each in TABLE if each.name_prefix], ids=lambda each: each.id)
def test_the_prefix_mends_the_name(licence) -> None:
    bad = judged(licence.id, (edge("finetune", licence.id),))
    assert [fault.rule for fault in bad.faults if fault.verdict == "CONFLICT"] == ["L6"]
    name = f"acme/{licence.name_prefix.replace(' ', '-')}-thing"
    assert judged(licence.id, (edge("finetune", licence.id),), name).verdict == "OK"


@settings(max_examples=150, deadline=None)
@given(own=ids, edges=edges_, more=st.tuples(st.sampled_from(RELATIONS), ids))
def test_one_more_source_never_helps(own: str, edges: list, more: tuple[str, str]) -> None:
    before = tuple(edge(*each) for each in edges)
    if own == "other" or more in [each[:2] for each in edges]:
        return
    one, other = judged(own, before), judged(own, (*before, edge(*more)))
    assert rank(other) >= rank(one)
    for consumer in CONSUMERS:
        assert OUTCOMES.index(pull_verdict(other, consumer).outcome) >= OUTCOMES.index(
            pull_verdict(one, consumer).outcome
        )


@settings(max_examples=150, deadline=None)
@given(own=ids, edges=edges_, seed=st.randoms())
def test_the_order_of_sources_says_nothing(own: str, edges: list, seed) -> None:
    mixed = list(edges)
    seed.shuffle(mixed)
    one, other = (judged(own, tuple(edge(*each) for each in these)) for these in (edges, mixed))
    assert (one.verdict, one.effective.expression) == (other.verdict, other.effective.expression)
    assert set(one.faults) == set(other.faults) or _same_rules(one, other)
    assert set(one.prefixes) == set(other.prefixes) and set(one.terms) == set(other.terms)


def _same_rules(one: Judgement, other: Judgement) -> bool:
    """A pair that can't be combined is told from either end."""
    return sorted(fault.rule for fault in one.faults) == sorted(fault.rule for fault in other.faults)


@settings(max_examples=100, deadline=None)
@given(own=ids, edges=edges_)
def test_said_twice_is_said_once(own: str, edges: list) -> None:
    these = tuple(edge(*each) for each in edges)
    one, other = judged(own, these), judged(own, (*these, *these))
    assert (one.verdict, one.effective, one.obligations) == (other.verdict, other.effective, other.obligations)


@settings(max_examples=100, deadline=None)
@given(own=ids, licence=ids, relation=st.sampled_from(DERIVED))
def test_a_step_between_launders_nothing(own: str, licence: str, relation: str) -> None:
    """What stands against X's own child stands against its grandchild too, however free the step between."""
    direct = judged(own, (edge("finetune", licence),))
    mid = Edge(relation, node("x/mid", "unlicense", (Edge("finetune", node("x/top", licence)),)))
    assert rank(judged(own, (mid,))) >= rank(direct)


@settings(max_examples=100, deadline=None)
@given(own=ids, edges=edges_)
def test_a_notice_never_hurts(own: str, edges: list) -> None:
    these = tuple(edge(*each) for each in edges)
    assert rank(judged(own, these, has_notice=True)) <= rank(judged(own, these, has_notice=False))


@settings(max_examples=60, deadline=None)
@given(own=ids, edges=edges_)
def test_more_to_hold_against_somebody_never_helps_them(own: str, edges: list) -> None:
    found = judged(own, tuple(edge(*each) for each in edges))
    plain = Consumer(is_commercial=True, is_research=False)
    worse = Consumer(True, False, "WORLD", 10**12, 10**12, True, False, frozenset("abcdefghijklm"), frozenset())
    assert OUTCOMES.index(pull_verdict(found, worse).outcome) >= OUTCOMES.index(pull_verdict(found, plain).outcome)


@settings(max_examples=100, deadline=None)
@given(own=ids, one=ids, other=ids, relation=st.sampled_from(RELATIONS))
def test_a_source_under_more_licences_is_no_better(own: str, one: str, other: str, relation: str) -> None:
    both = Node("x/base", "model", ((TABLE.get(one), TABLE.get(other)),))
    alone = Node("x/base", "model", ((TABLE.get(one),),))
    assert rank(judged(own, (Edge(relation, both),))) >= rank(judged(own, (Edge(relation, alone),)))
