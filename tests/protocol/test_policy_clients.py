"""A token of a production profile in the hands of stock clients: refused with words, let through after approval."""

import json
from pathlib import Path

import pytest

pytestmark = [pytest.mark.clients, pytest.mark.timeout(600)]
SCRIPT = Path(__file__).with_name("policy_script.py")
CLIENTS = ["hf-0.36.2", "hf-1.33.0", "hf-2.4.0"]
DJANGO = "import django, json, sys\ndjango.setup()\n"
PREPARE = """
from hub.accounts import services
from hub.accounts.models import AccessToken, User
from hub.accounts.viewer import Viewer
from hub.governance.models import Profile
from hub.governance.selectors.reviews import fresh
from hub.governance.services import profiles, reviews
from tests.factories.licences import make_card
from tests.factories.policies import make_examined, make_profile

ada = User.objects.get(username="ada")
profile = Profile.objects.filter(name="production").first() or make_profile(regions=["DE"], is_commercial=True)
name = "policy-" + sys.argv[1].replace(".", "-")
files = {"README.md": make_card(license="mit"), "config.json": b"{}"}
source = {
    "kind": "public",
    "modality": "text",
    "people": {"pii": "none", "has_persons": False},
    "consent": {"basis": {"unknown": "nobody was asked: it is about stars"}, "evidence": "https://example.org/consent"},
    "licence": {"declared": "cc0-1.0", "source_url": "https://example.org/licence"},
    "contamination": {"unknown": "no test set exists"},
}
use = {"intended": ["triage"], "out_of_scope": ["diagnosis"]}
revision = fresh(make_examined(ada, name=name, files=files, data=source, use=use).pk)
reviews.set_tier(by=Viewer(user=ada), revision=revision, tier=3)
revision = reviews.submit(by=Viewer(user=ada), revision=fresh(revision.pk))
token, secret = services.issue_token(by=services.SYSTEM, user=ada, label="ward", scope=AccessToken.Scope.READ)
profiles.give_profile(by=Viewer(user=ada), token=token, profile=profile)
told = {"repo": revision.repo.full_name, "commit": revision.commit, "token": secret, "pk": revision.repo_id}
print(json.dumps(told | {"revision": revision.pk}))
"""
# Two people who had no part in it, each through the service that the desk calls.
APPROVE = """
from hub.accounts.models import User
from hub.governance.selectors.reviews import fresh
from hub.governance.services import people
from tests.factories.governance import decide, make_reviewer

def reviewer(name):
    return User.objects.filter(username=name).first() or make_reviewer(name=name)

rita, sam = reviewer("rita"), reviewer("sam")
revision = decide(fresh({revision}), rita, "security", "licence")
print(revision.state)
print(decide(revision, sam, "data", "bias", "use").state)
"""
RECORDED = """
from hub.audit.models import AuditEvent
from hub.governance.models import PullRecord
rows = PullRecord.objects.filter(repo_id={pk}).order_by("pk").values_list("by", "outcome", "environment", "client")
print(json.dumps({{"pulls": list(rows), "ledger": list(
    AuditEvent.objects.filter(action__startswith="pull.", subject__contains="{commit}").order_by("number")
    .values_list("actor", "action"))}}))
"""


@pytest.mark.parametrize("client", CLIENTS)
def test_production_is_refused_with_words_until_it_is_approved(live_hub, client_python, run_client, client, wait_for):
    told = json.loads(live_hub.run("-c", DJANGO + PREPARE, client).splitlines()[-1])
    live_hub.tokens["ward"] = told["token"]
    python, asked = client_python(client), {"HUB_REPO": told["repo"], "token": "ward"}

    branch = run_client(python, SCRIPT, HUB_REVISION="main", **asked)
    assert branch.startswith("refused GatedRepoError") and "P-02" in branch and told["commit"] in branch
    refused = run_client(python, SCRIPT, HUB_REVISION=told["commit"], **asked)
    assert refused.startswith("refused GatedRepoError")
    assert "P-01 (Only approved revisions)" in refused and "is in-review" in refused
    assert "Ask for its review at" in refused and "Decided by" in refused

    # Nothing but the review stands in its way, and half of a review isn't one.
    assert refused.count("P-") == 1
    assert live_hub.run("-c", DJANGO + APPROVE.format(**told)).split()[-2:] == ["in-review", "approved"]
    assert run_client(python, SCRIPT, HUB_REVISION=told["commit"], **asked).startswith("pulled")

    def recorded():
        return json.loads(live_hub.run("-c", DJANGO + RECORDED.format(**told)).splitlines()[-1])

    found = wait_for(recorded, lambda one: len(one["pulls"]) >= 3)
    assert [row[:3] for row in found["pulls"]] == [
        ["ada", "deny", "production"], ["ada", "deny", "production"], ["ada", "allow", "production"]
    ]  # fmt: skip
    assert found["ledger"] == [["ada", "pull.deny"], ["ada", "pull.deny"], ["ada", "pull.allow"]]
