"""Approvals end, reminders go out once, newer approvals take over."""

import datetime as dt

import pytest

from hub.community.models import Notification
from hub.community.tasks import review_told
from hub.core import clock
from hub.governance.models import Revision
from hub.governance.selectors import reviews as selectors
from hub.governance.services import reviews
from hub.governance.services.reviews import transitions
from tests.factories import viewer_of
from tests.factories.governance import CARD, approved, decide, examined, make_reviewer, push_files, submitted, weights

pytestmark = pytest.mark.django_db


@pytest.fixture
def later(monkeypatch):
    """Move the clock on by so many days."""
    start = clock.now()

    def move(days: float) -> None:
        monkeypatch.setattr(clock, "now", lambda: start + dt.timedelta(days=days))

    return move


@pytest.fixture
def told(monkeypatch):
    """What was told, as (kind, word)."""
    found = []

    def tell(name: str, **fields: str) -> None:
        if name == "community.review_told":
            found.append((fields["kind"], fields["word"]))

    monkeypatch.setattr(transitions, "enqueue", tell)
    return found


@pytest.mark.parametrize("tier,days", [(1, 365), (2, 270), (3, 180), (4, 90)])
def test_an_approval_holds_as_long_as_its_tier_says(later, tier, days):
    revision = approved()
    Revision.objects.filter(pk=revision.pk).update(tier=tier, state="in-review")
    revision = selectors.fresh(revision.pk)
    from hub.governance.services.reviews.finishing import _end

    assert round((_end(revision, clock.now()) - clock.now()) / dt.timedelta(days=1)) == days


def test_it_expires_when_its_time_is_up(later):
    revision = approved()
    later(364)
    assert reviews.expire(limit=10) == 0
    later(366)
    assert (reviews.expire(limit=10), reviews.expire(limit=10)) == (1, 0)
    revision = selectors.fresh(revision.pk)
    revision.repo.refresh_from_db()
    assert revision.state == revision.repo.review_state == "expired"


def test_reminders_go_out_once_at_30_7_and_1_days(later, told):
    approved()
    told.clear()
    for day in (330, 336, 340, 359, 360, 364.5, 364.6):
        later(day)
        reviews.remind(limit=10)
    assert told == [("expiring", "30"), ("expiring", "7"), ("expiring", "1")]


def test_a_hub_that_was_off_reminds_of_the_nearest_alone(later, told):
    approved()
    told.clear()
    later(364.5)
    assert reviews.remind(limit=10) == 1 and told == [("expiring", "1")]


def test_what_expired_is_decided_anew(later):
    revision, reviewer = approved(), make_reviewer()
    later(366)
    reviews.expire(limit=10)
    revision = reviews.renew(by=viewer_of(reviewer), revision=selectors.fresh(revision.pk))
    assert revision.state == "in-review"
    assert dict(revision.domains.values_list("domain", "state"))["licence"] == "stale"
    revision = decide(revision, reviewer)
    assert revision.state == "approved" and revision.expires_at > clock.now() + dt.timedelta(days=364)


def test_carrying_over_lengthens_nothing(later):
    first = approved()
    later(100)
    push_files(first.repo, {"README.md": CARD + b"More.\n"})
    second = examined(first.repo)
    assert second.state == "approved" and abs(second.expires_at - first.expires_at) < dt.timedelta(minutes=1)


def test_nothing_is_carried_from_what_has_ended(later):
    first = approved()
    later(366)
    push_files(first.repo, {"README.md": CARD + b"More.\n"})
    assert examined(first.repo).state == "in-review"


def test_an_older_commit_approved_late_is_superseded_at_once():
    first = submitted()
    push_files(first.repo, {"model.safetensors": weights(b"other")})
    reviewer = make_reviewer()
    assert decide(examined(first.repo), reviewer).state == "approved"
    assert decide(first, reviewer).state == "superseded"


def test_the_catalog_says_where_mains_head_stands():
    first = approved()
    push_files(first.repo, {"model.safetensors": weights(b"other")})
    from hub.governance.services import examination

    commit = first.repo.refs.get(name="refs/heads/main").target
    examination.made(repo_id=first.repo_id, commit=commit, by="")
    first.repo.refresh_from_db()
    assert first.repo.review_state == "unreviewed"
    examined(first.repo)
    first.repo.refresh_from_db()
    assert first.repo.review_state == "in-review"


def test_the_owner_the_uploader_and_the_assigned_are_told(client):
    revision, reviewer = submitted(), make_reviewer()
    owner = revision.repo.created_by
    fields = {"repo": revision.repo_id, "by": "system", "people": [owner.username]}
    review_told(kind="decided", word="approved", only=False, **fields)
    review_told(kind="suspended", word="revoked", only=False, **fields)
    review_told(kind="expiring", word="30", only=False, **fields)
    review_told(kind="expiring", word="expired", only=False, **fields)
    review_told(kind="assigned", word="", only=True, **{**fields, "by": owner.username, "people": [reviewer.username]})
    told = set(Notification.objects.values_list("user__username", flat=True))
    assert told == {owner.username, reviewer.username}
    client.force_login(owner)
    page = client.get("/notifications").content.decode()
    for text in ("approved", "was revoked", "ends within 30 days", "has ended"):
        assert text in page
