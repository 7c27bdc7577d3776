"""Change plans through the API, and on the page of the review."""

import pytest

from tests.factories import make_user
from tests.factories.governance import approved, make_reviewer
from tests.unit.api.test_reviews import call

pytestmark = pytest.mark.django_db(transaction=True)
PLAN = {
    "title": "Small steps",
    "envelope": {"changes": ["weights"], "relations": [], "suite": "a/bench", "max_drop": 0.01},
}


def test_one_proposes_another_approves_and_it_ends(client):
    revision, other = approved(), make_reviewer()
    owner = revision.repo.created_by
    made = call(client, revision, owner, "plans", **PLAN)
    assert made.status_code == 201 and made.json()["approvedBy"] == ""
    at = f"plans/{made.json()['id']}"
    assert call(client, revision, owner, f"{at}/approve", reason="Mine.").status_code == 403
    assert (
        call(client, revision, other, f"{at}/approve", reason="It is measured.").json()["approvedBy"] == other.username
    )
    page = client.get(f"/{revision.repo.full_name}/review/{revision.commit}").content.decode()
    assert "Small steps" in page and f"approved by {other.username}" in page
    assert call(client, revision, owner, f"{at}/end", reason="Enough.").json()["endedAt"]
    assert "Small steps</b>" not in client.get(f"/{revision.repo.full_name}/review/{revision.commit}").content.decode()


def test_what_is_not_a_plan_is_refused(client):
    revision = approved()
    owner = revision.repo.created_by
    assert call(client, revision, owner, "plans", **{**PLAN, "envelope": {"changes": ["licence"]}}).status_code == 400
    assert call(client, revision, make_user(), "plans", **PLAN).status_code == 403
    assert call(client, revision, owner, "plans/999/end", reason="x").json()["code"] == "plan_not_found"
