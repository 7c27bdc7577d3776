"""Whose job is next, and what of it is found out before anybody has to wait."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hub.core import clock
from hub.jobs.models import Job
from hub.jobs.services import fairness, leases
from tests.factories import make_user
from tests.factories.jobs import make_job, make_worker

pytestmark = pytest.mark.django_db(transaction=True)


def test_each_comes_as_if_those_before_it_were_held():
    ada, bob = make_user(), make_user()
    first, second, third = (make_job(ada).pk for _ in range(3))
    of_bob, urgent = make_job(bob).pk, make_job(bob, priority=1).pk
    assert list(fairness.in_turn(make_worker())) == [urgent, first, second, of_bob, third]


def test_past_the_first_few_it_finds_one_that_the_worker_has_the_suite_for():
    ada = make_user()
    base = make_job(ada, spec={"suites": ["rare"]})
    for _ in range(9):
        make_job(ada, base=base.base, dataset=base.dataset, spec={"suites": ["rare"]})
    able = make_job(ada, base=base.base, dataset=base.dataset)
    assert list(fairness.in_turn(make_worker())) == [able.pk]


def test_no_number_of_jobs_that_nobody_could_run_hides_one_that_somebody_can(monkeypatch):
    monkeypatch.setattr(fairness, "_FEW", 1)
    monkeypatch.setattr(fairness, "_MORE", 2)
    ada = make_user()
    rare = make_job(ada, spec={"suites": ["rare"]})
    for _ in range(4):
        make_job(ada, base=rare.base, dataset=rare.dataset, spec={"suites": ["rare"]})
    able = make_job(ada, base=rare.base, dataset=rare.dataset)
    assert list(fairness.in_turn(make_worker())) == [able.pk]


def test_a_job_fits_into_one_slot_or_not_at_all():
    make_job(memory_bytes=5 << 30)
    assert not list(fairness.in_turn(make_worker(slots=2)))
    assert list(fairness.in_turn(make_worker(slots=1)))


@pytest.mark.parametrize(("limit", "waits"), [(10, True), (20, False)])
def test_who_used_up_the_budget_waits_with_all_that_was_ordered_before(settings, limit, waits):
    settings.JOB_BUDGETS = {"cpu": limit, "gpu-24": 1}
    ada, bob = make_user(), make_user()
    used, of_ada, of_bob = make_job(ada), make_job(ada), make_job(bob)
    Job.objects.filter(pk=used.pk).update(state="failed", ended_at=clock.now(), device_seconds=15)
    assert list(fairness.in_turn(make_worker())) == [*([] if waits else [of_ada.pk]), of_bob.pk]


def test_a_job_that_somebody_changed_since_it_was_looked_at_is_passed_over(monkeypatch):
    taken, left = make_job(), make_job()
    found = leases._prepare

    def prepare(pk):
        ready = found(pk)
        Job.objects.filter(pk=taken.pk).update(last_seq=7)
        return ready

    monkeypatch.setattr(leases, "_prepare", prepare)
    assert leases.claim(worker=make_worker()).job.id == left.public_id


def test_a_claim_asks_little_while_others_wait():
    for _ in range(3):
        make_job()
    worker = make_worker()
    with CaptureQueriesContext(connection) as asked:
        assert leases.claim(worker=worker)
    said = [each["sql"] for each in asked]
    begin = next(number for number, sql in enumerate(said) if sql.startswith("BEGIN"))
    assert (begin, len(said) - begin - 2) == (6, 11)
