"""Cancel in each state, try again, and who may."""

import pytest

from hub.accounts.errors import NotAllowed
from hub.accounts.services import remove_member
from hub.core import clock
from hub.jobs.errors import NoSuchJob, OverBudget, StepRefused
from hub.jobs.models import Job
from hub.jobs.services import cancelling, finishing, leases, tidying
from tests.factories import make_org, make_user, viewer_of
from tests.factories.jobs import claim, make_job, make_running, make_worker
from workers.contract import Failure, JobResult

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_queued_job_is_cancelled_at_once():
    job = make_job()
    made = cancelling.cancel(by=viewer_of(job.ordered_by), job=job)
    assert (made.state, made.cancel_asked_by, made.ended_at is not None) == ("cancelled", job.ordered_by.username, True)
    assert leases.claim(worker=make_worker()) is None


@pytest.mark.parametrize("state", ["claimed", "preparing", "running", "finalizing"])
def test_a_held_job_is_asked_to_stop(state):
    job, worker, token = make_running(state)
    by = viewer_of(job.ordered_by)
    assert [cancelling.cancel(by=by, job=job).state for _ in range(2)] == [state, state]
    assert job.events.filter(kind="message").count() == 1
    assert leases.renew(worker=worker, job_id=job.public_id, token=token).cancel
    told = {"worker": worker, "job_id": job.public_id, "token": token}
    assert [finishing.cancelled(**told) for _ in range(2)] == ["cancelled"] * 2
    assert cancelling.cancel(by=by, job=job).state == "cancelled"


def test_what_is_over_stays_over():
    job, worker, token = make_running("finalizing")
    finishing.finish(worker=worker, job_id=job.public_id, token=token, result=JobResult())
    for act in (cancelling.cancel, cancelling.retry):
        with pytest.raises(StepRefused):
            act(by=viewer_of(job.ordered_by), job=job)


def test_a_failed_job_is_tried_again_under_a_newer_token(sent):
    job, worker, token = make_running()
    finishing.fail(worker=worker, job_id=job.public_id, token=token, failure=Failure(code="bad_spec", message="No."))
    made = cancelling.retry(by=viewer_of(job.ordered_by), job=job)
    assert (made.state, made.error, made.ended_at, made.failures) == ("queued", {}, None, 0)
    assert sent[-1] == ("jobs.ring", {"job": job.public_id}, "")
    assert claim(job=job).token > token


def test_a_cancelled_job_that_is_tried_again_is_not_cancelled_any_more():
    job = make_job()
    by = viewer_of(job.ordered_by)
    cancelling.cancel(by=by, job=job)
    assert cancelling.retry(by=by, job=job).cancel_asked_at is None
    assert claim(job=job)


def test_who_may_change_a_job():
    ada, reader, writer = make_user(), make_user(), make_user()
    org = make_org(admin=ada, read=reader, write=writer)
    job = make_job(ada, owner=org.namespace)
    with pytest.raises(NoSuchJob):
        cancelling.cancel(by=viewer_of(make_user()), job=job)
    for viewer in (viewer_of(reader), viewer_of(ada, "read")):
        with pytest.raises(NotAllowed):
            cancelling.cancel(by=viewer, job=job)
    assert cancelling.cancel(by=viewer_of(writer), job=job).state == "cancelled"
    assert cancelling.retry(by=viewer_of(make_user(is_admin=True)), job=job).state == "queued"


def test_who_left_the_organisation_sees_its_jobs_no_more():
    ada, eve = make_user(), make_user()
    org = make_org(admin=ada, write=eve)
    job = make_job(eve, owner=org.namespace)
    assert Job.objects.visible_to(viewer_of(eve)).get() == job
    remove_member(by=viewer_of(ada), organisation=org, user=eve)
    assert not Job.objects.visible_to(viewer_of(eve)).exists()
    with pytest.raises(NoSuchJob):
        cancelling.cancel(by=viewer_of(eve), job=job)


def test_another_try_takes_a_budget_too(settings):
    settings.JOB_BUDGETS = {"cpu": 10}
    job = make_job()
    Job.objects.filter(pk=job.pk).update(state="failed", ended_at=clock.now(), device_seconds=10)
    for by in (job.ordered_by, make_user(is_admin=True)):
        with pytest.raises(OverBudget):
            cancelling.retry(by=viewer_of(by), job=job)


def test_checkpoints_of_a_job_that_is_over_are_dropped_after_a_day(time):
    from tests.unit.jobs.test_reports import save

    held = make_running()
    save(held, 1, b"one")
    job, worker, token = held
    finishing.fail(worker=worker, job_id=job.public_id, token=token, failure=Failure(code="bad_spec", message="No."))
    assert tidying.drop_old_checkpoints() == 0
    time.pass_(25 * 3600)
    assert [tidying.drop_old_checkpoints() for _ in range(2)] == [1, 0]
    assert not Job.objects.get(pk=job.pk).checkpoints.exists()
