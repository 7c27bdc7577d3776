"""From submission to approval, and what a new commit keeps."""

import pytest

from hub.governance.models import Decision
from tests.factories import make_user
from tests.factories.governance import CARD, approved, decide, examined, make_reviewer, push_files, submitted, weights

pytestmark = pytest.mark.django_db


def test_the_last_domain_approves():
    revision = submitted()
    assert revision.state == "in-review"
    revision = decide(revision, make_reviewer())
    assert revision.state == "approved" and revision.expires_at and revision.binding
    revision.repo.refresh_from_db()
    assert revision.repo.review_state == "approved"


def test_prose_alone_is_carried_over():
    first = approved()
    push_files(first.repo, {"README.md": CARD + b"More words.\n"})
    second = examined(first.repo)
    first.refresh_from_db()
    assert (second.state, first.state) == ("approved", "superseded")
    carried = [row for row in second.decisions.all() if row.carried_from_id]
    assert len(carried) == 4 and all(row.by == "system" for row in carried)
    assert carried[0].evidence["changes"] == {"prose": ["README.md"]}


def test_new_weights_reopen_security_and_bias():
    first = approved()
    push_files(first.repo, {"model.safetensors": weights(b"other")})
    second = examined(first.repo)
    states = dict(second.domains.values_list("domain", "state"))
    assert second.state == "in-review"
    assert states == {
        "security": "auto-pass", "licence": "approved", "data": "approved", "bias": "pending", "use": "approved"
    }  # fmt: skip


def test_a_stranger_decides_nothing():
    from hub.governance.errors import NotAReviewer

    with pytest.raises(NotAReviewer):
        decide(submitted(), make_user())


def test_what_is_carried_over_keeps_its_purposes():
    first = decide(decide(submitted(), make_reviewer(), "use", purposes=["triage"]), make_reviewer())
    assert first.purposes == ["triage"]
    push_files(first.repo, {"README.md": CARD + b"More words.\n"})
    assert examined(first.repo).purposes == ["triage"]


def test_nothing_is_carried_over_that_leaves_no_purpose():
    first = decide(submitted(), make_reviewer(), "use", purposes=["triage"])
    first = decide(first, make_reviewer(), purposes=["triage"])
    Decision.objects.filter(revision=first, domain="use").update(evidence={"purposes": ["teaching"]})
    push_files(first.repo, {"README.md": CARD + b"More words.\n"})
    second = examined(first.repo)
    held = set(second.domains.filter(state="approved").values_list("domain", flat=True))
    assert held in ({"use"}, {"licence", "data", "bias"})
    assert second.state != "approved" and second.purposes in (["teaching"], ["triage"])
