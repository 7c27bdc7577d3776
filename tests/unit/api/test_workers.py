"""The workers' door: who comes in, what each call says, and that a stale token opens nothing."""

import hashlib
import json

import pytest

from hub.jobs.models import Attempt, Checkpoint, Job, JobEvent, Metric
from hub.jobs.services import leases
from hub.storage.models import Holding
from tests.factories import make_token, make_user
from tests.factories.jobs import make_job, make_running, make_worker_with_secret

pytestmark = pytest.mark.django_db(transaction=True)
BASE = "/api/headstart/workers/"
FAILURE = {"code": "internal", "message": "Oh."}
DATA = b"a checkpoint"
SHA256 = hashlib.sha256(DATA).hexdigest()
POINT = {"name": "a", "step": 1, "value": 1}
JOIN = {"name": "w", "device": "cpu", "device_class": "cpu", "slots": 1, "hardware": {}, "versions": {}, "offers": []}
# Deeper than what the hub writes down as JSON.
NESTED: list = []
for _ in range(300):
    NESTED = [NESTED]
# Each report: the method, its path behind the job, its body.
REPORTS = {
    "renew": ("post", {"progress": {"step": 5}}),
    "state": ("post", {"to": "finalizing"}),
    "events": (
        "post",
        {"events": [{"seq": 1, "at": "", "kind": "metric", "data": {"name": "a", "step": 1, "value": 1}}]},
    ),
    "checkpoints/5": ("put", DATA),
    "predictions": ("put", DATA),
    "draft": ("post", {}),
    "finish": ("post", {"measured": []}),
    "fail": ("post", FAILURE),
    "release": ("post", {"reason": "drain"}),
    "cancelled": ("post", {}),
}


class Door:
    def __init__(self, client, secret):
        self.client, self.headers = client, {"Authorization": f"Bearer {secret}"}

    def call(self, method, path, body, **headers):
        headers = self.headers | {name.replace("_", "-"): str(value) for name, value in headers.items()}
        if isinstance(body, bytes):
            kind, headers = "application/octet-stream", {"X-Sha256": hashlib.sha256(body).hexdigest()} | headers
        else:
            kind, body = "application/json", json.dumps(body)
        return getattr(self.client, method)(BASE + path, body, content_type=kind, headers=headers)

    def report(self, name, job, token):
        method, body = REPORTS[name]
        return self.call(method, f"jobs/{job.public_id}/{name}", body, X_Lease_Token=token)


@pytest.fixture
def held(client):
    worker, secret = make_worker_with_secret()
    return Door(client, secret), *make_running(worker=worker)


def test_a_whole_job_over_http(client):
    _, secret = make_worker_with_secret()
    door, job = Door(client, secret), make_job()
    lease = door.call("post", "claim", {"job": job.public_id, "free": 1}).json()
    assert (lease["job"]["id"], lease["token"], lease["job"]["base"]["commit"]) == (job.public_id, 1, job.base_commit)
    assert door.call("post", "claim", {"job": "", "free": 1}).status_code == 204
    for state in ("preparing", "running"):
        assert door.call("post", f"jobs/{job.public_id}/state", {"to": state}, X_Lease_Token=1).json() == {
            "state": state
        }
    assert door.report("events", job, 1).json() == {"seq": 1}
    told = door.report("checkpoints/5", job, 1)
    assert (told.status_code, told.json()) == (201, {"step": 5, "sha256": SHA256, "size": len(DATA)})
    path = f"{BASE}jobs/{job.public_id}/checkpoints/5"
    back = client.get(path, headers=door.headers | {"X-Lease-Token": "1"})
    assert b"".join(back.streaming_content) == DATA
    assert door.report("renew", job, 1).json() == {"seconds": 60.0, "cancel": False, "drain": False}
    assert door.report("predictions", job, 1).status_code == 201
    assert door.report("state", job, 1).json() == {"state": "finalizing"}
    assert door.report("finish", job, 1).json() == {"state": "succeeded"}
    assert door.call("post", "heard", {"running": [], "device": {}}).json() == {"drain": False}


