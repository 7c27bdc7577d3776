"""Many open pages of one job, on raw sockets: pages still answer, and who vanishes leaves nothing."""

import contextlib
import json
import socket
import sqlite3
import struct
import time

import pytest

from tests.functional.wire import Wire
from tests.live import LiveHub

pytestmark = pytest.mark.stack
TABS, SHARE, PROCESSES = 60, 12, 2
ORDER = """
import django
django.setup()
from hub.accounts.models import User
from tests.factories.jobs import make_job
print(make_job(User.objects.get(username="ada")).public_id)
"""
SAID = """
INSERT INTO jobs_jobevent (job_id, seq, attempt, at, kind, data)
SELECT id, (SELECT count(*) + 1 FROM jobs_jobevent), 0, ordered_at, 'message', '{"level": "info", "text": "heard"}'
FROM jobs_job
"""


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    hub = LiveHub(tmp_path_factory.mktemp("hub")).start()
    yield hub
    hub.kill()


class Tab:
    """A connection that asked for the job's events. Closed, it breaks off without a word of goodbye."""

    def __init__(self, hub, job):
        port = int(hub.url.rpartition(":")[2])
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=60)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request = f"GET /api/headstart/jobs/{job}/stream HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
        self.socket.sendall(f"{request}Authorization: Bearer {hub.tokens['ada']}\r\n\r\n".encode())

    def head(self):
        found = b""
        while b"\r\n\r\n" not in found and (more := self.socket.recv(4096)):
            found += more
        self.answer = found.decode()
        return int(self.answer.split(" ")[1])

    def reads_until(self, word):
        while word not in self.answer:
            more = self.socket.recv(4096)
            assert more, self.answer
            self.answer += more.decode()


def say(hub):
    """A word of the job, as a worker's report would leave it."""
    with contextlib.closing(sqlite3.connect(hub.data_dir / "hub.sqlite3", timeout=30)) as database:
        database.execute(SAID)
        database.commit()


def test_sixty_tabs_leave_room_for_pages_and_nothing_behind(live):
    job = live.run("-c", ORDER).strip()
    ada = Wire(live.url, live.tokens["ada"])
    tabs = [Tab(live, job) for _ in range(TABS)]
    with contextlib.ExitStack() as closing:
        for tab in tabs:
            closing.callback(tab.socket.close)
        look_on(live, job, ada, tabs)
    # Their places are free again once something was to be written to them.
    say(live)
    assert all_listen(live, job, time.monotonic() + 60)


def look_on(live, job, ada, tabs):
    told = {tab: tab.head() for tab in tabs}
    listen = [tab for tab, status in told.items() if status == 200]
    assert SHARE <= len(listen) <= PROCESSES * SHARE
    away = [tab for tab in tabs if told[tab] != 200]
    assert {told[tab] for tab in away} == {503}
    assert all("Retry-After: 5" in tab.answer for tab in away)
    assert json.loads(ada.call("GET", "/api/models")) != []
    say(live)
    assert [each["seq"] for each in json.loads(ada.call("GET", f"/api/headstart/jobs/{job}/events"))["items"]] == [1]
    listen[0].reads_until("heard")


def all_listen(hub, job, give_up_at):
    """Whether as many as one process takes are heard at once, before long."""
    while time.monotonic() < give_up_at:
        tabs = [Tab(hub, job) for _ in range(SHARE)]
        told = [tab.head() for tab in tabs]
        for tab in tabs:
            tab.socket.close()
        if told == [200] * SHARE:
            return True
        say(hub)
    return False
