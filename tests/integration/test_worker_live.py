"""A worker with nothing but an address and a token: pulls by the SDK, trains, pushes; the hub takes the result."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.live import ROOT, LiveHub

pytestmark = pytest.mark.stack

ORDER = """
import json
import django
django.setup()
from hub.accounts.models import User
from tests.factories.jobs import make_job, make_worker_with_secret
ada = User.objects.get(username="ada")
worker, secret = make_worker_with_secret("desk")
spec = {"out": "ada/tuned", "config": {"steps": 20, "seconds": 0.02, "every": 5}}
job = make_job(ada, kind="finetune", recipe="image-classification", spec=spec)
print(json.dumps({"secret": secret, "job": job.public_id}))
"""
LOOK = """
import json, sys
import django
django.setup()
from hub.catalog.models import Repo
from hub.jobs.models import Job
job = Job.objects.get(public_id=sys.argv[1])
refs = {ref.name: ref.target for repo in Repo.objects.filter(name="tuned") for ref in repo.refs.all()}
print(json.dumps({"state": job.state, "error": job.error, "commit": job.result_commit, "refs": refs}))
"""


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    hub = LiveHub(tmp_path_factory.mktemp("hub")).start()
    yield hub
    hub.kill()


PROGRAM = """
import logging, sys
from dataclasses import replace
from pathlib import Path
from tests.workers import FakeHub, make_join, make_site
from workers.celery import serve_without_broker
from workers.contract import Offer
from workers.lib.hub import Hub
from workers.supervisor.porter import Errands
from workers.supervisor.worker import Worker
logging.basicConfig(level=logging.INFO)
url, secret, folder = sys.argv[1], sys.argv[2], Path(sys.argv[3])
hub = FakeHub()
hub.url = url
site = make_site(hub, folder, porter=Errands(url, folder / "cache", folder / "errands.log"))
site = replace(site, hub=Hub(url, secret))
offer = Offer("recipe", "image-classification", "1", "Images", "Images")
worker = Worker(site, make_join(name="desk", offers=(offer,)))
worker.join()
serve_without_broker(worker)
"""


def test_a_job_goes_all_the_way(live, tmp_path):
    ordered = json.loads(live.run("-c", ORDER).splitlines()[-1])
    environment = {name: value for name, value in os.environ.items() if name != "HEADSTART_CONFIG"}
    with (tmp_path / "log").open("wb") as log:
        command = [sys.executable, "-c", PROGRAM, live.url, ordered["secret"], str(tmp_path)]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        seen = _final(live, ordered["job"])
    finally:
        process.terminate()
        process.wait(timeout=30)
    assert seen["state"] == "succeeded", (seen, _told(tmp_path))
    assert seen["refs"]["refs/heads/main"] == seen["commit"]
    assert (tmp_path / "known_hubs.json").exists(), "the hub's key is known by the worker's folder"


def _final(live: LiveHub, job: str) -> dict:
    give_up_at = time.monotonic() + 40
    while time.monotonic() < give_up_at:
        seen = json.loads(live.run("-c", LOOK, job).splitlines()[-1])
        if seen["state"] in ("succeeded", "failed", "cancelled", "lost"):
            break
    return seen


def _told(folder: Path) -> str:
    return "".join(path.read_text() for path in (folder / "log", folder / "errands.log") if path.exists())
