"""Likes, collections and people, asked by the stock clients of three generations."""

import json
from pathlib import Path

import pytest

pytestmark = [pytest.mark.clients, pytest.mark.timeout(300)]
SCRIPT = Path(__file__).with_name("community_script.py")
PREPARE = """
import json, sys
import django
django.setup()
from hub.accounts.selectors import find_user
from hub.community import services
from tests.factories import make_repo, viewer_of
ada, bob = find_user("ada"), find_user("bob")
shown, hidden = (make_repo(sys.argv[1] + end, owner=ada, private=end == "-hidden") for end in ("-shown", "-hidden"))
for repo in (shown, hidden):
    services.like(by=viewer_of(ada), repo=repo)
services.watch_owner(by=viewer_of(bob), owner=ada.namespace)
print(json.dumps([shown.full_name, hidden.full_name]))
"""


@pytest.mark.parametrize("client", ["hf-0.36.2", "hf-1.33.0", "hf-2.4.0"])
def test_a_client_likes_and_collects(client_python, run_client, live_hub, client):
    name = f"community-{client.replace('.', '-')}"
    shown, hidden = json.loads(live_hub.run("-c", PREPARE, name).splitlines()[-1])
    told = {"HUB_REPO": shown, "HUB_HIDDEN": hidden, "HUB_STRANGER": live_hub.tokens["bob"]}
    assert run_client(client_python(client), SCRIPT, **told).endswith("done\n")
