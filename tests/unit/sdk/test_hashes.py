import hashlib
import os
import subprocess
from pathlib import Path

from sdk._hashes import HashMemory, digests_of_bytes, git_hasher, hash_file


def test_blob_ids_are_those_of_git(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"hello\n" * 1000)
    told = subprocess.run(["git", "hash-object", "a"], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert hash_file(tmp_path / "a", git_hasher(6000)) == told.strip()
    assert digests_of_bytes(b"hello\n" * 1000).oid == told.strip()


def settled(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    os.utime(path, ns=(1, 1_500_000_001))


def test_a_known_file_is_not_read_again(tmp_path: Path, monkeypatch) -> None:
    file = tmp_path / "file"
    settled(file, b"one")
    memory = HashMemory(tmp_path / "memory.json")
    first = memory.digests(file)
    memory.save()
    assert first.sha256 == hashlib.sha256(b"one").hexdigest()
    monkeypatch.setattr("sdk._hashes._digests", None)
    assert HashMemory(tmp_path / "memory.json").digests(file) == first


def test_a_change_is_noticed_even_with_the_old_time_stamp(tmp_path: Path) -> None:
    file = tmp_path / "file"
    settled(file, b"one")
    memory = HashMemory(tmp_path / "memory.json")
    memory.digests(file)
    settled(file, b"two")
    assert memory.digests(file).sha256 == hashlib.sha256(b"two").hexdigest()


def test_a_file_just_written_is_not_remembered(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"one")
    os.utime(file)
    memory = HashMemory(tmp_path / "memory.json")
    memory.digests(file)
    memory.save()
    assert not (tmp_path / "memory.json").exists()


def test_a_spoilt_memory_is_forgotten(tmp_path: Path) -> None:
    (tmp_path / "memory.json").write_text("{")
    (tmp_path / "file").write_bytes(b"one")
    assert HashMemory(tmp_path / "memory.json").digests(tmp_path / "file").size == 3
