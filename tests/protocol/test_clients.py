"""The stock clients of three generations, each from its own environment, over Xet and over git-lfs."""

from pathlib import Path

import pytest

pytestmark = [pytest.mark.clients, pytest.mark.timeout(600)]
SCRIPT = Path(__file__).with_name("client_script.py")


@pytest.mark.parametrize("xet", ["xet", "lfs"])
@pytest.mark.parametrize(("client", "kind"), [("hf-0.36.2", "model"), ("hf-1.33.0", "dataset"), ("hf-2.4.0", "model")])
def test_a_client_pushes_and_pulls(client_python, run_client, client, kind, xet):
    name = f"ada/{client.replace('.', '-')}-{xet}"
    printed = run_client(
        client_python(client),
        SCRIPT,
        HUB_KIND=kind,
        HUB_REPO=name,
        HF_HUB_DISABLE_XET="1" if xet == "lfs" else "0",
    )
    assert printed.endswith("done\n")
