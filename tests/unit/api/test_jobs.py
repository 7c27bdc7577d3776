"""Jobs through the API: offers, the check, the order, what can be read of it."""

import json

import pytest

from hub.accounts.models import AccessToken
from hub.api import job_stream
from hub.core import clock, listening
from hub.jobs.models import Job, JobEvent, Metric
from hub.jobs.selectors import following
from tests.factories import make_token, make_user
from tests.factories.orders import RECIPE, finetune_of, make_base, make_data, make_offers

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = "/api/headstart"


def call(client, user, address, sent=None, scope="write", **headers):
    headers |= {"Authorization": f"Bearer {make_token(user, scope)}"} if user else {}
    if sent is None:
        return client.get(f"{ROOT}/{address}", headers=headers)
    return client.post(f"{ROOT}/{address}", json.dumps(sent), content_type="application/json", headers=headers)


@pytest.fixture
def told(user):
    make_offers()
    return finetune_of(make_base(user), make_data(user), out="tuned")


@pytest.fixture
def job(client, user, told):
    """Its address."""
    answer = call(client, user, "jobs", told)
    assert answer.status_code == 201
    return f"jobs/{answer.json()['id']}"


def run(address, state="running", **fields):
    """As if a worker had it, or had had it."""
    now = clock.now()
    times = {"lease_ends_at": now} if state == "running" else {"ended_at": now}
    Job.objects.update(state=state, **times, **fields)
    found = Job.objects.get()
    JobEvent.objects.create(job=found, seq=2, kind="log", data={"lines": ["one", "two"]})
    JobEvent.objects.create(job=found, seq=3, kind="message", data={"level": "info", "text": "three"})
    Metric.objects.create(job=found, name="loss", step=1, value=0.5)


def test_offers(client, told):
    (offer,) = call(client, None, "offers?kind=recipe&task=text-classification").json()["items"]
    assert (offer["name"], offer["options"][0]["name"]) == (RECIPE.name, "epochs") and offer["awake"]
    assert call(client, None, "offers?kind=recipe&task=object-detection").json()["items"] == []


def test_workers_are_for_those_who_signed_in(client, user, told):
    assert call(client, None, "workers").status_code == 401
    (worker,) = call(client, user, "workers").json()["items"]
    assert worker["awake"] and worker["device"] == "cpu"


def test_the_check_says_what_it_means_and_orders_nothing(client, user, told):
    found = call(client, user, "jobs/check", told).json()
    assert found["faults"] == [] and found["licence"]["verdict"] in ("OK", "NEEDS_ATTRIBUTION")
    assert found["sources"][1]["mapping"] == {"text": "sentence", "label": "label"}
    assert len(found["sources"][1]["rows"]) == 5 and found["estimate"]["memoryTerms"]
    assert found["workers"] and found["place"]["ahead"] == 0 and not Job.objects.exists()


def test_a_refusal_names_every_fault(client, user, told):
    answer = call(client, user, "jobs", {**told, "config": {"epochs": "many"}, "licence": 3})
    assert answer.status_code == 422 and answer.json()["code"] == "order_refused"
    assert [fault["param"] for fault in answer.json()["faults"]] == ["licence"]
    answer = call(client, user, "jobs", {**told, "config": {"epochs": "many"}, "recipe": "alchemy"})
    assert {fault["param"] for fault in answer.json()["faults"]} == {"recipe"}
    assert call(client, user, "jobs", [1]).status_code == 422
    assert call(client, None, "jobs", told).status_code == 401
    assert call(client, user, "jobs", told, scope="read").status_code == 403


def test_a_job_is_its_owners_alone(client, user, job):
    assert call(client, user, job).json()["state"] == "queued"
    assert [each["id"] for each in call(client, user, "jobs").json()["items"]] == [job[5:]]
    other = make_user()
    for part in ("", "/events", "/stream", "/metrics", "/log", "/result", "/predictions"):
        assert call(client, other, f"{job}{part}").status_code == 404
        assert call(client, None, f"{job}{part}").status_code == 404
    assert call(client, other, f"{job}/cancel", {}).status_code == 404
    assert call(client, other, "jobs").json()["items"] == []


