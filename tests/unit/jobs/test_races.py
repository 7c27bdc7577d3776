"""Two at once: whoever is first decides, the other is told so, and nothing happens twice. On SQLite and PostgreSQL."""

import datetime as dt

import pytest

from hub.core import clock
from hub.core.errors import HubError
from hub.jobs.errors import LeaseLost, StepRefused
from hub.jobs.models import Attempt, Job, JobEvent
from hub.jobs.services import cancelling, finishing, leases, reports
from tests.concurrency import together
from tests.factories import viewer_of
from tests.factories.jobs import make_job, make_running, make_worker
from workers.contract import Failure, JobResult, Lease
from workers.contract import JobEvent as Event

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = range(5)


def _soon(job: Job, seconds: float = 0.02) -> None:
    """Its lease ends about when everybody starts."""
    Job.objects.filter(pk=job.pk).update(lease_ends_at=clock.now() + dt.timedelta(seconds=seconds))


def _check_one_story(job: Job) -> None:
    """What must hold however a race ends: one open attempt while it is held, none else; events numbered in a row."""
    job.refresh_from_db()
    is_held = job.state in ("claimed", "preparing", "running", "finalizing")
    assert job.tries.filter(outcome="").count() == is_held
    assert list(job.events.order_by("seq").values_list("seq", flat=True)) == list(range(1, job.last_seq + 1))
    said = job.events.filter(kind="state")
    reached = [each.data["state"] for each in said]
    assert reached.count("succeeded") == (job.state == "succeeded")
    # Out of the way of the next round's claims and expiries.
    Job.objects.filter(pk=job.pk).delete()


def test_two_workers_and_one_job():
    for _ in ROUNDS:
        job = make_job()
        first, second = make_worker(), make_worker()
        got = together(lambda a=first: leases.claim(worker=a), lambda b=second: leases.claim(worker=b))
        assert sorted(isinstance(each, Lease) for each in got) == [False, True]
        assert None in got
        assert Attempt.objects.filter(job=job).count() == 1
        _check_one_story(job)


def test_many_workers_get_a_job_each():
    jobs = {make_job().public_id for _ in range(6)}
    workers = [make_worker() for _ in range(6)]
    got = together(*[lambda w=each: leases.claim(worker=w) for each in workers])
    again = [leases.claim(worker=worker) for worker, lease in zip(workers, got, strict=True) if lease is None]
    ids = [each.job.id for each in [*got, *again] if isinstance(each, Lease)]
    assert (sorted(ids), len(ids)) == (sorted(jobs), 6)


def test_one_worker_that_asks_twice_at_once_keeps_to_its_slots():
    for _ in ROUNDS:
        worker = make_worker()
        jobs = [make_job() for _ in range(2)]
        got = together(lambda w=worker: leases.claim(worker=w), lambda w=worker: leases.claim(worker=w))
        assert sum(isinstance(each, Lease) for each in got) == 1
        Job.objects.filter(pk__in=[job.pk for job in jobs], state="queued").delete()


def test_expiry_against_renewal():
    for _ in ROUNDS:
        job, worker, token = make_running()
        _soon(job)
        renewal, count = together(
            lambda w=worker, j=job, t=token: leases.renew(worker=w, job_id=j.public_id, token=t), leases.expire_leases
        )
        job.refresh_from_db()
        if isinstance(renewal, LeaseLost):
            assert count == 1 or Job.objects.fenced(token).count() == 0
        else:
            assert (count, job.state, job.lease_token) == (0, "running", token)
        _check_one_story(job)


def test_two_expiries_take_a_job_back_once():
    for _ in ROUNDS:
        job, _, token = make_running()
        _soon(job, -1)
        assert sorted(together(leases.expire_leases, leases.expire_leases)) == [0, 1]
        job.refresh_from_db()
        assert (job.losses, job.lease_token) == (1, token + 1)
        _check_one_story(job)


def test_finish_against_expiry():
    for _ in ROUNDS:
        job, worker, token = make_running("finalizing")
        _soon(job)
        told = {"worker": worker, "job_id": job.public_id, "token": token, "result": JobResult()}
        state, count = together(lambda t=told: finishing.finish(**t), leases.expire_leases)
        job.refresh_from_db()
        if isinstance(state, LeaseLost):
            leases.expire_leases()
            job.refresh_from_db()
            assert (job.state, job.result) == ("queued", None)
        else:
            assert (state, count, job.state, job.result is not None) == ("succeeded", 0, "succeeded", True)
        _check_one_story(job)


def test_cancel_against_finish():
    for _ in ROUNDS:
        job, worker, token = make_running("finalizing")
        told = {"worker": worker, "job_id": job.public_id, "token": token, "result": JobResult()}
        by = viewer_of(job.ordered_by)
        state, asked = together(
            lambda t=told: finishing.finish(**t), lambda b=by, j=job: cancelling.cancel(by=b, job=j)
        )
        job.refresh_from_db()
        assert state == job.state
        assert (state == "succeeded") == isinstance(asked, StepRefused)
        assert (state == "cancelled") == isinstance(asked, Job)
        _check_one_story(job)


def test_cancel_against_claim():
    for _ in ROUNDS:
        job, worker = make_job(), make_worker()
        by = viewer_of(job.ordered_by)
        lease, asked = together(
            lambda w=worker: leases.claim(worker=w), lambda b=by, j=job: cancelling.cancel(by=b, job=j)
        )
        assert isinstance(asked, Job)
        job.refresh_from_db()
        assert job.state == ("claimed" if lease else "cancelled")
        assert job.cancel_asked_at is not None
        _check_one_story(job)


def test_a_result_that_is_sent_twice_at_once_is_taken_once():
    for _ in ROUNDS:
        job, worker, token = make_running("finalizing")
        told = {"worker": worker, "job_id": job.public_id, "token": token, "result": JobResult()}
        got = together(*[lambda t=told: finishing.finish(**t)] * 3)
        assert got == ["succeeded"] * 3
        _check_one_story(job)


def test_fail_against_release():
    job, worker, token = make_running()
    told = {"worker": worker, "job_id": job.public_id, "token": token}
    failure = Failure(code="internal", message="Oh.")
    got = together(lambda: finishing.fail(**told, failure=failure), lambda: leases.release(**told))
    assert sorted(isinstance(each, HubError) for each in got) == [False, True]
    assert job.tries.exclude(outcome="").count() == 1
    _check_one_story(job)


def test_events_sent_twice_at_once_are_taken_once():
    job, worker, token = make_running()
    said = [Event(seq=n, at="", kind="log", data={"lines": [str(n)]}) for n in range(1, 11)]
    told = {"worker": worker, "job_id": job.public_id, "token": token, "told": said}
    assert together(*[lambda: reports.events(**told)] * 3) == [10, 10, 10]
    assert JobEvent.objects.filter(job=job, kind="log").count() == 10
    _check_one_story(job)
