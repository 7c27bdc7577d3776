"""The page of one review: what everybody reads, what reviewers do, and what changed since the last approval."""

from typing import Any

import pytest
from django.test import Client

from hub.accounts.viewer import Viewer
from hub.catalog import services as catalog
from hub.catalog.operations import AddInline
from hub.core import clock
from hub.governance.models import DomainReview, ReviewEvent, Revision
from hub.governance.selectors.reviews import binding_of
from tests.factories import make_user
from tests.factories.governance import make_reviewer
from tests.factories.reviews import close_domains, make_review
from tests.unit.web.test_desk import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def revision(model: Any) -> Revision:
    return make_review(model)


@pytest.fixture
def reviewer() -> Any:
    return make_reviewer()


@pytest.fixture
def desk(reviewer: Any) -> Client:
    return browser_of(reviewer)


def answer(revision: Revision, **fields: Any) -> dict[str, Any]:
    told = {"action": "decide", "domain": "bias", "state": "approved", "text": "Looked at it."}
    return {**told, "binding": binding_of(revision).sha256, **fields}


def test_everybody_reads_the_state_but_not_the_comments(client: Client, desk: Client, url: str, revision: Any) -> None:
    ReviewEvent.objects.create(revision=revision, by="grace", kind="comment", text="Between us.")
    page = client.get(f"{url}/review")
    assert page.status_code == 200
    assert b"In review" in page.content
    assert b"Only reviewers decide here" in page.content
    assert b"Between us." not in page.content
    assert b"<textarea" not in page.content
    assert b"Between us." in desk.get(f"{url}/review/{revision.commit}").content


def test_a_revision_without_a_record_says_so(client: Client, url: str, model: Any) -> None:
    page = client.get(f"{url}/review")
    assert page.status_code == 200
    assert b"No review yet" in page.content
    assert client.get(f"{url}/review/{'0' * 40}").status_code == 404


def test_a_reviewer_decides_on_a_domain(desk: Client, reviewer: Any, url: str, revision: Any) -> None:
    shown = desk.get(f"{url}/review").context["page"].box
    assert shown.binding == binding_of(revision).sha256
    response = desk.post(f"{url}/review", answer(revision))
    assert response.status_code == 302
    domain = DomainReview.objects.get(revision=revision, domain="bias")
    assert (domain.state, domain.by) == ("approved", reviewer.username)
    decided = desk.get(f"{url}/review").context["page"].decided[0]
    assert (decided.domain, decided.reason, decided.binding) == ("Bias", "Looked at it.", shown.binding_short)


def test_conditions_are_chosen_or_written(desk: Client, url: str, revision: Any) -> None:
    fields = {"state": "conditional", "canned": ["Pull by commit, not by branch."], "conditions": "Steel alone.\n"}
    desk.post(f"{url}/review", answer(revision, **fields))
    assert Revision.objects.get().conditions == ["Pull by commit, not by branch.", "Steel alone."]


def test_what_was_shown_must_still_hold(desk: Client, url: str, revision: Any) -> None:
    response = desk.post(f"{url}/review", answer(revision, binding="0" * 64, text="An hour of work."))
    assert response.status_code == 409
    assert b"An hour of work." in response.content
    assert DomainReview.objects.get(revision=revision, domain="bias").state == "pending"


def test_the_uploader_decides_nothing(signed_in: Client, user: Any, url: str, revision: Any) -> None:
    from hub.governance.models import Reviewer

    Reviewer.objects.create(user=user, domain="bias", granted_by="root")
    assert not signed_in.get(f"{url}/review").context["page"].box.domains
    assert signed_in.post(f"{url}/review", answer(revision)).status_code == 403


def test_strangers_change_nothing(client: Client, url: str, revision: Any) -> None:
    stranger = browser_of(make_user())
    for action in ("decide", "assign", "tier", "submit", "suspend", "revoke", "withdraw", "sign-off", "nonsense"):
        asked = answer(revision, action=action, tier="1", code="bias", to="")
        assert stranger.post(f"{url}/review", asked).status_code in (400, 403, 409, 422), action
    assert client.post(f"{url}/review", answer(revision)).status_code == 401
    revision.refresh_from_db()
    assert (revision.state, revision.tier, revision.assigned_to) == ("in-review", 2, None)


def test_what_changed_since_the_last_approval(desk: Client, user: Any, model: Any, url: str, revision: Any) -> None:
    close_domains(revision)
    Revision.objects.filter(pk=revision.pk).update(state="approved", decided_at=clock.now(), binding="a" * 64)
    files = {"README.md": b"---\nlicense: apache-2.0\n---\n# Welds\n", "config.json": b"{}"}
    operations = [AddInline(path=path, data=data) for path, data in files.items()]
    catalog.commit(by=Viewer(user=user), repo=model, revision="main", operations=operations, title="Change it")
    make_review(model)
    since = desk.get(f"{url}/review").context["page"].since
    assert since.baseline.label == revision.commit[:12]
    assert {change.path for change in since.files.files} == {"README.md", "config.json"}
    card = next(group for group in since.groups if group.title == "Card")
    assert ("license", "mit", "apache-2.0") in [(row.name, row.before, row.after) for row in card.rows]


def test_the_first_revision_is_new_as_a_whole(desk: Client, url: str, revision: Any) -> None:
    since = desk.get(f"{url}/review").context["page"].since
    assert since.files is None
    assert "all 5 files are new" in since.summary


@pytest.mark.parametrize(
    ("state", "theirs", "reviewers"),
    [
        ("intake", {"submit", "withdraw"}, {"ask", "suspend"}),
        ("needs-info", {"answer", "withdraw"}, {"suspend"}),
        ("in-review", {"withdraw"}, {"ask", "suspend"}),
        ("approved", {"retire"}, {"suspend"}),
        ("suspended", set(), {"reinstate", "reopen"}),
        ("quarantined", set(), {"reject"}),
        ("expired", {"renew", "retire"}, {"renew", "suspend"}),
        ("rejected", set(), set()),
    ],
)
def test_steps_follow_the_table_of_states(
    signed_in: Client, desk: Client, model: Any, url: str, state: str, theirs: set[str], reviewers: set[str]
) -> None:
    make_review(model, state=state)
    for browser, deeds in ((signed_in, theirs), (desk, reviewers)):
        assert {deed.action for deed in browser.get(f"{url}/review").context["page"].deeds} == deeds


def test_suspend_and_comment(desk: Client, url: str, revision: Any) -> None:
    desk.post(f"{url}/review", {"action": "comment", "text": "See slice 3."})
    desk.post(f"{url}/review", {"action": "suspend", "code": "bias", "text": "Gap of 12 points."})
    revision.refresh_from_db()
    assert revision.state == "suspended"
    page = desk.get(f"{url}/review")
    assert b"Gap of 12 points." in page.content
    assert b"See slice 3." in page.content


def test_hostile_words_stay_words(desk: Client, url: str, revision: Any) -> None:
    ReviewEvent.objects.create(revision=revision, by="<b>x", kind="comment", text="<script>alert(1)</script>")
    page = desk.get(f"{url}/review").content
    assert b"<script>alert" not in page
    assert b"<b>x" not in page