def test_what_it_said(client, user, job):
    run(job)
    events = call(client, user, f"{job}/events?after=1").json()
    assert [each["seq"] for each in events["items"]] == [2, 3] and events["last"] == 3
    assert call(client, user, f"{job}/log?tail=2").content == b"two\nthree\n"
    assert call(client, user, f"{job}/metrics").json()["items"] == [
        {"name": "loss", "split": "", "points": [[1, 0.5]]},
    ]
    assert call(client, user, f"{job}/events?after=x").status_code == 400
    assert call(client, user, f"{job}/result").json()["result"] is None
    assert call(client, user, f"{job}/predictions").status_code == 404


def test_the_stream_goes_on_where_it_was_left_and_ends_with_the_job(client, user, job):
    run(job, "cancelled")
    answer = call(client, user, f"{job}/stream", Accept="text/event-stream", **{"Last-Event-ID": "2"})
    assert answer["Content-Type"].startswith("text/event-stream")
    text = b"".join(answer.streaming_content).decode()
    assert text.count("id: ") == 1 and "id: 3\nevent: message" in text
    assert text.endswith('event: end\ndata: {"state":"cancelled"}\n\n')


def test_a_stream_of_a_running_job_ends_after_a_while(client, user, job, monkeypatch):
    run(job)
    monkeypatch.setattr(job_stream, "_LONGEST", 0.0)
    text = b"".join(call(client, user, f"{job}/stream").streaming_content).decode()
    assert "id: 3" in text and "event: end" not in text


@pytest.mark.parametrize("end", ["token", "membership", "job"])
def test_a_stream_ends_where_the_job_is_theirs_no_more(client, user, job, monkeypatch, end):
    monkeypatch.setattr(following, "_SURE", 0.0)
    monkeypatch.setattr(job_stream, "_PAUSE", 0.0)
    run(job)
    lines = iter(call(client, user, f"{job}/stream").streaming_content)
    assert [next(lines)[:3] for _ in range(3)] == [b"ret", b"id:", b"id:"]
    if end == "token":
        AccessToken.objects.update(revoked_at=clock.now())
    elif end == "membership":
        Job.objects.update(owner=make_user().namespace)
    else:
        Job.objects.all().delete()
    rest = b"".join(lines)
    assert rest.count(b"event: ") == 1 and b"event: end" not in rest


def test_most_threads_stay_for_pages(monkeypatch):
    monkeypatch.setattr(listening, "_open", None)
    listening.share(32)
    first = [listening.Listening(iter(())) for _ in range(12)]
    with pytest.raises(listening.Busy):
        listening.Listening(iter(()))
    listening.share(1)
    for each in (*first, *first):
        each.close()
    listening.Listening(iter(())).close()


def test_too_many_listeners_are_sent_away(client, user, job, monkeypatch):
    import threading

    monkeypatch.setattr(listening, "_open", threading.BoundedSemaphore(1))
    first = call(client, user, f"{job}/stream")
    assert call(client, user, f"{job}/stream").status_code == 503
    first.close()
    again = call(client, user, f"{job}/stream")
    assert again.status_code == 200
    again.close()


def test_cancel_and_repeat(client, user, job):
    assert call(client, user, f"{job}/cancel", {}).json()["state"] == "cancelled"
    again = call(client, user, f"{job}/repeat", {}).json()
    assert again["parent"] == job[5:] and again["state"] == "queued"
    assert call(client, user, f"{job}/retry", {}).json()["state"] == "queued"


def test_lists_are_filtered_and_paged(client, user, told):
    ids = [call(client, user, "jobs", {**told, "out": f"tuned{number}"}).json()["id"] for number in range(3)]
    first = call(client, user, "jobs?limit=2&state=open").json()
    rest = call(client, user, f"jobs?limit=2&after={first['next']}").json()
    assert [each["id"] for each in (*first["items"], *rest["items"])] == ids[::-1] and rest["next"] == ""
    assert call(client, user, "jobs?state=ended").json()["items"] == []
    assert len(call(client, user, f"jobs?repo={told['base']}&kind=finetune").json()["items"]) == 3
