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
# How the command line is asked for an order, and how the page is; neither names one: best match first.
ORDERS = (
    ([], {}),
    (["--sort", "created_at"], {"sort": "created"}),
    (["--sort", "downloads"], {"sort": "downloads"}),
    (["--sort", "likes"], {"sort": "likes"}),
    (["--sort", "last_modified"], {"sort": "updated"}),
)


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
    hf = [python.with_name("hf"), "models", "ls", "--limit", "20", "--format", "json"]
    for text in (word, f"{word} tweets", "sorts letters"):
        for sort, asked in ORDERS:
            listed = [one["id"] for one in json.loads(run_client(*hf, "--search", text, *sort, hub=site))]
            assert listed == on_the_page(site.url, q=text, **asked) and listed, (text, sort)
    listed = [one["id"] for one in json.loads(run_client(*hf, "--author", "ada", hub=site))]
    assert listed == on_the_page(site.url, owner="ada") and len(listed) > 1


@pytest.mark.parametrize("client", CLIENTS)
def test_a_program_and_the_page_agree(client_python, run_client, site, client):
    """`list_models` of each generation, without an order and with one, and the page under the same one."""
    python, name = client_python(client), f"{prefix(client)}api"
    run_client(python, SCRIPT, hub=site, HUB_PREFIX=name, HF_HUB_DISABLE_XET="1")
    word = name.partition("/")[2]
    for text, order, asked in ((word, "", {}), (word, "downloads", {"sort": "downloads"}), (f"{word} letters", "", {})):
        asks = f"search={text!r}" + (f", sort={order!r}" if order else "")
        script = f"from huggingface_hub import HfApi; print(*(m.id for m in HfApi().list_models({asks})))"
        assert run_client(python, "-c", script, hub=site).split() == on_the_page(site.url, q=text, **asked), asks


def on_the_page(url, **asked):
    """The models that the page lists, in its order."""
    page = urllib.request.urlopen(f"{url}/models?{urllib.parse.urlencode(asked)}").read().decode()
    return list(dict.fromkeys(re.findall(r'href="/(ada/seek[\w.-]+)"', page)))
