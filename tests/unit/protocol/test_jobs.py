"""/api/jobs: orders, lists, logs, cancels and labels as clients of the public hub send and read them."""

import json
import threading
from urllib.parse import urlsplit

import pytest

from hub.accounts.models import Membership
from hub.core import clock, listening
from hub.core.errors import InvalidInput
from hub.jobs.labels import check_labels
from hub.jobs.models import Job, JobEvent
from hub.protocol import job_streams
from hub.protocol.job_body import read_body
from hub.protocol.job_command import command_of, image_of, order_of
from tests.factories import make_org, make_token, make_user
from tests.factories.jobs import make_job, make_running
from tests.factories.orders import make_base, make_data, make_offers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ask(call, user):
    def sent(method, target, body=None, *, by=user, scope="write"):
        token = make_token(by, scope) if by else ""
        return call(method, f"/api/jobs/{target}", token=token, body=json.dumps(body).encode() if body else b"")

    return sent


@pytest.fixture
def body(user):
    make_offers()
    base, data = make_base(user), make_data(user)
    command = ["finetune", "--base", base.full_name, "--dataset", data.full_name, "--out", "tuned"]
    return {"dockerImage": "recipe/text-classification", "command": [*command, "--config", "epochs=2"],
            "arguments": [], "environment": {}, "flavor": "cpu-basic", "timeoutSeconds": 60,
            "labels": {"name": "x-1", "team.a": "blue"}}  # fmt: skip


def said(job, *lines):
    for line in lines:
        seq = job.last_seq = job.last_seq + 1
        JobEvent.objects.create(job=job, seq=seq, at=clock.now(), kind="log", data={"lines": [line]})


def lines_of(answer):
    text = b"".join(answer.streaming_content).decode()
    return [json.loads(line[6:])["data"] for line in text.splitlines() if line.startswith("data: {")]


def test_a_run_is_an_order_of_ours(ask, body, user):
    told = ask("POST", user.username, body).json()
    job = Job.objects.get()
    assert (told["id"], told["status"]["stage"], told["flavor"]) == (job.public_id, "SCHEDULING", "cpu")
    assert told["owner"] == {"id": user.public_id, "name": user.username, "type": "user"}
    assert (job.kind, job.spec["out"], job.max_seconds) == ("finetune", f"{user.username}/tuned", 60)
    assert job.spec["config"]["epochs"] == 2 and told["labels"] == body["labels"]
    again = order_of(told["dockerImage"], told["command"])
    assert again["config"]["epochs"] == 2 and again["base_revision"] == job.base_commit


REFUSED = [
    ({"dockerImage": "python:3.12"}, "recipe/NAME"),
    ({"dockerImage": None, "spaceId": "a/b"}, "no spaces"),
    ({"command": ["python", "-c", "1"]}, "'python' is none of these"),
    ({"command": []}, "A command begins with"),
    ({"command": ["finetune", "a/b", "-c", "1"]}, "no option '-c'"),
    ({"command": ["finetune", "a/b", "a/c"]}, "said twice"),
    ({"command": ["finetune", "--seed"]}, "needs a value"),
    ({"command": ["finetune", "--dataset", "{"]}, "neither"),
    ({"command": ["finetune", "--config", "epochs"]}, "NAME=VALUE"),
    ({"command": ["evaluate", "--config", "a=1", "--config", "a.b=1"]}, "value of its own"),
    ({"command": "finetune"}, "list of words"),
    ({"flavor": "t4-small"}, "gpu-24"),
    ({"secrets": {"HF_TOKEN": "x"}}, "secrets"),
    ({"environment": {"A": "1"}}, "--config"),
    ({"volumes": [{"type": "model"}]}, "--dataset"),
    ({"expose": {"ports": [80]}}, "port"),
    ({"ssh": {"enabled": True}}, "log in"),
    ({"network": {"group": "a"}}, "group"),
    ({"attempts": 3}, "attempts"),
    ({"novelty": 1}, "novelty"),
    ({"timeoutSeconds": "1h"}, "timeoutSeconds"),
]


