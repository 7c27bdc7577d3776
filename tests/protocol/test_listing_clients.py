"""Lists by the stock clients of three generations; what their command line finds is what the page finds."""

import json
import re
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from tests.protocol.test_clients import CLIENTS

pytestmark = [pytest.mark.clients, pytest.mark.timeout(600)]
SCRIPT = Path(__file__).with_name("listing_script.py")


def prefix(client):
    return f"ada/seek{client.replace('.', '').replace('-', '')}"


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_looks_around(client_python, run_client, client):
    printed = run_client(client_python(client), SCRIPT, HUB_PREFIX=prefix(client), HF_HUB_DISABLE_XET="1")
    assert printed.endswith("done\n")


@pytest.mark.parametrize("client", CLIENTS[1:])
def test_the_command_line_and_the_page_agree(client_python, run_client, live_hub, client):
    python = client_python(client)
    name = f"{prefix(client)}cli"
    run_client(python, SCRIPT, HUB_PREFIX=name, HF_HUB_DISABLE_XET="1")
    word = name.partition("/")[2]
    for text in (word, f"{word} tweets", "sorts letters"):
        command = [python.with_name("hf"), "models", "ls", "--search", text, "--limit", "20", "--format", "json"]
        listed = [one["id"] for one in json.loads(run_client(*command))]
        assert listed == on_the_page(live_hub.url, text) and listed


def on_the_page(url, text):
    """The models that the page lists, in its order."""
    page = urllib.request.urlopen(f"{url}/models?{urllib.parse.urlencode({'q': text})}").read().decode()
    return list(dict.fromkeys(re.findall(r'href="/(ada/seek[\w.-]+)"', page)))
