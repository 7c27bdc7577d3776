"""Two people at the same moment."""

import pytest

from hub.accounts.viewer import Viewer
from hub.governance.errors import TransitionRefused
from hub.governance.models import Decision
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
