"""A token of a production profile in the hands of stock clients: refused with words, let through after approval."""

import json
from pathlib import Path

import pytest

pytestmark = [pytest.mark.clients, pytest.mark.timeout(600)]
SCRIPT = Path(__file__).with_name("policy_script.py")
CLIENTS = ["hf-0.36.2", "hf-1.33.0", "hf-2.4.0"]
DJANGO = "import django, json, sys\ndjango.setup()\n"
PREPARE = """
from hub.accounts.models import User
from hub.accounts.viewer import Viewer
from hub.governance.models import Profile, PolicyChange
from hub.governance.services import profiles, rules
from hub.governance.selectors.policies import policies
from tests.factories import make_repo
from tests.factories.policies import head_of, make_profile, make_revision
from hub.accounts import services
from hub.accounts.models import AccessToken

ada, root = User.objects.get(username="ada"), Viewer(user=User.objects.get(username="root"))
profile = Profile.objects.filter(name="production").first() or make_profile()
# What other evidence says is not tried here: only the review decides.
for code, rule in policies().rules.items():
    if rule.stage == "pull" and code not in ("P-01", "P-02", "P-21", "P-22", "P-23"):
        rules.set_mode(by=root, rule=rule, mode="monitor", profile=profile, reason="Not tried here.")
repo = make_repo("policy-" + sys.argv[1].replace(".", "-"), owner=ada, files={"config.json": b"{}"})
make_revision(repo, state="in-review", uploader="ada")
token, secret = services.issue_token(by=services.SYSTEM, user=ada, label="ward", scope=AccessToken.Scope.READ)
profiles.give_profile(by=Viewer(user=ada), token=token, profile=profile)
print(json.dumps({"repo": repo.full_name, "commit": head_of(repo).commit, "token": secret, "pk": repo.pk}))
"""
APPROVE = """
from hub.governance.models import Revision
print(Revision.objects.filter(commit="{commit}", repo={pk}).update(state="approved"))
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

    live_hub.run("-c", DJANGO + APPROVE.format(**told))
    assert run_client(python, SCRIPT, HUB_REVISION=told["commit"], **asked).startswith("pulled")

    def recorded():
        return json.loads(live_hub.run("-c", DJANGO + RECORDED.format(**told)).splitlines()[-1])

    found = wait_for(recorded, lambda one: len(one["pulls"]) >= 3)
    assert [row[:3] for row in found["pulls"]] == [
        ["ada", "deny", "production"], ["ada", "deny", "production"], ["ada", "allow", "production"]
    ]  # fmt: skip
    assert found["ledger"] == [["ada", "pull.deny"], ["ada", "pull.deny"], ["ada", "pull.allow"]]
