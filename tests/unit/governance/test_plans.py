"""Change plans: who may, what they allow, and revisions that stay inside or don't."""

import pytest

from hub.accounts.viewer import Viewer
from hub.core.errors import InvalidInput
from hub.governance.changes import Kind
from hub.governance.envelopes import Measured, checked, outside
from hub.governance.errors import NotAReviewer, SeparationOfDuties, TransitionRefused
from hub.governance.services import plans
from tests.factories import make_repo, make_user
from tests.factories.governance import approved, decide, examined, make_reviewer, push_files, submitted, weights

CARD = b"""---
license: mit
model-index:
- name: m
  results:
  - task: {type: text-classification}
    dataset: {type: a/bench, name: Bench}
    metrics: [{type: accuracy, value: %s}]
---
# A model
"""
ENVELOPE = {"changes": ["weights", "results"], "relations": ["quantized"], "suite": "a/bench", "max_drop": 0.01}


def files(value=b"0.90", layer=b"abc"):
    return {"README.md": CARD % value, "model.safetensors": weights(layer)}


@pytest.fixture
def first(db):
    return approved(files=files())


@pytest.fixture
def plan(first):
    reviewer = make_reviewer()
    made = plans.propose_plan(by=Viewer(user=reviewer), revision=first, title="Small steps", envelope=ENVELOPE)
    return plans.approve_plan(by=Viewer(user=make_reviewer()), plan=made, reason="Small enough.")


def test_a_commit_inside_is_approved_with_evidence(first, plan):
    push_files(first.repo, files(b"0.895", b"other"))
    second = examined(first.repo)
    assert second.state == "approved"
    evidence = second.decisions.get(domain="bias").evidence
    assert evidence["plan"] == plan.pk and "0.9 → 0.895" in evidence["measured"]


@pytest.mark.parametrize("change", [files(b"0.88", b"other"), {**files(b"0.9", b"other"), "modeling.py": b"pass"}])
def test_a_commit_outside_is_reviewed(first, plan, change):
    push_files(first.repo, change)
    second = examined(first.repo)
    assert second.state == "in-review" and second.domains.get(domain="bias").state == "pending"


def test_a_missing_measurement_is_outside(first, plan):
    push_files(first.repo, {"README.md": b"---\nlicense: mit\n---\n", "model.safetensors": weights(b"other")})
    assert examined(first.repo).domains.get(domain="bias").state == "pending"


def test_an_ended_plan_covers_nothing(first, plan):
    plans.end_plan(by=Viewer(user=first.repo.created_by), plan=plan)
    with pytest.raises(TransitionRefused):
        plans.end_plan(by=Viewer(user=first.repo.created_by), plan=plan)
    push_files(first.repo, files(b"0.9", b"other"))
    assert examined(first.repo).state == "in-review"


def test_a_quantised_copy_inside_is_approved(first, plan):
    name = first.repo.full_name.encode()
    card = (CARD % b"0.9").replace(
        b"license: mit", b"license: mit\nbase_model_relation: quantized\nbase_model: " + name
    )
    notice = b"Made from %s, MIT.\n" % name
    files = {"README.md": card, "NOTICE": notice, "model.safetensors": weights(b"small")}
    child = examined(make_repo(owner=first.repo.created_by, files=files))
    assert child.state == "approved" and child.tier == first.tier


def test_a_plan_is_approved_by_somebody_else_who_may(first):
    proposer, owner = make_reviewer(), Viewer(user=first.repo.created_by)
    made = plans.propose_plan(by=owner, revision=first, title="Steps", envelope=ENVELOPE)
    with pytest.raises(NotAReviewer):
        plans.approve_plan(by=Viewer(user=make_reviewer("licence")), plan=made, reason="x")
    own = plans.propose_plan(by=Viewer(user=proposer), revision=first, title="Steps", envelope=ENVELOPE)
    with pytest.raises(SeparationOfDuties):
        plans.approve_plan(by=Viewer(user=proposer), plan=own, reason="x")
    plans.approve_plan(by=Viewer(user=proposer), plan=made, reason="x")
    with pytest.raises(TransitionRefused):
        plans.approve_plan(by=Viewer(user=proposer), plan=made, reason="x")


def test_a_plan_goes_out_from_an_approval(db):
    revision = submitted()
    with pytest.raises(TransitionRefused):
        plans.propose_plan(by=Viewer(user=make_reviewer()), revision=revision, title="x", envelope=ENVELOPE)
    with pytest.raises(Exception, match="push to"):
        plans.propose_plan(
            by=Viewer(user=make_user()), revision=decide(revision, make_reviewer()), title="x", envelope={}
        )


@pytest.mark.parametrize(
    "envelope",
    [{}, {**ENVELOPE, "changes": ["licence"]}, {**ENVELOPE, "suite": ""}, {**ENVELOPE, "max_drop": -1}, {"x": 1}],
)
def test_a_plan_that_cannot_be_measured_is_refused(envelope):
    with pytest.raises(InvalidInput):
        checked(envelope)


def test_gaps_between_groups_may_not_grow():
    envelope = checked({**ENVELOPE, "max_gap_growth": 0.02})
    before = Measured("mit", {"a/bench/accuracy": 0.9}, {"s f1 age": 0.05}, True)

    def said(gaps, licence="mit", harmless=True):
        after = Measured(licence, {"a/bench/accuracy": 0.9}, gaps, harmless)
        return outside(envelope, before, after, kinds=[Kind.WEIGHTS])

    assert said({"s f1 age": 0.07}) == ()
    assert "grows" in said({"s f1 age": 0.08})[0] and "not measured" in said({})[0]
    assert (
        "licence" in said({"s f1 age": 0.05}, "apache-2.0")[0] and "scan" in said({"s f1 age": 0.05}, "mit", False)[0]
    )
