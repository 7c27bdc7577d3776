"""The last second of an exception, and how far an approval reaches: to one commit of one repository."""

import datetime as dt

import pytest

from hub.accounts.viewer import Viewer
from hub.catalog import services as catalog
from hub.catalog.selectors import revision_of
from hub.core import clock
from hub.governance.errors import BindingChanged, NotAReviewer, SeparationOfDuties, WaiverRefused
from hub.governance.selectors import reviews as selectors
from hub.governance.services import pulls, reviews, waivers
from tests.factories import governance as factory
from tests.factories import make_org, make_repo, make_user, viewer_of
from tests.factories.policies import make_profile, speaking_for

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = {"rule": "P-14", "reason": "We need it.", "days": 5}


def at(monkeypatch, moment):
    monkeypatch.setattr(clock, "now", lambda: moment)


def codes(user, profile, repo, revision):
    return pulls.decide(speaking_for(user, profile), revision_of(repo, revision)).codes


def test_a_waiver_ends_at_its_very_second(monkeypatch):
    revision, user, profile = factory.submitted(), make_user(), make_profile()
    now, asker, reviewer = clock.now(), Viewer(user=user), Viewer(user=factory.make_reviewer())
    at(monkeypatch, now)
    of_bias, of_review, late = (
        waivers.ask_waiver(by=asker, repo=revision.repo, **ASKED | {"rule": rule}) for rule in ("P-14", "P-01", "P-14")
    )
    for waiver in (of_bias, of_review):
        waivers.grant_waiver(by=reviewer, waiver=waiver, conditions=[])
    for early, holds in ((dt.timedelta(microseconds=1), True), (dt.timedelta(0), False)):
        at(monkeypatch, late.expires_at - early)
        assert selectors.holds_waiver(revision, "bias") is holds
        denied = pulls.decide(speaking_for(user, profile), revision_of(revision.repo, revision.commit)).reasons
        assert ("P-01" in {one.code for one in denied}) is not holds
    with pytest.raises(WaiverRefused, match="passed"):
        waivers.grant_waiver(by=reviewer, waiver=late, conditions=[])


@pytest.mark.parametrize("scope", ["read", "admin"])
def test_no_token_makes_two_people_of_one(scope):
    """One who reviews and writes for an organisation is themselves, whichever of their tokens speaks."""
    reviewer = factory.make_reviewer()
    repo = make_repo(owner=str(make_org(admin=reviewer)), files=factory.FILES)
    repo.created_by = reviewer
    revision = reviews.set_tier(by=Viewer(user=reviewer), revision=factory.examined(repo, by=reviewer.username), tier=1)
    waiver = waivers.ask_waiver(by=Viewer(user=reviewer), repo=repo, **ASKED)
    token = viewer_of(reviewer, scope)
    with pytest.raises((SeparationOfDuties, NotAReviewer)):
        waivers.grant_waiver(by=token, waiver=waiver, conditions=[])
    revision = reviews.submit(by=Viewer(user=reviewer), revision=revision)
    with pytest.raises(SeparationOfDuties):
        factory.decide(revision, reviewer, "use")


def test_an_approval_reaches_no_copy_and_survives_a_name():
    user, first = make_user(), factory.approved()
    profile, repo = make_profile(), first.repo
    assert "P-01" not in codes(user, profile, repo, first.commit)
    copy = factory.examined(make_repo(owner=repo.created_by, files=factory.FILES))
    assert copy.binding != first.binding and copy.state != "approved"
    assert "P-01" in codes(user, profile, copy.repo, copy.commit)
    with pytest.raises(BindingChanged):
        by = Viewer(user=factory.make_reviewer())
        told = {"domain": "use", "state": "approved", "reason": "As there."}
        reviews.decide(by=by, revision=put_up(copy), binding=first.binding, **told)
    catalog.create_branch(by=viewer_of(repo.created_by), repo=repo, name="side", start="main")
    assert "P-01" not in codes(user, profile, repo, "side")
    catalog.commit(
        by=viewer_of(repo.created_by), repo=repo, revision="side", title="x",
        operations=[factory.AddInline(path="README.md", data=factory.CARD + b"!")],
    )  # fmt: skip
    assert "P-01" in codes(user, profile, repo, "side")
    moved = catalog.move_repo(by=viewer_of(repo.created_by), repo=repo, to_owner=repo.owner.name, to_name="renamed")
    assert "P-01" not in codes(user, profile, moved, first.commit)
    assert selectors.binding_of(selectors.fresh(first.pk)).sha256 == first.binding


def put_up(revision):
    revision = reviews.set_tier(by=Viewer(user=revision.repo.created_by), revision=revision, tier=1)
    return reviews.submit(by=Viewer(user=revision.repo.created_by), revision=revision)
