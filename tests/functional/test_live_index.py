"""The index of a running hub: fresh, complete after a kill, and served while it is built anew."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from tests.functional.hub_process import COMMAND, ROOT, HubProcess, environment, eventually, running_hub
from tests.functional.wire import Wire

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]
TOKEN = "import django; django.setup(); from tests.factories import *; print(make_token(make_user('ada'), 'admin'))"
CARD = b"---\nlicense: mit\n---\n# Title\n\nA card that speaks of %s and of little else.\n"


@pytest.fixture(scope="module")
def hub(tmp_path_factory) -> Iterator[HubProcess]:
    """A hub with an indexer; `hub.wire` is ada's."""
    with running_hub(tmp_path_factory.mktemp("index")) as running:
        address = running.wait_until_up()
        variables = {"HEADSTART_DATA": str(running.data), "DJANGO_SETTINGS_MODULE": "hub.settings"}
        done = subprocess.run(
            [sys.executable, "-c", TOKEN],
            cwd=ROOT,
            env=environment() | variables,
            capture_output=True,
            text=True,
            check=True,
        )
        running.wire = Wire(f"http://{address}", done.stdout.split()[-1])
        yield running


def found(wire: Wire, query: str) -> set[str]:
    return {repo["id"] for repo in json.loads(wire.call("GET", f"/api/models?{query}"))}


def test_each_commit_is_found(hub):
    """How soon is the benchmark's question."""
    hub.wire.create("quick")
    for word in (b"xylophones", b"zeppelins", b"quinces"):
        hub.wire.commit("ada/quick", "Card", {"README.md": CARD % word}, {})
        eventually(lambda word=word: found(hub.wire, f"search={word.decode()}") == {"ada/quick"}, seconds=20)


def test_an_indexer_that_is_killed_while_it_writes_misses_nothing(hub):
    names = [f"made-{number}" for number in range(60)]
    killed = []

    def kill() -> None:
        while len(killed) < 3:
            time.sleep(0.7)
            if worker := hub.child("hub.cli.worker"):
                os.kill(worker, signal.SIGKILL)
                killed.append(worker)

    killer = threading.Thread(target=kill)
    killer.start()
    for name in names:
        hub.wire.create(name)
    killer.join()
    eventually(lambda: {f"ada/{name}" for name in names} <= found(hub.wire, "author=ada&limit=1000"), seconds=60)
    assert len(set(killed)) == 3


def test_no_search_fails_while_the_index_is_built_anew(hub):
    before = found(hub.wire, "author=ada&limit=1000")
    served = next(hub.data.glob("index/v*/current")).read_text()
    command = [*COMMAND, "reindex", "--data", str(hub.data)]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as build:
        searches = 0
        while build.poll() is None:
            assert found(hub.wire, "author=ada&limit=1000") == before
            searches += 1
        assert build.returncode == 0, build.stdout.read()
    assert searches > 3 and next(hub.data.glob("index/v*/current")).read_text() != served
    assert found(hub.wire, "author=ada&limit=1000") == before
