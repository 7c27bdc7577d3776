"""The SDK before a gate: told what to do, asking, accepting the licence, pulling."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from huggingface_hub import HfApi

import sdk
from sdk.cli import main
from tests.factories.gated import ANSWERS, LICENCE
from tests.live import LiveHub

pytestmark = pytest.mark.stack
PREPARE = """
import django
django.setup()
from hub.accounts.selectors import find_user
from tests.factories import make_org
from tests.factories.gated import make_gated
make_gated(find_user("ada"), name="welds")
make_org("welders", admin=find_user("bob"))
"""


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveHub]:
    live = LiveHub(tmp_path_factory.mktemp("hub")).start()
    live.run("-c", PREPARE)
    yield live
    live.stop()


@pytest.fixture
def bob(hub: LiveHub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The SDK is bob's."""
    for variable in ("HF_ENDPOINT", "HF_TOKEN", "HF_HUB_OFFLINE", "HEADSTART_OFFLINE"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("HEADSTART_URL", hub.url)
    monkeypatch.setenv("HEADSTART_TOKEN", hub.tokens["bob"])
    monkeypatch.setenv("HEADSTART_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HEADSTART_CONFIG", str(tmp_path / "config.toml"))


def run(*arguments: str, **more: str) -> str:
    done = CliRunner().invoke(main, ["access", *arguments], catch_exceptions=False, **more)  # type: ignore[arg-type]
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.mark.usefixtures("bob")
def test_ask_accept_and_pull(hub: LiveHub) -> None:
    with pytest.raises(sdk.AuthError, match=r"sdk.request_access(.|\n)*/ada/welds/access"):
        sdk.pull("ada/welds")
    with pytest.raises(sdk.InvalidInputError, match="Country"):
        sdk.request_access("ada/welds", fields={"Company": "Acme"})
    before = sdk.access("ada/welds")
    assert (before.gate, before.may_read, before.status) == ("manual", False, "")
    assert before.asks["Country"] and not before.asks["Needed by"] and before.page == f"{hub.url}/ada/welds/access"
    assert sdk.request_access("ada/welds", fields=ANSWERS, reason="Thesis").status == "pending"
    HfApi(endpoint=hub.url, token=hub.tokens["ada"]).accept_access_request("ada/welds", "bob")
    assert (sdk.pull("ada/welds").path / "weights.bin").exists()
    [agreed] = sdk.accept_licence("ada/welds", organisation="welders", reference="DUA-7")
    assert (agreed.licence, agreed.organisation) == ("weld-licence", "welders")
    assert sdk.access("ada/welds").texts[0].accepted and sdk.accept_licence("ada/welds") == ()
    with pytest.raises(sdk.ConflictError):
        sdk.accept_licence("ada/welds", sha256="0" * 64)


@pytest.mark.usefixtures("bob")
def test_by_the_command_line() -> None:
    assert "weld-licence" in run("status", "ada/welds")
    assert json.loads(run("status", "ada/welds", "--json"))["gate"] == "manual"
    shown = run("accept", "ada/welds", "--organisation", "welders", input="y\n")
    assert LICENCE.decode() in shown and "is accepted for welders" in shown
    answers = [f"--field={name}={value}" for name, value in ANSWERS.items()]
    asked = CliRunner().invoke(main, ["access", "request", "ada/welds", *answers])
    assert asked.exit_code != 0 and ("may read" in asked.output or "waits" in asked.output)
    wrong = CliRunner().invoke(main, ["access", "request", "ada/welds", "--field", "Company"])
    assert wrong.exit_code == 2 and "NAME=VALUE" in wrong.output
