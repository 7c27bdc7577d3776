"""Copies, squashed histories and the sign-in by code, asked by the stock clients."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.protocol.conftest import client_environment

pytestmark = [pytest.mark.clients, pytest.mark.timeout(300)]
SCRIPT = Path(__file__).with_name("upkeep_script.py")
CONFIRM = """
import sys
import django
django.setup()
from hub.accounts import device_logins
from hub.accounts.selectors import find_user
from tests.factories import viewer_of
ada = viewer_of(find_user("ada"))
login = device_logins.find(by=ada, user_code=sys.argv[1])
device_logins.approve(by=ada, login=login, label="by code", scope="write", days=30)
print(login.client)
"""


@pytest.mark.parametrize("client", ["hf-0.36.2", "hf-1.33.0", "hf-2.4.0"])
def test_a_client_keeps_house(client_python, run_client, live_hub, client):
    told = {"HUB_REPO": f"ada/upkeep-{client.replace('.', '-')}", "HUB_STRANGER": live_hub.tokens["bob"]}
    assert run_client(client_python(client), SCRIPT, **told).endswith("done\n")


def test_hf_auth_login_without_a_token(client_python, live_hub, tmp_path):
    """The command as a program runs it; the person's answer is given where their page gives it."""
    environment = client_environment(live_hub, tmp_path, "ada")
    del environment["HF_TOKEN"]
    hf = client_python("hf-2.4.0").with_name("hf")
    command = [str(hf), "auth", "login", "--format", "agent"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    with subprocess.Popen(command, env=environment | {"PYTHONUNBUFFERED": "1"}, **pipes) as process:
        said = process.stdout.readline()
        code = re.search(r"enter the code ([A-Z]{4}-[A-Z]{4})\b", said)
        assert code and f"{live_hub.url}/login/device?user_code={code[1]}" in said, said
        assert "python-httpx" in live_hub.run("-c", CONFIRM, code[1])
        assert "logged in as ada (token saved as 'by code')" in process.communicate(timeout=60)[0]
    asked = subprocess.run(
        [str(hf), "auth", "whoami", "--format", "json"], env=environment, capture_output=True, check=True
    )
    assert json.loads(asked.stdout)["user"] == "ada"
