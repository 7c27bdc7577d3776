"""Claim, renew, give back, expire."""

import datetime as dt

import pytest

from hub.accounts.errors import BadToken
from hub.accounts.models import AccessToken
from hub.accounts.selectors import viewer_for_token
from hub.catalog import services as catalog
from hub.core import clock
from hub.jobs.errors import LeaseLost
from hub.jobs.models import Attempt, Job, State
from hub.jobs.selectors import trusted
from hub.jobs.services import cancelling, leases
from tests.factories import make_repo, make_user, viewer_of
from tests.factories.jobs import claim, make_job, make_running, make_worker

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_claim_lends_the_job_with_a_lease(time):
    worker, job = make_worker(), make_job()
    lease = claim(worker, job)
    attempt = Attempt.objects.get()
    assert (lease.token, lease.attempt, lease.seconds, job.state) == (1, 1, 60, "claimed")
    assert (attempt.worker, attempt.token, job.attempts, job.worker) == (worker, 1, 1, worker)
    assert job.events.get().data == {"state": "claimed", "before": "queued", "text": f"Worker {worker.name}"}
    assert Job.objects.fenced(1).get() == job
    time.pass_(61)
    assert not Job.objects.fenced(1).exists()


def test_the_access_token_opens_what_the_job_reads_and_nothing_else():
    ada = make_user()
    hidden = make_repo(owner=ada, private=True)
    base = make_repo(owner=ada, private=True)
    job = make_job(ada, base=base)
    viewer = viewer_for_token(claim(job=job).access_token)
    seen = {repo.public_id for repo in (base, job.dataset)}
    assert (viewer.user, viewer.only_repositories, viewer.token.scope) == (ada, seen, "read")
    assert hidden.public_id not in viewer.only_repositories


def test_a_token_without_repositories_would_open_all_so_there_is_none():
    job = make_job(base=None, spec={"base": None, "datasets": []})
    assert claim(job=job).access_token == ""


@pytest.mark.parametrize(
    "fields",
    [
        {"device_class": "gpu-24"},
        {"memory_bytes": 9 << 30},
        {"recipe": "other", "spec": {"recipe": "other"}},
        {"spec": {"suites": ["calibration"]}},
        {"not_before": clock.now() + dt.timedelta(hours=1)},
    ],
)
def test_a_job_that_the_worker_cannot_run_stays(fields):
    make_job(**fields)
    assert leases.claim(worker=make_worker()) is None


@pytest.mark.parametrize("fields", [{"is_draining": True}, {"revoked_at": clock.now()}])
def test_such_a_worker_gets_nothing(fields):
    make_job()
    assert leases.claim(worker=make_worker(**fields)) is None


def test_a_worker_never_has_more_jobs_than_slots():
    worker = make_worker(slots=2)
    jobs = [make_job() for _ in range(3)]
    assert [claim(worker).job.id for _ in range(2)] == [job.public_id for job in jobs[:2]]
    assert leases.claim(worker=worker) is None


def test_a_larger_gpu_takes_the_jobs_of_a_smaller_one_but_none_of_a_cpu():
    make_job(device_class="cpu")
    small = make_job(device_class="gpu-24", memory_bytes=20 * 10**9)
    assert claim(make_worker(device_class="gpu-80")).job.id == small.public_id


def test_priority_then_fairness_then_age():
    ada, bob, cy = make_user(), make_user(), make_user()
    first, second = make_job(ada), make_job(ada)
    of_bob, of_cy, urgent = make_job(bob), make_job(cy), make_job(ada, priority=5)
    used = Attempt.objects.create(job=make_job(bob, state="cancelled", ended_at=clock.now()), token=9, worker_name="w")
    Attempt.objects.filter(pk=used.pk).update(started_at=clock.now() - dt.timedelta(hours=1), ended_at=clock.now())
    got = [claim(make_worker()).job.id for _ in range(5)]
    # The urgent one; then Cy has none and took nothing, Bob none but an hour, Ada one at a worker's.
    assert got == [job.public_id for job in (urgent, of_cy, of_bob, first, second)]


def test_a_hint_goes_before_others_of_the_same_account_but_not_before_its_turn():
    ada = make_user()
    make_job(ada)
    hinted, urgent = make_job(ada), make_job(make_user(), priority=1)
    got = [leases.claim(worker=make_worker(), hint=hinted.public_id) for _ in range(2)]
    assert [lease.job.id for lease in got if lease] == [urgent.public_id, hinted.public_id]


def test_a_job_whose_data_went_out_of_sight_fails_in_place_of_being_lent():
    ada = make_user()
    theirs = make_repo(owner=make_user(), kind="dataset")
    gone, next_one = make_job(ada, dataset=theirs), make_job(ada)
    catalog.update_settings(by=viewer_of(theirs.created_by), repo=theirs, private=True)
    assert claim().job.id == next_one.public_id
    gone.refresh_from_db()
    assert (gone.state, gone.error["code"]) == ("failed", "hub_refused")
    assert theirs.full_name in gone.error["message"]


