"""The desk: who sees it, what waits there, in which order, and what its forms do."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from hub.core import clock
from hub.governance.models import Reviewer, Revision
from tests.factories import make_repo, make_user
from tests.factories.governance import make_reviewer
from tests.factories.reviews import close_domains, make_review

pytestmark = pytest.mark.django_db


def browser_of(user: Any) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def reviewer() -> Any:
    return make_reviewer()


@pytest.fixture
def desk(reviewer: Any) -> Client:
    return browser_of(reviewer)


def names_in(response: Any) -> list[str]:
    return [row.name for row in response.context["page"].rows]


def test_only_reviewers_have_a_desk(desk: Client, client: Client, signed_in: Client) -> None:
    assert desk.get("/desk").status_code == 200
    refused = signed_in.get("/desk")
    assert refused.status_code == 403
    assert b"Only a reviewer" in refused.content
    assert Client().get("/desk").url == "/login?next=/desk"


def test_an_empty_desk_says_so(desk: Client) -> None:
    assert b"Nothing waits" in desk.get("/desk").content
    assert b"Nothing waits that fits" in desk.get("/desk?tier=4").content


def test_the_riskiest_comes_first(desk: Client) -> None:
    old = clock.now() - dt.timedelta(days=9)
    make_review(make_repo("tool", files={"a": b"a"}), tier=2)
    make_review(make_repo("old-tool", files={"a": b"a"}), tier=2, submitted_at=old)
    make_review(make_repo("grave", files={"a": b"a"}), tier=4)
    biased = make_repo("biased", files={"a": b"a"})
    biased.__class__.objects.filter(pk=biased.pk).update(bias_severity="high")
    make_review(biased, tier=2)
    almost = make_review(make_repo("almost", files={"a": b"a"}), tier=2, submitted_at=old)
    close_domains(almost, "security", "licence", "data")
    assert names_in(desk.get("/desk")) == ["grave", "biased", "old-tool", "tool", "almost"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", {"open", "stopped", "ending", "fresh"}),
        ("state=suspended", {"stopped"}),
        ("state=expiring", {"ending"}),
        ("domain=bias", {"stopped", "open", "fresh"}),
        ("tier=3", {"open"}),
        ("assigned=nobody", {"stopped", "ending", "fresh"}),
        ("q=OPE", {"open"}),
        ("kind=dataset", {"fresh"}),
        ("mine=yes&state=in-review", {"open"}),
        ("state=nonsense&tier=9&kind=x", {"open", "stopped", "ending", "fresh"}),
    ],
)
def test_filters(desk: Client, reviewer: Any, asked: str, found: set[str]) -> None:
    make_review(make_repo("open", files={"a": b"a"}), tier=3, assigned_to=reviewer)
    make_review(make_repo("stopped", files={"a": b"a"}), state="suspended")
    make_review(make_repo("fresh", kind="dataset", files={"a": b"a"}), state="intake")
    make_review(make_repo("far", files={"a": b"a"}), state="approved", expires_at=clock.now() + dt.timedelta(days=90))
    ending = make_review(
        make_repo("ending", files={"a": b"a"}), state="approved", expires_at=clock.now() + dt.timedelta(days=9)
    )
    close_domains(ending)
    assert set(names_in(desk.get(f"/desk?{asked}"))) == found


def test_a_private_repository_takes_membership(desk: Client, reviewer: Any) -> None:
    secret = make_repo("secret", private=True, files={"a": b"a"})
    revision = make_review(secret)
    make_review(make_repo("own", owner=reviewer, private=True, files={"a": b"a"}))
    assert names_in(desk.get("/desk")) == ["own"]
    assert desk.post("/desk", {"revision": revision.pk, "to": reviewer.username}).status_code == 404
    assert desk.get(f"/{secret.full_name}/review").status_code == 404
    assert "secret" in names_in(browser_of(make_user(is_admin=True)).get("/desk"))


def test_take_and_give(desk: Client, reviewer: Any) -> None:
    revision, other = make_review(), make_reviewer("bias")
    desk.post("/desk", {"revision": revision.pk, "to": reviewer.username})
    assert Revision.objects.get().assigned_to == reviewer
    desk.post("/desk", {"revision": revision.pk, "to": other.username})
    assert Revision.objects.get().assigned_to == other
    desk.post("/desk", {"revision": revision.pk, "to": ""})
    assert Revision.objects.get().assigned_to is None


def test_the_masthead_counts_what_the_reviewer_may_decide(desk: Client, reviewer: Any, signed_in: Client) -> None:
    make_review()
    make_review(make_repo(owner=reviewer, files={"a": b"a"}))
    assert desk.get("/glossary").context["site"].waiting == 1
    assert b"/desk" not in signed_in.get("/glossary").content


def test_pages_of_the_queue(desk: Client) -> None:
    for number in range(32):
        make_review(make_repo(f"m{number}", files={"a": b"a"}))
    first = desk.get("/desk?kind=model").context["page"]
    assert (len(first.rows), first.total, first.next_url) == (30, 32, "/desk?kind=model&from=30")
    last = desk.get(first.next_url).context["page"]
    assert (len(last.rows), last.next_url, last.previous_url) == (2, "", "/desk?kind=model")


def test_governance_at_a_glance(client: Client, desk: Client) -> None:
    make_review()
    make_review(make_repo("hidden-thing", private=True, files={"a": b"a"}), state="suspended", reason="Why")
    page = client.get("/governance")
    assert b"hidden-thing" not in page.content
    assert {tally.label: tally.count for tally in page.context["page"].states}["In review"] == 1
    assert {tally.count for tally in page.context["page"].domains} == {1}
    assert b"/desk?state=in-review" in desk.get("/governance").content


def test_administrators_make_reviewers(signed_in: Client, user: Any) -> None:
    admin = browser_of(make_user("root", is_admin=True))
    asked = {"action": "grant", "name": user.username, "domain": ["bias", "data"]}
    assert signed_in.post("/governance/reviewers", asked).status_code == 403
    assert admin.post("/governance/reviewers", asked).status_code == 302
    assert set(Reviewer.objects.values_list("domain", flat=True)) == {"bias", "data"}
    assert user.username.encode() in signed_in.get("/governance/reviewers").content
    admin.post("/governance/reviewers", {"action": "revoke", "name": user.username, "domain": "data"})
    assert list(Reviewer.objects.values_list("domain", flat=True)) == ["bias"]
