"""Tar files of checkpoints: the same folder the same bytes, and nothing in one that leads anywhere."""

import io
import os
import tarfile

import pytest

from workers.lib import archive, folder


@pytest.fixture
def packed(tmp_path):
    (tmp_path / "from/deep").mkdir(parents=True)
    (tmp_path / "from/deep/state").write_bytes(b"1")
    return tmp_path


def test_there_and_back(packed):
    told = [archive.pack(packed / "from", packed / name) for name in ("a.tar", "b.tar")]
    assert told[0] == told[1]
    assert (archive.unpack(packed / "a.tar", packed / "to") / "deep/state").read_bytes() == b"1"


@pytest.mark.parametrize("make", [lambda path: path.symlink_to("/etc/passwd"), os.mkfifo])
def test_what_is_no_file_is_not_packed(packed, make):
    make(packed / "from/odd")
    with pytest.raises(archive.NotPlain):
        archive.pack(packed / "from", packed / "a.tar")


def _tar(path, mode="w", **fields):
    with tarfile.open(path, mode) as tar:
        info = tarfile.TarInfo(fields.pop("name", "state"))
        for name, value in fields.items():
            setattr(info, name, value)
        tar.addfile(info, io.BytesIO(b"\0" * info.size))
    return path


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "../outside"},
        {"name": "link", "type": tarfile.SYMTYPE, "linkname": "/etc/passwd"},
        {"name": "hard", "type": tarfile.LNKTYPE, "linkname": "../outside"},
        {"name": "pipe", "type": tarfile.FIFOTYPE},
        {"mode": "w:gz", "size": 1 << 20},
    ],
)
def test_of_another_worker_only_plain_files_are_taken(tmp_path, fields):
    made = _tar(tmp_path / "odd.tar", **fields)
    with pytest.raises(archive.NotPlain):
        archive.unpack(made, tmp_path / "in/to")
    assert not (tmp_path / "in/to").exists()
    assert not (tmp_path / "outside").exists()


def test_a_folder_that_leads_out_is_no_place(tmp_path):
    made = _tar(tmp_path / "odd.tar", name="/absolute/state", size=1)
    assert (archive.unpack(made, tmp_path / "to") / "absolute/state").is_file()


def test_what_is_no_tar_is_said_so(tmp_path):
    (tmp_path / "odd.tar").write_bytes(b"nothing of the kind" * 100)
    with pytest.raises(archive.NotPlain):
        archive.unpack(tmp_path / "odd.tar", tmp_path / "to")


@pytest.mark.parametrize("text", ["[" * 100_000, "[]", "nothing"])
def test_a_report_that_is_none(tmp_path, text):
    (tmp_path / folder.RESULT).write_text(text)
    with pytest.raises(ValueError, match=r"nests|no JSON|Expecting"):
        folder.read_json(tmp_path / folder.RESULT)


def test_a_report_that_is_too_large(tmp_path):
    with (tmp_path / folder.RESULT).open("wb") as file:
        file.truncate(33 << 20)
    with pytest.raises(ValueError, match="32 MiB"):
        folder.read_json(tmp_path / folder.RESULT)
