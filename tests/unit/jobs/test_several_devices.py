"""Jobs that train on several devices at once: what is ordered, who gets them, what they cost."""

import datetime as dt
from dataclasses import replace

import pytest

from hub.core import clock
from hub.jobs import estimates
from hub.jobs.errors import OrderRefused
from hub.jobs.models import Attempt, Budget, Job
from hub.jobs.order_reading import read_order
from hub.jobs.orders import order_again
from hub.jobs.selectors.budgets import budget_of, spent
from hub.jobs.selectors.spending import spending_of
from hub.jobs.services import fairness, leases, orders
from tests.factories import make_user, viewer_of
from tests.factories.jobs import make_job, make_worker
from tests.factories.orders import RECIPE, SUITE, finetune_of, make_base, make_data, make_offers
from workers.contract import DeviceClass

pytestmark = pytest.mark.django_db(transaction=True)
WIDE = replace(RECIPE, spreads=True)


def told_of(user, **more):
    return finetune_of(make_base(user), make_data(user), **more)


def faults_of(user, told):
    return [(fault.param, fault.message) for fault in orders.check(viewer_of(user), read_order(told)).faults]


def test_an_order_for_several_devices_becomes_a_job_for_a_worker_that_gives_as_many(user):
    make_offers(WIDE, SUITE, spread=4)
    job = orders.order(by=viewer_of(user), order=read_order(told_of(user, gpus=2)))
    assert (job.devices, job.spec["gpus"], order_again(job.spec).gpus) == (2, 2, 2)
    assert list(fairness.in_turn(make_worker(spread=2))) == [job.pk]
    assert list(fairness.in_turn(make_worker())) == []


def test_one_device_is_what_nobody_asked_about(user):
    make_offers(WIDE, spread=4)
    job = orders.order(by=viewer_of(user), order=read_order(told_of(user)))
    assert (job.devices, job.spec["gpus"]) == (1, 0)


@pytest.mark.parametrize(
    ("offer", "more", "fault"),
    [
        (WIDE, {"gpus": 3, "config": {"batch_size": 9}},
         ("gpus", "No worker gives a job 3 devices at once; the most is 2.")),
        (WIDE, {"gpus": 2, "config": {"batch_size": 9}},
         ("config.batch_size", "A batch of 9 can't be shared alike by 2 devices.")),
        (RECIPE, {"gpus": 2}, ("gpus", "Text classification trains on one device.")),
        (WIDE, {"gpus": 65}, ("gpus", "A job has from 1 to 64 devices.")),
        (WIDE, {"gpus": 2, "kind": "evaluate"}, ("gpus", "Only a fine-tune has several devices.")),
    ],
)  # fmt: skip
def test_what_can_not_be_shared_is_refused_with_the_reason(user, offer, more, fault):
    make_offers(offer, spread=2)
    told = told_of(user) | more
    assert fault in faults_of(user, told)
    with pytest.raises(OrderRefused):
        orders.order(by=viewer_of(user), order=read_order(told))


def test_each_device_takes_its_share_of_the_batch_and_of_the_time():
    facts = estimates.Facts("convolution", parameters=2_000_000, rows=1_000, batch=8)
    for device in (DeviceClass.GPU_24, DeviceClass.CPU):
        one = estimates.estimated(facts, device)
        two = estimates.estimated(replace(facts, devices=2), device)
        work = [next(term.value for term in each.time_terms if term.name == "passes") for each in (one, two)]
        assert work[1] == work[0] / 2
        assert (two.memory < one.memory) == (device is DeviceClass.GPU_24)
        assert two.memory == int(sum(term.value for term in two.memory_terms))


def test_seconds_count_for_each_device(user):
    job = make_job(user, devices=4)
    other = make_job(make_user())
    assert leases.claim(worker=make_worker(spread=4))
    before = clock.now() - dt.timedelta(seconds=10)
    Attempt.objects.filter(job=job).update(started_at=before)
    assert 40 <= budget_of(user.namespace, DeviceClass.CPU).used < 60
    (on_cpu, *_) = spending_of(user.namespace)
    assert on_cpu.budget.device is DeviceClass.CPU and 40 <= on_cpu.budget.used < 60
    for limit, is_spent in ((30, True), (300, False)):
        Budget.objects.update_or_create(owner=user.namespace, device_class="cpu", defaults={"seconds": limit})
        assert (spent(["cpu"]) == {(job.owner_id, "cpu")}) is is_spent
    assert 40 <= fairness._used({job.owner_id, other.owner_id})[job.owner_id] < 60
    leases.release(worker=Job.objects.get(pk=job.pk).worker, job_id=job.public_id, token=1)
    job.refresh_from_db()
    assert 40 <= job.device_seconds < 60