@pytest.mark.parametrize(("more", "says"), REFUSED)
def test_what_this_hub_does_not_do_is_refused_with_words(more, says):
    told = {"dockerImage": "recipe/x", "command": ["finetune", "--base", "a/b"], "arguments": [], "environment": {}}
    with pytest.raises(InvalidInput) as refused:
        read_body({**told, **more}, "me")
    assert says in refused.value.message


@pytest.mark.parametrize("labels", [{"1": "x"}, {"a": 1}, ["a"], {"a": "\0"}, {f"n{each}": "" for each in range(33)}])
def test_labels_are_names_and_lines(labels):
    with pytest.raises(InvalidInput, match="label"):
        check_labels(labels)


def test_a_job_goes_to_the_account_that_it_is_sent_to(ask, body, user):
    org = make_org("lab", admin=user)
    assert ask("POST", "lab", body).json()["owner"] == {"id": org.public_id, "name": "lab", "type": "org"}
    evaluation = {**body, "dockerImage": "suite/calibration", "command": ["evaluate", *body["command"][1:5]]}
    refused = ask("POST", "lab", evaluation)
    assert refused.status_code == 422 and f"belong to {user.username}" in refused.json()["error"]
    assert ask("POST", user.username, body, by=None).status_code == 401
    assert ask("POST", user.username, body, scope="read").status_code == 403


@pytest.mark.parametrize("kind", ["evaluate", "rank", "finetune"])
def test_a_command_orders_what_it_was_made_of(kind):
    source = {"repo": "a/b", "commit": "0" * 40, "role": "test", "columns": {"label": "y"}}
    spec = {"kind": kind, "base": None, "candidates": [{"repo": "a/m"}] if kind == "rank" else [], "seed": 3,
            "datasets": [source], "suites": ["calibration"], "recipe": "r", "out": "",
            "config": {"calibration": {"bins": 4}} if kind == "evaluate" else {"method": "lora"}}  # fmt: skip
    told = order_of(image_of(spec), command_of(spec))
    assert (told["kind"], told["recipe"], told["seed"], told["config"]) == (kind, "r", 3, spec["config"])
    assert told["datasets"] == [{"repo": "a/b", "revision": "0" * 40, "role": "test", "columns": {"label": "y"}}]


def test_lists_go_on_from_page_to_page_by_stage_and_label(ask, user):
    jobs = [make_job(user, labels={"team": "blue"} if number else {"a.b": ""}) for number in range(3)]
    Job.objects.filter(pk=jobs[0].pk).update(state="failed", ended_at=clock.now(), error={"message": "Why."})
    first = ask("GET", f"{user.username}?limit=2&stage=SCHEDULING&stage=ERROR")
    address = first["Link"].partition(">")[0].lstrip("<")
    second = ask("GET", urlsplit(address)._replace(scheme="", netloc="").geturl().removeprefix("/api/jobs/"))
    assert [each["id"] for each in [*first.json(), *second.json()]] == [each.public_id for each in reversed(jobs)]
    assert second.json()[0]["status"] == {"stage": "ERROR", "message": "Why."} and "Link" not in second

    def found(query):
        return [each["id"] for each in ask("GET", f"{user.username}?{query}").json()]

    assert len(found("label=team=blue")) == 2 and found("label=a.b") == [jobs[0].public_id]
    assert found("label=team=blue&stage=ERROR") == found("stage=DELETED") == found("label=team=red") == []
    assert ask("GET", f"{user.username}?stage=nonsense").status_code == 400
    assert ask("GET", f"{user.username}?label=team__contains=b").json() == []


VERBS = {"": "GET", "/logs": "GET", "/metrics": "GET", "/cancel": "POST", "/labels": "PUT", "/duplicate": "POST"}


def test_a_job_of_others_is_as_one_that_is_not_there(ask, user):
    job, mine = make_job(make_user()), make_job(user)
    own, other = job.owner.name, user.username
    at = [f"{own}/{job.public_id}", f"{own}/job_{'0' * 24}", f"{other}/{job.public_id}", f"{own}/{mine.public_id}"]
    for verb, method in VERBS.items():
        for by in (user, None):
            told = [ask(method, f"{each}{verb}", {}, by=by) for each in at]
            assert len({each.content for each in told}) == 1 and {each.status_code for each in told} == {404}
    assert ask("GET", own).status_code == ask("GET", "nobody-at-all").status_code == 404
    assert ask("GET", own, by=None).status_code == 401


