"""Stock clients push over Xet, each in a process of its own with a fresh home."""

import hashlib
import os
import random
import subprocess
import sys
from pathlib import Path

import hf_xet
import pytest

from hub.storage.models import Blob, Scope, XetFile, Xorb
from hub.storage.services import read_range
from tests.factories import make_repo

pytestmark = [pytest.mark.clients, pytest.mark.django_db(transaction=True)]
PUSH = """
import sys
from huggingface_hub import HfApi
repo, folder = sys.argv[1:]
print(HfApi().upload_folder(repo_id=repo, folder_path=folder, commit_message="Push").oid)
"""
PULL = """
import sys
from huggingface_hub import snapshot_download
print(snapshot_download(sys.argv[1]))
"""


@pytest.fixture(autouse=True)
def storage_dir(settings, tmp_path):
    settings.STORAGE_DIR = tmp_path / "storage"
    return settings.STORAGE_DIR


@pytest.fixture
def hf(live_server, token, tmp_path):
    """Run a script of a stock client against this hub; with the same `home` it remembers what it sent."""

    def run(script: str, *arguments: str, home: str = "home", **env: str) -> str:
        mine = {name: value for name, value in os.environ.items() if not name.startswith(("HF_", "HEADSTART_"))}
        mine |= {
            "HF_ENDPOINT": live_server.url,
            "HF_TOKEN": token,
            "HF_HOME": str(tmp_path / home),
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "HF_HUB_DISABLE_PROGRESS_BARS": "1",
            "HF_XET_CLIENT_RETRY_BASE_DELAY": "100ms",
            "NO_PROXY": "localhost,127.0.0.1",
            **env,
        }
        command = [sys.executable, "-W", "ignore", "-c", script, *arguments]
        done = subprocess.run(command, env=mine, capture_output=True, text=True, timeout=240, check=False)
        assert done.returncode == 0, done.stderr[-4000:]
        return done.stdout.strip()

    return run


def sample(folder: Path, seed: int = 1) -> dict[str, bytes]:
    """Files that compress in the three ways: noise, text, and floats whose high bytes are alike; 12 MB each or so."""
    noise = random.Random(seed)
    folder.mkdir(parents=True, exist_ok=True)
    files = {
        "noise.bin": noise.randbytes(12_000_003),
        "text.bin": b"".join(b"%d: a line of text\n" % noise.randrange(10**6) for _ in range(500_000)),
        "floats.bin": b"".join(noise.randbytes(2) + b"\x80\x3f" for _ in range(3_000_000)),
    }
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return files


def check_stored(files: dict[str, bytes], folder: Path) -> None:
    for name, data in files.items():
        sha256 = hashlib.sha256(data).hexdigest()
        blob = Blob.objects.get(sha256=sha256)
        assert blob.xet_file is not None
        assert blob.xet_file.hash == hf_xet.hash_files([str(folder / name)])[0].hash
        assert read_range(sha256=sha256, start=0, length=len(data)) == data


@pytest.mark.parametrize("policy", ["none", "lz4", "bg4-lz4"])
def test_a_push_under_each_compression_policy_comes_back(hf, user, tmp_path, policy):
    repo = make_repo(owner=user)
    files = sample(tmp_path / "files")
    hf(PUSH, repo.full_name, str(tmp_path / "files"), HF_XET_XORB_COMPRESSION_POLICY=policy)
    check_stored(files, tmp_path / "files")
    pulled = Path(hf(PULL, repo.full_name, home="other"))
    assert {name: (pulled / name).read_bytes() for name in files} == files


def test_a_second_push_sends_only_what_changed(hf, user, tmp_path):
    repo = make_repo(owner=user)
    folder = tmp_path / "files"
    files = sample(folder)
    hf(PUSH, repo.full_name, str(folder))
    before = sum(Xorb.objects.values_list("disk_size", flat=True))
    files["noise.bin"] = files["noise.bin"][:6_000_000] + b"a little more" + files["noise.bin"][6_000_000:]
    (folder / "noise.bin").write_bytes(files["noise.bin"])
    hf(PUSH, repo.full_name, str(folder))
    assert sum(Xorb.objects.values_list("disk_size", flat=True)) - before < 1_000_000
    check_stored(files, folder)


def test_the_same_files_in_a_second_repository_are_brought_there_too(hf, user, tmp_path):
    """The client keeps one memory for each address: it never names one repository's chunks to another."""
    first, second = make_repo(owner=user), make_repo(owner=user)
    files = sample(tmp_path / "files")
    for repo in (first, second):
        hf(PUSH, repo.full_name, str(tmp_path / "files"))
    check_stored(files, tmp_path / "files")
    assert XetFile.objects.count() == len(files)


def test_after_the_hub_lost_chunks_a_repeated_push_heals(hf, user, tmp_path, storage_dir):
    """The client counts on what it sent before; the hub notices, changes its address, and is sent everything."""
    repo = make_repo(owner=user)
    folder = tmp_path / "files"
    files = sample(folder)
    hf(PUSH, repo.full_name, str(folder))
    for path in (storage_dir / "xorbs").rglob("*"):
        if path.is_file():
            path.unlink()
    (folder / "noise.bin").write_bytes(files["noise.bin"] + b"more")
    with pytest.raises(AssertionError, match="v1/shards"):
        hf(PUSH, repo.full_name, str(folder))
    assert Scope.objects.get(pk=repo.scope_id).generation == 2
    files["noise.bin"] += b"more"
    hf(PUSH, repo.full_name, str(folder))
    check_stored({"noise.bin": files["noise.bin"]}, folder)
