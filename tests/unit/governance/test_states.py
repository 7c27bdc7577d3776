"""Every step of the tables, and every pair of states that is no step."""

from itertools import product
from pathlib import Path

import pytest

from hub.core.transactions import write_transaction
from hub.governance import changes, states
from hub.governance.errors import TransitionRefused
from hub.governance.models import Domain, DomainReview, DomainState, ReviewEvent, State
from hub.governance.services.reviews import guards
from hub.governance.services.reviews.transitions import move, move_domain
from hub.governance.states import Who
from tests.factories.governance import make_revision

STEPS = {(step.before, step.after): step for step in states.REVISION_STEPS}
DOMAIN_STEPS = {(step.before, step.after): step for step in states.DOMAIN_STEPS}
DOCS = (Path(__file__).parents[3] / "docs/reviews.md").read_text()
ATTEMPT = guards.Attempt("ada", reason="For a reason.", domain=Domain.BIAS)


@pytest.fixture
def revision(db, monkeypatch):
    """One whose guards all hold: they have tests of their own."""
    monkeypatch.setattr(guards, "CHECKS", dict.fromkeys(states.GUARDS, lambda *_: None))
    return make_revision()


def put(revision, state):
    type(revision).objects.filter(pk=revision.pk).update(state=state)
    revision.state = state


@pytest.mark.parametrize("step", states.REVISION_STEPS, ids=lambda step: f"{step.before}-{step.after}")
def test_an_allowed_step_is_taken_and_told(revision, step):
    from hub.audit.models import AuditEvent

    put(revision, step.before)
    with write_transaction():
        move(revision, State(step.after), who=step.who[0], attempt=ATTEMPT)
    revision.refresh_from_db()
    assert revision.state == step.after
    event = ReviewEvent.objects.latest("pk")
    assert (event.kind, event.before, event.after, event.by) == ("transition", step.before, step.after, "ada")
    assert AuditEvent.objects.latest("number").action == step.event


def test_every_other_pair_is_refused(revision):
    others = [pair for pair in product(State, State) if (str(pair[0]), str(pair[1])) not in STEPS]
    assert len(others) == len(State) ** 2 - len(STEPS)
    for before, after in others:
        put(revision, before)
        for who in Who:
            with pytest.raises(TransitionRefused), write_transaction():
                move(revision, after, who=who, attempt=ATTEMPT)
    assert not ReviewEvent.objects.filter(by="ada").exists()


def test_only_who_may_takes_a_step():
    for (before, after), step in STEPS.items():
        for who in set(Who) - set(step.who):
            with pytest.raises(TransitionRefused, match="takes"):
                states.revision_step(before, after, who)


@pytest.mark.parametrize("step", states.DOMAIN_STEPS, ids=lambda step: f"{step.before}-{step.after}")
def test_an_allowed_step_of_a_domain_is_taken(revision, step):
    DomainReview.objects.filter(revision=revision, domain=Domain.BIAS).update(state=step.before)
    with write_transaction():
        move_domain(revision, step.after, who=step.who[0], attempt=ATTEMPT)
    row = DomainReview.objects.get(revision=revision, domain=Domain.BIAS)
    assert (row.state, row.by) == (step.after, "ada")


def test_every_other_pair_of_a_domain_is_refused(revision):
    for before, after in product(DomainState, DomainState):
        DomainReview.objects.filter(revision=revision, domain=Domain.BIAS).update(state=before)
        step = DOMAIN_STEPS.get((str(before), str(after)))
        for who in set(Who) - set(step.who if step else ()):
            with pytest.raises(TransitionRefused), write_transaction():
                move_domain(revision, after, who=who, attempt=ATTEMPT)


def test_of_two_steps_from_one_state_the_second_is_refused(revision):
    put(revision, State.IN_REVIEW)
    with write_transaction():
        move(revision, State.WITHDRAWN, who=Who.UPLOADER, attempt=ATTEMPT)
    revision.state = State.IN_REVIEW
    with pytest.raises(TransitionRefused, match="meanwhile"), write_transaction():
        move(revision, State.NEEDS_INFO, who=Who.REVIEWER, attempt=ATTEMPT)


def test_nothing_leads_out_of_what_is_final():
    assert not [step for step in states.REVISION_STEPS if step.before in states.FINAL]
    assert {step.after for step in states.REVISION_STEPS} | {State.DRAFT} == set(State)


def test_each_guard_has_words_and_a_check():
    named = {name for step in (*states.REVISION_STEPS, *states.DOMAIN_STEPS, *states.CARRY_STEPS) for name in step.guards}
    assert named == set(states.GUARDS) == set(guards.CHECKS)


def test_the_documents_show_what_the_tables_say():
    assert states.diagram() in DOCS
    for steps in (states.REVISION_STEPS, states.DOMAIN_STEPS, states.CARRY_STEPS):
        assert states.table(steps) in DOCS
    for kind in changes.Kind:
        cells = [changes.LABELS[kind], *(str(changes.effect(kind, domain)) for domain in Domain)]
        assert f"| {' | '.join(cells)} |" in DOCS
