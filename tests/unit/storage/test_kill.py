"""Kill -9 in the middle of a part, then go on."""

import os
import signal
import time
from pathlib import Path

import pytest
from django.db import connections

from hub.storage import services
from hub.storage.models import Scope
from tests.unit.storage.conftest import begin, send

pytestmark = pytest.mark.django_db(transaction=True)


class Stalling:
    """A body that gives its first bytes, says so through a file, and then hangs."""

    def __init__(self, data: bytes, flag: Path) -> None:
        self.data, self.flag = data, flag

    def read(self, size: int) -> bytes:
        if not self.data:
            self.flag.touch()
            time.sleep(60)
        head, self.data = self.data[:size], self.data[size:]
        return head


def kill_while_receiving(plan: services.UploadPlan, number: int, length: int, flag: Path) -> None:
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            body = Stalling(b"\xff" * (length // 2), flag)
            services.receive_part(upload_id=plan.upload_id, number=number, body=body, length=length)
        finally:
            os._exit(0)
    deadline = time.monotonic() + 30
    while not flag.exists() and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert flag.exists()


def test_a_part(scope: Scope, in_parts, tmp_path):
    data = os.urandom(100)
    plan = begin(scope, data)
    send(plan, 1, data)
    kill_while_receiving(plan, 2, 10, tmp_path / "flag")
    again = begin(scope, data)
    assert (again.upload_id, again.received) == (plan.upload_id, {1})
    for number in range(2, 11):
        send(again, number, data)
    blob = services.finish_upload(upload_id=plan.upload_id)
    assert services.read_range(sha256=blob.sha256, start=0, length=100) == data


def test_a_single_put(scope: Scope, tmp_path):
    data = os.urandom(3_000_000)
    plan = begin(scope, data)
    kill_while_receiving(plan, 1, len(data), tmp_path / "flag")
    again = begin(scope, data)
    assert (again.upload_id, again.received) == (plan.upload_id, frozenset())
    send(again, 1, data)
    blob = services.finish_upload(upload_id=plan.upload_id)
    assert services.read_range(sha256=blob.sha256, start=0, length=len(data)) == data
