"""The libraries that sit on the stock client, and its command line."""

import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.clients, pytest.mark.timeout(600)]
SCRIPT = Path(__file__).with_name("library_script.py")


def test_libraries_push_and_load(run_client):
    assert run_client(sys.executable, "-W", "ignore", SCRIPT).endswith("done\n")


def test_the_command_line(run_client, client_python, tmp_path):
    hf = client_python("hf-2.4.0").with_name("hf")
    folder = tmp_path / "files"
    (folder / "sub").mkdir(parents=True)
    (folder / "weights.bin").write_bytes(bytes(range(256)) * 100)
    (folder / "sub" / "note.txt").write_text("a note")
    assert "ada" in run_client(hf, "auth", "whoami")
    run_client(hf, "repos", "create", "ada/by-hand")
    run_client(hf, "upload", "ada/by-hand", folder, ".", "--commit-message", "By hand")
    run_client(hf, "upload", "ada/by-hand", folder / "sub", "branched", "--revision", "side")
    assert "ada/by-hand" in run_client(hf, "models", "ls", "--author", "ada", "--search", "by-hand", "-q")
    assert "ada/by-hand" in run_client(hf, "models", "info", "ada/by-hand")
    run_client(hf, "download", "ada/by-hand", "--local-dir", tmp_path / "pulled")
    assert (tmp_path / "pulled" / "weights.bin").read_bytes() == bytes(range(256)) * 100
    assert (tmp_path / "pulled" / "sub" / "note.txt").read_text() == "a note"
    run_client(hf, "cache", "verify", "ada/by-hand", "--local-dir", tmp_path / "pulled")
    run_client(hf, "repos", "tag", "create", "ada/by-hand", "v1")
    run_client(hf, "repos", "delete", "ada/by-hand", "--yes")
