"""Reviews through the API."""

import json

import pytest

from hub.governance.selectors import reviews as selectors
from hub.governance.services.reviews import CHOICES
from tests.factories import make_repo, make_token, make_user
from tests.factories.governance import CARD, examined, make_reviewer, make_revision

pytestmark = pytest.mark.django_db(transaction=True)


def call(client, revision, user=None, step="", **sent):
    address = f"/api/headstart/models/{revision.repo.full_name}/reviews/{revision.commit}"
    headers = {"Authorization": f"Bearer {make_token(user, 'admin')}"} if user else {}
    if not step:
        return client.get(address, headers=headers)
    return client.post(f"{address}/{step}", json.dumps(sent), content_type="application/json", headers=headers)


def test_a_review_from_submission_to_approval(client):
    revision, reviewer = make_revision(), make_reviewer()
    assert call(client, revision, revision.repo.created_by, "submit").json()["state"] == "in-review"
    told = call(client, revision, reviewer).json()
    assert told["missing"] and told["domains"][1]["mayDecide"]
    for domain in ("licence", "data", "bias", "use"):
        sent = {"domain": domain, "state": "approved", "reason": "Fine.", "binding": told["binding"]}
        told = call(client, revision, reviewer, "decide", **sent).json()
    assert told["state"] == "approved" and len(told["decisions"]) == 4 and told["expiresAt"]
    assert [event["kind"] for event in told["events"]][-1] == "transition"


def test_errors_have_a_code(client):
    revision, reviewer = make_revision(), make_reviewer()
    call(client, revision, revision.repo.created_by, "submit")
    sent = {"domain": "bias", "state": "approved", "reason": "Fine.", "binding": "0" * 64}
    answer = call(client, revision, reviewer, "decide", **sent)
    assert (answer.status_code, answer.json()["code"]) == (409, "binding_changed")
    answer = call(client, revision, make_user(), "decide", **sent)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_a_reviewer")
    assert call(client, revision, reviewer, "decide", **{**sent, "state": "auto-pass"}).status_code == 400
    assert call(client, revision, None, "comment", reason="x").status_code == 401


def test_other_steps(client):
    revision, reviewer = make_revision(), make_reviewer()
    owner = revision.repo.created_by
    assert call(client, revision, owner, "tier", tier=2).json()["tier"] == 2
    call(client, revision, owner, "submit")
    assert call(client, revision, reviewer, "assign", to=reviewer.username).json()["assignedTo"] == reviewer.username
    assert call(client, revision, reviewer, "ask", reason="Which data?").json()["state"] == "needs-info"
    assert call(client, revision, owner, "answer", reason="These.").json()["state"] == "in-review"
    assert call(client, revision, owner, "comment", reason="Thanks.").json()["events"][-1]["text"] == "Thanks."
    assert call(client, revision, owner, "withdraw").json()["state"] == "withdrawn"
    assert call(client, revision, owner, "resume").json()["state"] == "intake"
    told = call(client, revision, reviewer, "suspend", code="legal", reason="A claim.").json()
    assert told["state"] == "suspended" and told["reason"] == "A legal claim: A claim."


def test_what_is_private_is_not_there(client):
    repo = make_repo(private=True, files={"README.md": CARD})
    revision = examined(repo)
    assert call(client, revision).status_code == 404 and call(client, revision, make_reviewer()).status_code == 404
    assert call(client, revision, make_reviewer(), "comment", reason="x").status_code == 404
    assert call(client, selectors.fresh(revision.pk), repo.created_by).status_code == 200


def test_the_schema_has_every_step(client):
    schema = client.get("/api/headstart/schema").json()
    steps = [path for path in schema["paths"] if "/reviews/" in path]
    assert len(steps) == 42
    choices = schema["components"]["schemas"]["Decide"]["properties"]["state"]
    assert set(CHOICES) <= {str(value) for value in json.dumps(choices).replace('"', " ").split()} or "$ref" in str(
        choices
    )
