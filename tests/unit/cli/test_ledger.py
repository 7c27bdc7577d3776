"""`headstart audit` and `key`, as they are typed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.cli.test_commands import run


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("hub") / "data"
    assert run("org", "add", "watched", "--data", folder).returncode == 0
    return folder


@pytest.fixture(scope="module")
def exported(data) -> Path:
    path = data.parent / "ledger.jsonl"
    assert run("audit", "export", path, "--data", data).returncode == 0
    return path


def offline(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Where Django can't even be imported, and no setting is there."""
    code = "import sys; sys.modules['django'] = None; from sdk.cli import main; main()"
    environment = {name: value for name, value in os.environ.items() if "DJANGO" not in name}
    return subprocess.run(
        [sys.executable, "-c", code, "audit", "verify", *map(str, arguments)],
        check=False,
        capture_output=True,
        text=True,
        env=environment,
    )


def test_the_live_ledger_is_verified(data):
    done = run("audit", "verify", "--data", data)
    assert (done.returncode, done.stdout.splitlines()[-1]) == (0, "Everything is as it was written.")


def test_an_export_is_verified_where_there_is_no_hub(data, exported):
    done = offline(exported)
    assert done.returncode == 0, done.stderr
    assert "Everything is as it was written." in done.stdout
    assert run("key", "show", "--data", data).stdout.strip() in done.stdout


def test_a_changed_export_fails_by_number(exported, tmp_path):
    first, event, *rest = exported.read_text().splitlines()
    told = json.loads(event)
    told["event"]["actor"] = "eve"
    changed = tmp_path / "changed.jsonl"
    changed.write_text("\n".join([first, json.dumps(told), *rest]))
    done = offline(changed)
    assert (done.returncode, "Event 1 is not as it was written." in done.stdout) == (1, True)
    changed.write_text("no export\n")
    assert "Error:" in offline(changed).stderr


def test_the_key_can_be_shown_and_rotated(data, tmp_path):
    old = run("key", "show", "--data", data).stdout.strip()
    pem = run("key", "show", "--pem", "--data", data).stdout
    assert pem.startswith("-----BEGIN PUBLIC KEY-----")
    new = run("key", "rotate", "--yes", "--data", data).stdout.strip()
    shown = run("key", "show", "--data", data)
    assert (shown.stdout.strip(), old in shown.stderr) == (new, True)
    assert new != old
    assert run("audit", "verify", "--data", data).returncode == 0
