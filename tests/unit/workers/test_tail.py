"""What a job's process appends, however odd it is."""

import json
import os

import pytest

from tests.workers import make_spec
from workers.contract import Lease
from workers.supervisor.feed import Feed
from workers.supervisor.tail import Tail, event, shown


def test_lines_come_whole_and_once(tmp_path):
    file, tail = tmp_path / "log.txt", Tail(tmp_path / "log.txt")
    assert tail.lines() == []
    file.write_bytes(b"one\ntw")
    assert tail.lines() == ["one"]
    file.write_bytes(b"one\ntwo\n")
    assert tail.lines() == ["two"]


@pytest.mark.parametrize("make", [lambda path: path.symlink_to("/etc/passwd"), os.mkfifo, os.mkdir])
def test_what_is_no_file_has_no_lines(tmp_path, make):
    make(tmp_path / "log.txt")
    assert Tail(tmp_path / "log.txt").lines() == []


def test_a_line_without_an_end_is_let_go(tmp_path):
    tail = Tail(tmp_path / "log.txt")
    (tmp_path / "log.txt").write_bytes(b"x" * (6 << 20) + b"\nthen\n")
    found = [line for _ in range(8) for line in tail.lines()]
    assert found[-1] == "then"
    assert max(map(len, found)) < 6 << 20


@pytest.mark.parametrize(
    "line",
    [
        "",
        "[]",
        "{}",
        "[" * 100_000,
        '{"kind": [], "data": {}}',
        '{"kind": "log", "data": 1}',
        '{"kind": "state", "data": {}}',
        '{"kind": "device", "data": {"a": ' + "[" * 500 + "]" * 500 + "}}",
    ],
)
def test_what_is_no_event(line):
    assert event(line) is None


def test_no_secret_is_shown():
    assert shown(["10%\r20%\r", "token hsw_abcdefgh-ijkl_mnop.", "", "x" * 3_000]) == [
        "20%",
        "token hsw_….",
        "x" * 2_000,
    ]


def test_the_end_tells_all_that_was_said(worker_hub, site, tmp_path):
    job = worker_hub.add(make_spec())
    feed = Feed(site.hub.lease(Lease.from_json(worker_hub.claim({}))), tmp_path, lambda: None)
    line = json.dumps({"kind": "message", "data": {"text": "x" * 900}}) + "\n"
    (tmp_path / "events.jsonl").write_text(line * 3_000)
    feed._thread.start()
    feed.flush()
    assert len(job.events) == 3_000
