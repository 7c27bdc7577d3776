"""Lists by the stock clients of three generations; what their command line finds is what the page finds."""

import json
import re
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from tests.live import LiveHub
from tests.protocol.test_clients import CLIENTS

pytestmark = [pytest.mark.clients, pytest.mark.timeout(600)]
SCRIPT = Path(__file__).with_name("listing_script.py")


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A hub whose pages have their static files."""
    hub = LiveHub(tmp_path_factory.mktemp("site"))
    (hub.data_dir / "static").mkdir()
    hub.run("manage.py", "collectstatic", "--noinput", "-v0")
    yield hub.start()
    hub.stop()


def prefix(client):
    return f"ada/seek{client.replace('.', '').replace('-', '')}"


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_looks_around(client_python, run_client, client):
    printed = run_client(client_python(client), SCRIPT, HUB_PREFIX=prefix(client), HF_HUB_DISABLE_XET="1")
    assert printed.endswith("done\n")


@pytest.mark.parametrize("client", CLIENTS[1:])
def test_the_command_line_and_the_page_agree(client_python, run_client, site, client):
    python, name = client_python(client), f"{prefix(client)}cli"
    run_client(python, SCRIPT, hub=site, HUB_PREFIX=name, HF_HUB_DISABLE_XET="1")
    word = name.partition("/")[2]
    for text in (word, f"{word} tweets", "sorts letters"):
        ls = [python.with_name("hf"), "models", "ls", "--search", text, "--limit", "20", "--format", "json"]
        ls += ["--sort", "created_at"]
        listed = [one["id"] for one in json.loads(run_client(*ls, hub=site))]
        assert listed == on_the_page(site.url, q=text, sort="created") and listed


def on_the_page(url, **asked):
    """The models that the page lists, in its order."""
    page = urllib.request.urlopen(f"{url}/models?{urllib.parse.urlencode(asked)}").read().decode()
    return list(dict.fromkeys(re.findall(r'href="/(ada/seek[\w.-]+)"', page)))