def _picture(job):
    """All that a report could change."""
    rows = [Job.objects.filter(pk=job.pk), Attempt.objects.filter(job=job), Metric.objects, Checkpoint.objects]
    return [list(row.values()) for row in [*rows, JobEvent.objects, Holding.objects.filter(committed_at__isnull=False)]]


@pytest.mark.parametrize("name", REPORTS)
@pytest.mark.parametrize("how", ["older", "newer", "expired", "given back", "somebody else's", "unknown"])
def test_no_report_is_taken_without_the_lease(held, how, name, client, time_after):
    door, job, worker, token = held
    if how == "expired":
        time_after(61)
    elif how == "given back":
        leases.release(worker=worker, job_id=job.public_id, token=token)
    elif how == "somebody else's":
        door = Door(client, make_worker_with_secret()[1])
    elif how == "unknown":
        job.public_id = "job_" + "0" * 24
    before = _picture(job)
    answer = door.report(name, job, {"older": token - 1, "newer": token + 1}.get(how, token))
    assert (answer.status_code, answer.json()["code"]) == (409, "lease_lost")
    assert _picture(job) == before


@pytest.fixture
def time_after(monkeypatch):
    import datetime as dt

    from hub.core import clock

    real = clock.now
    return lambda seconds: monkeypatch.setattr(clock, "now", lambda: real() + dt.timedelta(seconds=seconds))


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer hsw_wrong", "Basic hsw_wrong"])
def test_the_door_is_shut_without_a_workers_token(client, header):
    for path in ("join", "claim", "heard", "jobs/job_0/renew"):
        answer = client.post(BASE + path, "{}", content_type="application/json", headers={"Authorization": header})
        assert (answer.status_code, answer.json()["code"]) == (401, "bad_worker_token")


def test_a_persons_token_does_not_open_it_nor_a_workers_anything_else(client):
    _, secret = make_worker_with_secret()
    assert Door(client, make_token(make_user(), "admin")).call("post", "claim", {}).status_code == 401
    answer = client.get("/api/whoami-v2", headers={"Authorization": f"Bearer {secret}"})
    assert answer.status_code == 401


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("join", {"name": "w"}),
        ("join", []),
        ("join", JOIN),
        ("join", JOIN | {"hardware": 3}),
        ("join", JOIN | {"hardware": {"cores": "x", "memory": 1, "disk": 1}}),
        ("join", JOIN | {"hardware": {"cores": 1, "memory": 1, "disk": 1}, "slots": None}),
        ("jobs/JOB/events", {"events": "x"}),
        ("jobs/JOB/events", {"events": [1]}),
        ("jobs/JOB/events", {"events": [{"seq": "1", "at": 3, "kind": [], "data": 9}]}),
        ("jobs/JOB/events", {"events": [{"seq": 1, "at": "", "kind": "log", "data": []}]}),
        ("jobs/JOB/fail", {"message": "without a code"}),
        ("jobs/JOB/finish", {"measured": [{"metric": "x"}]}),
        ("jobs/JOB/state", {"to": ["x"]}),
    ],
)
def test_odd_bodies_are_refused_with_a_word(held, path, body):
    door, job, _, token = held
    answer = door.call("post", path.replace("JOB", job.public_id), body, X_Lease_Token=token)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")


def test_what_nests_deeper_than_we_write_is_refused(held):
    door, job, _, token = held
    told = {"events": [{"seq": 1, "at": "", "kind": "device", "data": {"a": NESTED}}]}
    answer = door.call("post", f"jobs/{job.public_id}/events", told, X_Lease_Token=token)
    assert (answer.status_code, answer.json()["code"]) == (400, "parse_error")


@pytest.mark.parametrize("headers", [{"X_Lease_Token": "x"}, {"X_Sha256": "zz"}])
def test_odd_headers_are_refused_with_a_word(held, headers):
    door, job, _, token = held
    told = {"X_Lease_Token": token} | headers
    answer = door.call("put", f"jobs/{job.public_id}/checkpoints/1", DATA, **told)
    assert answer.status_code == 400
