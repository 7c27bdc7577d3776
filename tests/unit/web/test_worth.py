"""A fine-tune beside the same from random weights: one picture, for page and program."""

import pytest

from hub.core import clock
from hub.jobs.models import Metric
from tests.factories import make_token, make_user
from tests.factories.jobs import make_job
from tests.factories.orders import make_offers
from workers.contract import JobResult, Measured

pytestmark = pytest.mark.django_db(transaction=True)
DATA = {"dataset": "me/rows", "dataset_commit": "c" * 40, "split": "test"}
CLOCK = [[10, 2.0], [20, 4.0]]


def pair(user, *, state="succeeded", tuned=(0.8, 0.9), scratch=(0.3, 0.7), **more):
    """Two jobs with a look at steps 10 and 20 each."""
    make_offers()
    first = _half(user, tuned, "succeeded", (0.9, 0.85, 0.95))
    return first, _half(user, scratch, state, (0.7, 0.6, 0.78), parent=first, spec={"from_scratch": True}, **more)


def _half(user, values, state, ends, **more):
    told = Measured("accuracy", ends[0], 200, *ends[1:], **DATA)
    over = {"ended_at": clock.now(), "device_seconds": 5.0} if state in ("succeeded", "failed") else {}
    result = JobResult(measured=(told,), tables={"clock": CLOCK}).to_json() if state == "succeeded" else None
    job = make_job(user, kind="finetune", recipe="text-classification", state=state, step=20, total_steps=20,
                   result=result, **over, **more)  # fmt: skip
    for step, value in zip((10, 20), values, strict=True):
        Metric.objects.create(job=job, name="accuracy", split="validation", step=step, value=value)
    return job


def api(client, user, job):
    headers = {"HTTP_AUTHORIZATION": f"Bearer {make_token(user, 'read')}"}
    return client.get(f"/api/headstart/jobs/{job.public_id}/head-start", **headers)


def test_both_pages_show_what_it_was_worth(signed_in, user):
    for job in pair(user):
        text = signed_in.get(f"/jobs/{job.public_id}").content.decode()
        assert "The fine-tune reached the best that random weights came to (accuracy 0.7, at step 20, 4 s)" in text
        assert "by step 10 after 2 s: 50% of the time saved" in text
        assert "Random weights never reached" in text and "0.2 ahead in accuracy" in text
        assert "may be chance" not in text
        assert '{"labels": [10, 20], "series"' in text


def test_never_reached_is_an_answer(signed_in, user):
    first, _ = pair(user, tuned=(0.1, 0.2))
    text = signed_in.get(f"/jobs/{first.public_id}").content.decode()
    assert "The fine-tune never reached" in text and "worth nothing" in text


@pytest.mark.parametrize(("state", "words"), [("queued", "stands when both are over"), ("failed", "no comparison")])
def test_half_a_comparison_is_none(signed_in, user, state, words):
    first, _ = pair(user, state=state)
    assert words in signed_in.get(f"/jobs/{first.public_id}").content.decode()


def test_programs_get_the_numbers(client, user):
    first, second = pair(user)
    told = api(client, user, second).json()["headStart"]
    assert told == api(client, user, first).json()["headStart"]
    assert (told["state"], told["reached"]["step"], told["caughtUp"], told["savedSeconds"]) == ("ready", 10, None, 0.5)
    assert told["gap"]["isSure"] and told["gap"]["low"] == pytest.approx(0.2 - (0.05**2 + 0.08**2) ** 0.5)


def test_a_job_without_another_half(client, user):
    job = make_job(user, kind="finetune")
    make_job(user, kind="finetune", parent=job)
    assert api(client, user, job).json() == {"headStart": None}


def test_others_find_nothing(client, user):
    first, _ = pair(user)
    assert api(client, make_user(), first).status_code == 404
