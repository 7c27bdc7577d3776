"""Door-bells, and what the beat does for jobs that nobody rings for."""

import pytest
from django.conf import settings

from hub.celery import app
from hub.jobs import tasks
from hub.jobs.models import Job
from hub.jobs.services import ringing, tidying
from tests.factories.jobs import claim, make_job, make_running, make_worker
from workers.contract import TASK

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_bell_names_the_job_at_the_queue_of_its_class(sent):
    job = make_job(device_class="gpu-80")
    sent.clear()
    tasks.ring(job=job.public_id, more="of a newer hub")
    assert sent == [(TASK, {"job": job.public_id}, "jobs.gpu-80")]
    assert Job.objects.get().rung_at is not None


def test_nobody_rings_for_a_job_that_is_taken(sent):
    job = make_job()
    claim(job=job)
    sent.clear()
    assert not ringing.ring(job.public_id)
    assert not ringing.ring("job_0")
    assert sent == []


def test_a_waiting_job_is_rung_for_again_where_a_worker_could_take_it(sent, time):
    job = make_job()
    assert ringing.ring_again() == 0
    worker = make_worker()
    assert [ringing.ring_again() for _ in range(2)] == [1, 0]
    time.pass_(31)
    assert ringing.ring_again() == 1
    time.pass_(120)
    # The worker is no longer heard: bells would pile up for nobody.
    assert ringing.ring_again() == 0
    type(worker).objects.update(heard_at=job.ordered_at, device_class="gpu-24")
    assert ringing.ring_again() == 0


def test_what_fails_stands_in_the_way_of_nothing_after_it(monkeypatch, caplog):
    def fail():
        raise RuntimeError("a branch that can't go")

    done = []
    monkeypatch.setattr(tidying, "tidy_left", fail)
    monkeypatch.setattr(tidying, "drop_old_checkpoints", lambda: done.append(1) or 1)
    tasks.tend()
    assert (done, "a branch that can't go" in caplog.text) == ([1], True)


def test_tending_takes_back_completes_and_rings(sent, time):
    job, _, _ = make_running()
    done, _, _ = make_running("finalizing")
    Job.objects.filter(pk=done.pk).update(result={"measured": []})
    time.pass_(61)
    make_worker()
    sent.clear()
    tasks.tend()
    states = dict(Job.objects.values_list("pk", "state"))
    assert (states[job.pk], states[done.pk]) == ("queued", "succeeded")
    assert (TASK, {"job": job.public_id}, "jobs.cpu") in sent
    assert ("jobs.tidy", {"job": done.public_id}, "") in sent
    tasks.tidy(job=done.public_id)


def test_the_beat_knows_them():
    app.loader.import_default_modules()
    assert {"jobs.ring", "jobs.tend", "jobs.tidy"} <= set(app.tasks)
    assert settings.CELERY_BEAT_SCHEDULE["jobs.tend"]["schedule"] == 10