def test_renewing_keeps_lease_and_access_token(time):
    job, worker, token = make_running()
    time.pass_(50)
    told = leases.renew(worker=worker, job_id=job.public_id, token=token, progress={"step": 7, "total": 9})
    job.refresh_from_db()
    assert (told.cancel, told.drain, told.seconds, job.step, job.total_steps) == (False, False, 60, 7, 9)
    time.pass_(50)
    assert Job.objects.fenced(token).exists()
    assert AccessToken.objects.get().expires_at == job.lease_ends_at


def test_a_renewal_tells_of_cancel_and_drain():
    job, worker, token = make_running()
    cancelling.cancel(by=viewer_of(job.ordered_by), job=job)
    type(worker).objects.update(is_draining=True)
    told = leases.renew(worker=worker, job_id=job.public_id, token=token)
    assert (told.cancel, told.drain) == (True, True)


def test_odd_progress_changes_nothing():
    odd = {"step": "7", "total": -1, "seconds_left": float("nan")}
    assert leases.progress_fields({**odd, "x": 1}) == {}
    assert leases.progress_fields({"step": True, "total": 1e300}) == {}


@pytest.mark.parametrize("state", ["claimed", "preparing", "running", "finalizing"])
def test_an_expired_job_is_queued_again_and_its_token_shut(state, time):
    job, worker, token = make_running(state)
    secret_opens = AccessToken.objects.get()
    time.pass_(61)
    with pytest.raises(LeaseLost):
        leases.renew(worker=worker, job_id=job.public_id, token=token)
    assert leases.expire_leases() == 1
    job.refresh_from_db()
    attempt, secret_opens = job.tries.get(), AccessToken.objects.get(pk=secret_opens.pk)
    assert (job.state, job.worker, job.lease_token, job.losses) == ("queued", None, token + 1, 1)
    assert (attempt.outcome, attempt.ended_at is not None, secret_opens.revoked_at is not None) == ("lost", True, True)
    # The lease ran for a minute: what comes after it is nobody's device time.
    assert 59 < job.device_seconds < 61


def test_three_losses_without_progress_are_final(time):
    job = make_job()
    for expected in ("queued", "queued", "lost"):
        claim(job=job)
        time.pass_(61)
        assert leases.expire_leases() == 1
        job.refresh_from_db()
        assert job.state == expected
    assert (job.error["code"], job.ended_at is not None, job.attempts) == ("worker_lost", True, 3)
    assert leases.claim(worker=make_worker()) is None


def test_a_lost_worker_of_a_cancelled_job_ends_it(time):
    job, _, _ = make_running()
    cancelling.cancel(by=viewer_of(job.ordered_by), job=job)
    time.pass_(61)
    leases.expire_leases()
    job.refresh_from_db()
    assert (job.state, job.tries.get().outcome) == ("cancelled", "cancelled")


def test_a_job_given_back_counts_as_no_failure():
    job, worker, token = make_running()
    assert leases.release(worker=worker, job_id=job.public_id, token=token, reason="drain") == "queued"
    job.refresh_from_db()
    assert (job.losses, job.failures, job.tries.get().outcome) == (0, 0, "released")
    assert claim(job=job).token == token + 2


def test_a_token_ends_with_its_attempt():
    job, worker = make_job(), make_worker()
    lease = claim(worker, job)
    leases.release(worker=worker, job_id=job.public_id, token=lease.token)
    with pytest.raises(BadToken):
        viewer_for_token(lease.access_token)
    assert job.tries.filter(outcome="").count() == 0


def test_device_seconds_add_up_over_attempts(time):
    job = make_job()
    for _ in range(2):
        worker = make_worker()
        lease = claim(worker, job)
        time.pass_(30)
        leases.release(worker=worker, job_id=job.public_id, token=lease.token)
    job.refresh_from_db()
    assert 60 <= job.device_seconds < 70
    assert job.state == State.QUEUED


def test_one_that_can_not_be_taken_back_stands_in_nobodys_way(time, caplog):
    (odd, _, _), (job, _, _) = make_running(), make_running()
    odd.tries.all().delete()
    time.pass_(61)
    assert leases.expire_leases() == 1
    job.refresh_from_db()
    assert (job.state, "can't be taken back" in caplog.text) == ("queued", True)


@pytest.mark.parametrize("still", [True, False])
def test_code_that_lost_its_approval_is_not_run(still, monkeypatch):
    facts = {"state": "approved" if still else "recalled", "code_hashes": ["a"], "approved_code_hashes": ["a"]}
    monkeypatch.setattr(trusted.reviews, "revision_of", lambda *_: None)
    monkeypatch.setattr(trusted.reviews, "review_facts", lambda _: facts)
    job = make_job()
    Job.objects.filter(pk=job.pk).update(spec={**job.spec, "base": {**job.spec["base"], "trust_code": True}})
    lease = leases.claim(worker=make_worker())
    job.refresh_from_db()
    assert (lease is not None, job.state, job.error.get("code")) == (
        (True, "claimed", None) if still else (False, "failed", "remote_code_required")
    )
