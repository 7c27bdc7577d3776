import datetime as dt

import pytest

from hub.core import clock
from hub.core.errors import Forbidden, InvalidInput
from hub.jobs.models import Budget, Job
from hub.jobs.order_reading import read_order
from hub.jobs.selectors.budgets import budget_of
from hub.jobs.services import orders
from hub.jobs.services.budgets import set_budget
from tests.factories import make_org, viewer_of
from tests.factories.jobs import make_job
from tests.factories.orders import finetune_of, make_base, make_data, make_offers
from workers.contract import DeviceClass

pytestmark = pytest.mark.django_db(transaction=True)
CPU = DeviceClass.CPU


def used(user, seconds, days=0, **fields):
    job = make_job(user, **fields)
    ended = clock.now() - dt.timedelta(days=days)
    Job.objects.filter(pk=job.pk).update(state="succeeded", ended_at=ended, device_seconds=seconds)


def test_thirty_days_count(user, settings):
    settings.JOB_BUDGETS = {"cpu": 100}
    for seconds, days, device in ((30, 0, "cpu"), (20, 0, "cpu"), (500, 31, "cpu"), (7, 0, "gpu-24")):
        used(user, seconds, days, device_class=device)
    found = budget_of(user.namespace, CPU)
    assert (found.used, found.limit, found.left, found.is_spent) == (50, 100, 50, False)


def test_an_account_may_have_its_own(user, admin, settings):
    settings.JOB_BUDGETS = {"cpu": 100}
    assert set_budget(by=viewer_of(admin), owner=user.namespace, device="cpu", seconds=10).limit == 10
    assert set_budget(by=viewer_of(admin), owner=user.namespace, device="cpu", seconds=None).limit == 100
    assert not Budget.objects.exists()
    with pytest.raises(InvalidInput):
        set_budget(by=viewer_of(admin), owner=user.namespace, device="abacus", seconds=1)
    with pytest.raises(Forbidden):
        set_budget(by=viewer_of(user), owner=user.namespace, device="cpu", seconds=10**6)


def test_what_is_spent_orders_nothing_more(user, settings):
    make_offers()
    settings.JOB_BUDGETS = {"cpu": 10}
    used(user, 11)
    told = finetune_of(make_base(user), make_data(user))
    picture = orders.check(viewer_of(user), read_order(told))
    assert [(fault.param, fault.code) for fault in picture.faults] == [("owner", "over_budget")]
    org = make_org(admin=user)
    assert not orders.check(viewer_of(user), read_order({**told, "out": f"{org.namespace.name}/tuned"})).faults
