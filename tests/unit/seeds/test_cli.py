"""The command, with a hub of our own making."""

import re
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

import pytest
from click.testing import CliRunner

import sdk
from seeds import publish, registry
from seeds.cli import commands
from seeds.seed import Measurement, Seed

(command,) = commands


@dataclass
class FakeHub:
    """Remembers what was pushed, by name."""

    held: dict[str, bytes] = field(default_factory=dict)
    refuses: bool = False
    recorded: set[str] = field(default_factory=set)

    def owner(self) -> str:
        return "acme"

    def fingerprint(self, seed: Seed, *, owner: str) -> bytes | None:
        return self.held.get(seed.name)

    def record(self, seed: Seed, *, owner: str) -> int:
        is_new = seed.name not in self.recorded
        self.recorded.add(seed.name)
        return int(is_new)

    def push(self, seed: Seed, folder: Path, *, owner: str) -> sdk.Pushed:
        if self.refuses:
            raise sdk.AuthError("The token may not write there.")
        self.held[seed.name] = (folder / ".headstart/seed.json").read_bytes()
        return sdk.Pushed(f"{owner}/{seed.name}", "0" * 40, "", is_new=True)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tiny: Seed, changed: Callable[..., Seed]) -> FakeHub:
    """Two seeds to choose from; the first one's build gives up."""

    def give_up(source: Path, out: Path) -> NoReturn:
        raise RuntimeError("shapes differ")

    broken = changed(name="broken", build=give_up)
    monkeypatch.setattr(registry, "SEEDS", (broken, tiny))
    hub = FakeHub()
    monkeypatch.setattr(publish, "Hub", lambda url, token: hub)
    return hub


def test_a_seed_that_fails_is_reported_and_the_rest_go_on(hub: FakeHub, cache: Path) -> None:
    done = CliRunner().invoke(command, ["--cache", str(cache)])
    assert done.exit_code == 1
    assert "FAILED: RuntimeError: shapes differ" in done.output
    assert "1 of 2 seeds failed: broken." in done.output


def test_the_second_run_skips_what_is_there(hub: FakeHub, cache: Path) -> None:
    first = CliRunner().invoke(command, ["--cache", str(cache), "--only", "tiny"])
    assert re.fullmatch(r"\[ 1/1\] tiny +\d+\.\d kB +\d+\.\d s\n", first.output)
    second = CliRunner().invoke(command, ["--cache", "/nowhere", "--only", "tiny"])
    assert (second.exit_code, "unchanged" in second.output) == (0, True)


def test_what_reviews_read_is_recorded_of_what_is_there_too(hub: FakeHub, cache: Path) -> None:
    CliRunner().invoke(command, ["--cache", str(cache), "--only", "tiny"])
    assert hub.recorded == {"tiny"}
    hub.recorded.clear()
    assert "recorded" in CliRunner().invoke(command, ["--cache", "/nowhere", "--only", "tiny"]).output


def test_other_libraries_are_not_heard(
    hub: FakeHub, cache: Path, monkeypatch: pytest.MonkeyPatch, changed: Callable[..., Seed]
) -> None:
    def loud(source: Path, out: Path) -> list[Measurement]:
        warnings.warn("a hint", UserWarning, stacklevel=1)
        print("a bar: 50%", file=sys.stderr)
        print("a message")
        (out / "model.bin").write_bytes(b"1")
        return []

    monkeypatch.setattr(registry, "SEEDS", (changed(name="loud", build=loud, minutes=3),))
    done = CliRunner().invoke(command, ["--cache", str(cache)])
    first, second = done.output.splitlines()
    assert first.strip() == "loud is trained on this machine: about 3 minutes on a CPU"
    assert re.fullmatch(r"\[ 1/1\] loud +\d+\.\d kB +\d+\.\d s", second)


def test_a_token_that_is_refused_ends_it_at_once(hub: FakeHub, cache: Path) -> None:
    hub.refuses = True
    done = CliRunner().invoke(command, ["--cache", str(cache), "--only", "tiny"])
    assert isinstance(done.exception, sdk.AuthError)


def test_folders_can_be_written_without_a_hub(hub: FakeHub, cache: Path, tmp_path: Path) -> None:
    options = ["--cache", str(cache), "--only", "tiny", "--folder", str(tmp_path / "made")]
    assert CliRunner().invoke(command, options).exit_code == 0
    assert (tmp_path / "made/models/tiny/model.bin").read_bytes() == b"weights"
    assert "there already" in CliRunner().invoke(command, options).output
    assert not hub.held


def test_the_list_and_an_unknown_name() -> None:
    listed = CliRunner().invoke(command, ["--list"])
    assert "resnet50" in listed.output
    assert "slow" in listed.output
    wrong = CliRunner().invoke(command, ["--only", "resnet5"])
    assert wrong.exit_code == 2
    assert 'There is no seed "resnet5"' in wrong.output
