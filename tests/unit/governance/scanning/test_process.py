"""The process that reads files ends at its limits, and whatever becomes of it, each file has an answer."""

import os
from pathlib import Path
from typing import Any

import pytest

from hub.governance.scanning import process
from hub.governance.scanning.process import File, Limits, scan_files
from hub.governance.selectors.scans import kind_of


def file(path: str, data: bytes) -> File:
    return File(path, len(data), lambda start, length: data[start : start + length])


def told(*files: File, limits: Limits | None = None) -> list[dict[str, Any]]:
    return list(scan_files(files, limits))


def program(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """A scanner that does this instead, once it is shut in."""
    begin = "import sys; sys.path.insert(0, sys.argv.pop(1)); import os, time, socket, subprocess; "
    begin += "from hub.governance.scanning import child; child.shut_in(int(sys.argv[1]), int(sys.argv[2])); "
    monkeypatch.setattr(process, "_PROGRAM", f"{begin}sys.stdin.buffer.readline()\n{code}")


SAY = '\nprint(\'{"report": {"verdict": "clean", "opinions": [], "coverage": {"said": "%s"}}}\' % said, flush=True)'


def said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, attempt: str) -> str:
    """How an attempt of the process ends, in its own words."""
    begin = f"os.chdir({str(tmp_path)!r})\n"
    program(
        monkeypatch,
        f"{begin}try:\n    {attempt}\n    said = 'done'\nexcept Exception as e:\n    said = type(e).__name__{SAY}",
    )
    return str(told(file("a", b"a"))[0]["coverage"]["said"])


def test_one_process_reads_many_files() -> None:
    reports = told(file("a.txt", b"one"), file("b.pkl", b"cos\nsystem\n."), file("c.json", b"{}"))
    assert [one["verdict"] for one in reports] == ["clean", "malicious", "clean"]


def test_only_what_is_needed_of_a_large_file_is_read() -> None:
    header = b'{"a":{"dtype":"U8","shape":[8000000000],"data_offsets":[0,8000000000]}}'
    begin = len(header).to_bytes(8, "little") + header
    read: list[int] = []

    def zeros(start: int, length: int) -> bytes:
        read.append(length)
        return (begin[start : start + length]).ljust(length, b"\0")

    (report,) = told(File("model.safetensors", len(begin) + 8_000_000_000, zeros))
    assert report["verdict"] == "clean"
    assert report["coverage"]["of"] > 8_000_000_000
    assert sum(read) < 1_000_000


@pytest.mark.parametrize(
    ("attempt", "end"),
    [
        ("os.write(os.open('written', os.O_WRONLY | os.O_CREAT), b'x')", ("OSError", "PermissionError")),
        ("subprocess.run(['true'])", ("BlockingIOError", "PermissionError")),
        ("socket.create_connection(('127.0.0.1', 9))", ("OSError", "PermissionError")),
        ("data = b'x' * (4 << 30)", ("MemoryError",)),
    ],
)
def test_what_it_may_not_do(
    attempt: str, end: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert said(monkeypatch, tmp_path, attempt) in end


def test_a_process_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    program(monkeypatch, "time.sleep(600)")
    (report,) = told(file("a.txt", b"a"), limits=Limits(seconds=1))
    assert report["verdict"] == "error"
    assert "1 seconds" in report["opinions"][0]["reason"]


def test_a_process_that_works_too_long_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    program(monkeypatch, "while True: pass")
    (report,) = told(file("a.txt", b"a"), limits=Limits(cpu_seconds=1))
    assert report["verdict"] == "error"


@pytest.mark.parametrize("answer", ["nonsense", '{"read": [0, 999999999]}', '{"read": [-1, 5]}', "[]", '{"report": 1}'])
def test_a_process_that_lies_is_not_believed(answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program(monkeypatch, f"print({answer!r}, flush=True); time.sleep(60)")
    assert [one["verdict"] for one in told(file("a", b"a"), file("b", b"b"))] == ["error", "error"]


def test_its_environment_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEADSTART_SECRET_KEY", "secret")
    program(monkeypatch, f"said = sorted(os.environ) == ['LC_ALL']{SAY}")
    assert told(file("a", b"a"))[0]["coverage"]["said"] == "True"
    assert "HEADSTART_SECRET_KEY" in os.environ


def test_a_revision_of_files_that_end_the_scanner_does_not_hold_it_up(monkeypatch):
    monkeypatch.setattr(process, "_Child", Ending)
    Ending.count = 0
    files = [process.File("a", 1, lambda start, length: b"a")] * (process.MOST_ENDED + 20)
    assert {report["verdict"] for report in process.scan_files(files)} == {"error"}
    assert Ending.count == process.MOST_ENDED


class Ending:
    """A process that ends on whatever it is given."""

    count = 0

    def __init__(self, limits):
        Ending.count += 1

    def scan(self, file):
        raise process._Ended("the scan took too long")

    def end(self):
        pass


@pytest.mark.parametrize(("one", "other"), [("a.txt.gz", "a.yaml.gz"), ("a.pkl.bz2", "a.json.bz2"), ("a.pt", "a.txt")])
def test_what_is_read_in_another_way_has_another_verdict(one, other):
    assert kind_of(one) != kind_of(other)
