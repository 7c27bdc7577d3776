"""The table of steps, and what is made from it."""

from itertools import product
from pathlib import Path

import pytest

from hub.jobs.errors import StepRefused
from hub.jobs.models import FINAL, State
from hub.jobs.states import STEPS, Who, diagram, step_between, table

DOCS = Path(__file__).resolve().parents[3] / "docs" / "jobs.md"
KNOWN = {(step.before, step.after): step for step in STEPS}


def test_no_step_is_there_twice():
    assert len(KNOWN) == len(STEPS)


@pytest.mark.parametrize(("before", "after", "who"), list(product(State.values, State.values, Who)))
def test_a_step_is_taken_by_whom_the_table_names_and_by_nobody_else(before, after, who):
    step = KNOWN.get((before, after))
    if step and who in step.who:
        assert step_between(before, after, who) is step
    else:
        with pytest.raises(StepRefused):
            step_between(before, after, who)


def test_every_state_can_be_reached_and_left():
    assert {step.after for step in STEPS} == set(State.values)
    assert set(State.values) - {step.before for step in STEPS} == {State.SUCCEEDED}


def test_only_a_person_revives_what_is_over():
    assert {step.who for step in STEPS if step.before in FINAL} == {(Who.PERSON,)}


def test_the_docs_show_the_table_as_it_is():
    assert diagram() in DOCS.read_text()
    assert table() in DOCS.read_text()