def test_members_see_and_only_who_may_changes(ask, user):
    org, reader = make_org("lab", admin=user), make_user()
    Membership.objects.create(organisation=org, user=reader, role="read")
    job = make_job(user, owner=org.namespace)
    assert ask("GET", f"lab/{job.public_id}", by=reader).json()["owner"]["type"] == "org"
    assert ask("POST", f"LAB/{job.public_id}/cancel", by=reader).status_code == 403
    assert ask("PUT", f"lab/{job.public_id}/labels", {"labels": {"a": "b"}}, by=reader).status_code == 403
    assert ask("PUT", f"lab/{job.public_id}/labels", {"labels": {"a": "b"}}).json()["labels"] == {"a": "b"}
    assert ask("PUT", f"lab/{job.public_id}/labels", {"labels": {}}).json()["labels"] == {}
    assert ask("POST", f"lab/{job.public_id}/cancel").json()["status"]["stage"] == "CANCELED"


def test_the_log_is_the_same_however_often_it_is_read(ask, user, monkeypatch):
    monkeypatch.setattr(job_streams, "_LONGEST", 0.0)
    job, _, _ = make_running(by=user)
    said(job, "one", 'two {"three"}', "ü")
    at = f"{user.username}/{job.public_id}/logs"
    first, again = lines_of(ask("GET", at)), lines_of(ask("GET", at))
    assert first == again == ["one", 'two {"three"}', "ü"]
    assert lines_of(ask("GET", f"{at}?tail=1")) == ["ü"] and lines_of(ask("GET", f"{at}?tail=9")) == first


def test_metrics_are_the_newest_report_and_nothing_once_it_is_over(ask, user, monkeypatch):
    monkeypatch.setattr(job_streams, "_LONGEST", 0.0)
    job, worker, _ = make_running(by=user)
    data = {"cpu_percent": 150.0, "memory_bytes": 7, "gpu": [{"memory_bytes": 5, "utilization": 30}]}
    JobEvent.objects.create(job=job, seq=99, at=clock.now(), kind="device", data=data)
    at = f"{user.username}/{job.public_id}/metrics"
    text = b"".join(ask("GET", at).streaming_content).decode()
    told = json.loads(text.partition("data: ")[2])
    assert (told["cpu_millicores"], told["memory_used_bytes"], told["replica"]) == (1500, 7, worker.name)
    assert told["memory_total_bytes"] >= 7 and told["gpus"]["0"]["memory_total_bytes"] >= 5
    Job.objects.update(state="succeeded", ended_at=clock.now())
    assert b"".join(ask("GET", at).streaming_content) == b""


def test_too_many_listeners_are_sent_away(ask, user, monkeypatch):
    monkeypatch.setattr(listening, "_open", threading.BoundedSemaphore(1))
    job = make_job(user)
    first = ask("GET", f"{user.username}/{job.public_id}/logs")
    assert ask("GET", f"{user.username}/{job.public_id}/logs").status_code == 503
    first.close()


def test_again_is_a_job_of_its_own(ask, body, user):
    first = ask("POST", user.username, body).json()
    at = f"{user.username}/{first['id']}"
    assert ask("POST", f"{at}/duplicate").status_code == 409
    ask("POST", f"{at}/cancel")
    again = ask("POST", f"{at}/duplicate").json()
    assert again["id"] != first["id"] and again["command"] == first["command"] and again["labels"] == first["labels"]


def test_hardware_is_what_workers_have(ask):
    make_offers(device_class="gpu-80", memory=80 * 10**9)
    told = ask("GET", "hardware").json()
    assert [each["name"] for each in told] == ["gpu-24", "gpu-80"]
    assert told[1]["accelerator"]["vram"] == "80 GB" and told[0]["unitCostUSD"] == 0
