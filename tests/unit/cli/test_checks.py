"""What a start checks, each with what it says when it fails."""

import os
import socket
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import click
import pytest

from hub.cli import checks, environment, valkey
from hub.cli.base import require


def test_packages_that_are_missing_are_named_with_the_command_that_brings_them(monkeypatch):
    monkeypatch.setattr(environment, "_NEEDED", ("django", "no_such_package"))
    check = checks.packages()
    assert "no_such_package" in check.problem
    assert "headstart[hub]" in check.remedy


def test_old_pythons_are_refused(monkeypatch):
    monkeypatch.setattr(checks, "MINIMUM_PYTHON", (99, 0))
    assert "3.11 or newer" in checks.python().remedy


def test_a_folder_is_made_for_its_owner_alone(tmp_path):
    assert not checks.folder(tmp_path / "new").problem
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o700


def test_a_folder_that_can_not_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(click.ClickException, match=r"can't be written.*--data DIR"):
        require(checks.folder(tmp_path / "file" / "data"))


def test_a_full_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda _: namedtuple("U", "free")(5 * 1024**2))
    assert "Only 5 MiB" in checks.disk(tmp_path).problem


def test_a_taken_port_is_said_with_the_next_one():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        number = other.getsockname()[1]
        check = checks.port("127.0.0.1", number)
    assert check.problem == f"Port {number} on 127.0.0.1 is taken."
    assert f"--port {number + 1}" in check.remedy
    assert not checks.port("127.0.0.1", number).problem


def test_an_address_of_another_machine():
    assert "Can't listen on 192.0.2.1" in checks.port("192.0.2.1", 8000).problem


def test_no_broker_to_be_found(monkeypatch):
    monkeypatch.setattr(valkey, "find_server", lambda: None)
    assert "HEADSTART_REDIS_URL" in checks.broker("").remedy
    assert not checks.broker("redis://elsewhere").problem


def test_the_wheels_server_is_found_when_none_is_on_the_path(monkeypatch):
    monkeypatch.setattr(valkey.shutil, "which", lambda _: None)
    assert valkey.find_server().endswith("valkey-server")


def test_one_hub_per_folder(tmp_path):
    checks.folder(tmp_path)
    script = (
        "import sys, time; from pathlib import Path; from hub.cli.checks import DataLock;"
        "lock = DataLock(Path(sys.argv[1])); lock.acquire(wait=0); print('held', flush=True); time.sleep(60)"
    )
    lock = checks.DataLock(tmp_path)
    with subprocess.Popen([sys.executable, "-c", script, tmp_path], stdout=subprocess.PIPE) as other:
        assert other.stdout.readline() == b"held\n"
        assert lock.is_held()
        with pytest.raises(click.ClickException, match=rf"already \(process {other.pid}\)"):
            lock.acquire(wait=5)
        other.kill()
    lock.acquire(wait=5)
    assert lock.owner() == os.getpid()
    lock.release()
    assert not lock.is_held()


def test_the_brokers_folder_in_the_shared_temp_folder_must_be_ours(tmp_path, monkeypatch):
    theirs = tmp_path / "run"
    theirs.mkdir()
    monkeypatch.setattr(valkey.os, "getuid", lambda: 12345)
    with pytest.raises(click.ClickException, match="is not yours"):
        valkey.prepare_folders(unix_socket=theirs / "s", folder=tmp_path / "broker")


def test_a_socket_path_that_is_too_long_moves_to_a_short_one():
    code = "from hub import settings; print(settings.REDIS_SOCKET)"
    data = "/tmp/" + "x" * 120
    environ = {**os.environ, "HEADSTART_DATA": data, "HEADSTART_SECRET_KEY": "x"}
    environ.pop("HEADSTART_REDIS_SOCKET", None)
    found = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=True).stdout
    assert len(found) <= 100
    assert not found.startswith(data)


def test_every_address_of_this_machine_is_answered_when_listening_on_all(monkeypatch):
    monkeypatch.delenv("HEADSTART_ALLOWED_HOSTS", raising=False)
    monkeypatch.setattr(environment.socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("10.0.0.7", 0))])
    environment.allow_host("0.0.0.0")
    assert "10.0.0.7" in os.environ["HEADSTART_ALLOWED_HOSTS"].split(",")
    environment.allow_host("hub.example")  # the first choice stands
    assert "hub.example" not in os.environ["HEADSTART_ALLOWED_HOSTS"]
    monkeypatch.delenv("HEADSTART_ALLOWED_HOSTS")


def test_help_does_not_load_django():
    code = "import hub.cli, sys; print([n for n in ('django', 'celery', 'sdk') if n in sys.modules])"
    root = Path(__file__).parents[3]
    found = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"
