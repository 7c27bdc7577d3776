"""The stock clients of three generations, each from its own environment, over Xet and over git-lfs."""

from pathlib import Path

import pytest

pytestmark = [pytest.mark.clients, pytest.mark.timeout(600)]
SCRIPT = Path(__file__).with_name("client_script.py")


CLIENTS = ["hf-0.36.2", "hf-1.33.0", "hf-2.4.0"]


@pytest.mark.parametrize("way", ["xet", "lfs"])
@pytest.mark.parametrize("kind", ["model", "dataset"])
@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_pushes_and_pulls(client_python, run_client, client, kind, way):
    name = f"ada/{client.replace('.', '-')}-{way}"
    disabled = "1" if way == "lfs" else "0"
    printed = run_client(client_python(client), SCRIPT, HUB_KIND=kind, HUB_REPO=name, HF_HUB_DISABLE_XET=disabled)
    assert printed.endswith("done\n")


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_pushes_in_parts(client_python, run_client, hub_in_parts, client):
    name = f"ada/{client.replace('.', '-')}"
    python = client_python(client)
    printed = run_client(python, SCRIPT, hub=hub_in_parts, HUB_KIND="model", HUB_REPO=name, HF_HUB_DISABLE_XET="1")
    assert printed.endswith("done\n")
