"""Gates, asked about by the stock clients of three generations."""

import json
from pathlib import Path

import pytest

pytestmark = [pytest.mark.clients, pytest.mark.timeout(300)]
SCRIPT = Path(__file__).with_name("access_script.py")
PREPARE = """
import json, sys
import django
django.setup()
from hub.accounts.models import User
from hub.accounts.selectors import find_user
from hub.governance.services.access import request_access
from tests.factories import make_repo, viewer_of
from tests.factories.gated import ANSWERS, make_gated
User.objects.filter(username="bob").update(email="bob@example.org")
ada, bob = find_user("ada"), find_user("bob")
gated, opened = make_gated(ada, name=sys.argv[1]), make_repo(sys.argv[1] + "-open", owner=ada)
request_access(by=viewer_of(bob), repo=gated, fields=ANSWERS)
print(json.dumps([gated.full_name, opened.full_name]))
"""


@pytest.mark.parametrize("client", ["hf-0.36.2", "hf-1.33.0", "hf-2.4.0"])
def test_a_client_decides_who_reads(client_python, run_client, live_hub, client):
    gated, opened = json.loads(live_hub.run("-c", PREPARE, f"gated-{client.replace('.', '-')}").splitlines()[-1])
    told = {"HUB_REPO": gated, "HUB_OPEN": opened, "HUB_STRANGER": live_hub.tokens["bob"]}
    told["HUB_READER"] = live_hub.tokens["reader"]
    assert run_client(client_python(client), SCRIPT, **told).endswith("done\n")
