import json
import sys
import types
import warnings
from importlib.metadata import EntryPoint
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import click
import pytest
from click.testing import CliRunner, Result

from sdk.cli import _main, main
from tests.unit.sdk.fake_hub import FakeHub


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(one) for one in arguments], catch_exceptions=False)


@pytest.fixture
def model(hub: FakeHub) -> FakeHub:
    hub.add("ann/net", README__md=b"---\nlicense: mit\n---\n", weights__bin=b"x" * 2000)
    return hub


def test_pull_prints_the_folder(model: FakeHub) -> None:
    done = run("pull", "ann/net", "--allow", "*.bin")
    assert done.exit_code == 0
    assert (Path(done.stdout.strip()) / "weights.bin").exists()
    assert "licence: mit" in done.stderr
    told = json.loads(run("pull", "ann/net", "--json").stdout)
    assert told["commit"] == model.commit("ann/net")
    assert told["files"][1]["path"] == "weights.bin"


def test_push_prints_the_address(hub: FakeHub, tmp_path: Path) -> None:
    (tmp_path / "net.bin").write_bytes(b"x")
    done = run("push", tmp_path / "net.bin", "ann/net", "--token", "hs_good", "-m", "First")
    assert done.exit_code == 0
    assert done.stdout == f"{hub.address}/ann/net\n"
    assert "1 sent" in done.stderr


def test_search_is_a_table(model: FakeHub) -> None:
    lines = run("search", "net").stdout.splitlines()
    assert lines[0].split() == ["NAME", "LICENCE", "TASK", "PARAMETERS", "SIZE", "PULLS", "LIBRARY", "REVIEW"]
    assert lines[1].split() == ["ann/net", "mit", "image-classification", "25.6M", "102", "MB", "3", "-", "unreviewed"]
    assert run("search", "nothing").stderr == "Nothing found.\n"
    told = json.loads(run("search", "net", "--json").stdout)
    assert (told["total"], told["items"][0]["name"], told["facets"]) == (1, "ann/net", {"licence": {"mit": 1}})


def test_search_has_the_filters_of_the_site(model: FakeHub) -> None:
    options = "--license mit --task a --task b --licence-class permissive --trained-on ann/lines --bias high --gated"
    options += (
        " --parameters 1B..7B --size ..2GB --benchmark squad/f1 --score-min 80 --sort likes --tag x --review approved"
    )
    assert run("search", "net", *options.split()).exit_code == 0
    asked = parse_qs(urlsplit(model.asked[-1].split()[1]).query)
    assert asked == {
        "kind": ["model"], "q": ["net"], "licence": ["mit"], "task": ["a", "b"], "licence_class": ["permissive"],
        "dataset": ["ann/lines"], "bias": ["high"], "gated": ["auto", "manual"], "parameters_min": ["1B"],
        "parameters_max": ["7B"], "size_max": ["2GB"], "benchmark": ["squad/f1"], "score_min": ["80.0"],
        "sort": ["likes"], "tag": ["x"], "review": ["approved"], "limit": ["20"],
    }  # fmt: skip


def test_a_narrow_terminal_keeps_names(model: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sdk.cli._search._width", lambda: 30)
    lines = run("search", "net").stdout.splitlines()
    assert lines[0].split() == ["NAME", "LICENCE"] and max(map(len, lines)) <= 30


def test_info_login_and_whoami(model: FakeHub) -> None:
    assert "licence:    mit" in run("info", "ann/net").stdout
    assert "as ann" in run("login", "--token", "hs_good").stdout
    assert run("whoami").stdout == "ann\n"
    assert json.loads(run("whoami", "--json").stdout)["organisations"] == ["team"]


def test_lock_sync_and_verify(model: FakeHub, tmp_path: Path) -> None:
    path = tmp_path / "x.lock"
    assert run("lock", "ann/net", "--file", path).exit_code == 0
    name, folder = run("sync", "--file", path).stdout.strip().split("\t")
    assert name == "ann/net"
    assert run("verify", "ann/net").exit_code == 0
    (Path(folder) / "weights.bin").resolve().write_bytes(b"y" * 2000)
    found = run("verify", "ann/net")
    assert found.exit_code == 5
    assert "damaged: weights.bin" in found.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "text"),
    [
        (["pull", "ann/none"], 3, "not found"),
        (["pull", "ann/net", "--hub", "http://127.0.0.1:9"], 6, "can't be reached"),
        (["pull", "ann/net", "--offline"], 6, "while online"),
        (["pull", "a b"], 1, "not a name"),
        (["whoami", "--token", "hs_bad"], 4, "headstart login"),
        (["sync", "--file", "none.lock"], 5, "headstart lock"),
        (["pull"], 2, "Missing argument"),
        (["nonsense"], 2, "No such command"),
    ],
)
def test_failures_have_codes_and_words(model: FakeHub, arguments: list[str], code: int, text: str) -> None:
    done = run(*arguments)
    assert done.exit_code == code
    assert text in done.stderr


def test_a_damaged_file_has_its_code(model: FakeHub) -> None:
    model.damaged.add("weights.bin")
    assert run("pull", "ann/net").exit_code == 5


@pytest.fixture
def plugin(monkeypatch: pytest.MonkeyPatch) -> None:
    module = types.ModuleType("a_plugin")
    module.commands = [click.Command("hello", callback=lambda: click.echo("hello"))]
    monkeypatch.setitem(sys.modules, "a_plugin", module)
    points = [
        EntryPoint("mine", "a_plugin:commands", _main.GROUP),
        EntryPoint("other", "not_installed_here:commands", _main.GROUP),
    ]
    monkeypatch.setattr(_main, "entry_points", lambda group: points)


@pytest.mark.usefixtures("plugin")
def test_installed_parts_add_commands() -> None:
    assert "hello" in run("--help").stdout
    assert run("hello").stdout == "hello\n"
    assert "not_installed_here" in run("nonsense").stderr


def test_own_commands_load_no_plugin(model: FakeHub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_main, "entry_points", None)
    assert run("info", "ann/net").exit_code == 0


@pytest.mark.filterwarnings("default")
def test_a_warning_is_one_line_without_the_place_it_came_from() -> None:
    @click.command()
    def warned() -> None:
        warnings.warn("Warnings while validating:\n- no licence", UserWarning, stacklevel=1)

    group = _main.Commands("headstart", commands=[warned])
    done = CliRunner().invoke(group, ["warned"])
    assert (done.exit_code, done.stderr) == (0, "Warning: Warnings while validating: - no licence\n")
