"""Two people at the same moment."""

import pytest

from hub.accounts.viewer import Viewer
from hub.governance.errors import TransitionRefused
from hub.governance.models import Decision, Revision
from hub.governance.selectors import reviews as selectors
from hub.governance.services import reviews
from tests.concurrency import together
from tests.factories import make_user
from tests.factories.governance import approved, decide, make_reviewer, submitted

pytestmark = pytest.mark.django_db(transaction=True)


def deciding(revision, user, domain):
    shown = selectors.binding_of(revision).sha256
    seen = selectors.fresh(revision.pk)
    return lambda: reviews.decide(
        by=Viewer(user=user), revision=seen, domain=domain, state="approved", reason="Looked.", binding=shown
    )


def test_of_two_decisions_on_one_domain_one_holds():
    revision = submitted()
    results = together(*(deciding(revision, make_reviewer(), "bias") for _ in range(2)))
    assert sorted(type(result) for result in results if not isinstance(result, Decision)) == [TransitionRefused], (
        results
    )
    assert revision.decisions.filter(domain="bias").count() == 1


def test_the_last_two_domains_at_once_still_approve():
    revision = decide(submitted(), make_reviewer(), "licence", "data")
    results = together(*(deciding(revision, make_reviewer(), domain) for domain in ("bias", "use")))
    assert all(isinstance(result, Decision) for result in results), results
    assert selectors.fresh(revision.pk).state == "approved"


def test_two_administrators_at_once_revoke_together():
    revision = approved()

    def revoking(user):
        seen = selectors.fresh(revision.pk)
        return lambda: reviews.revoke(by=Viewer(user=user), revision=seen, reason="It leaks.")

    together(*(revoking(make_user(is_admin=True)) for _ in range(2)))
    assert selectors.fresh(revision.pk).state == "revoked"


def test_evidence_that_meets_another_step_is_compared_again(monkeypatch):
    """Between its look and its write the review moves: the second look finds it as it is now."""
    from hub.governance.services.reviews import following

    revision, looks = submitted(), []
    really = selectors.binding_of

    def as_the_review_moves(found):
        if not looks:
            Revision.objects.filter(pk=found.pk).update(state="needs-info")
        looks.append(found.state)
        return really(found)

    Revision.objects.filter(pk=revision.pk).update(binding_parts={**revision.binding_parts, "policy_version": 0})
    monkeypatch.setattr(following.reviews, "binding_of", as_the_review_moves)
    following.evidence_changed(revision_id=revision.pk, by="bob", what="A rule changed.")
    assert looks[:2] == ["in-review", "needs-info"] and revision.events.filter(kind="policy").count() == 1
