"""The page of a budget: for those whose it is; what is spent, by whom; administrators set it."""

import datetime as dt

import pytest
from django.test import Client

from hub.core import clock
from hub.jobs.models import Attempt, Budget, Job
from hub.jobs.selectors.budgets import DEVICES, budget_of
from hub.jobs.selectors.spending import spending_of
from tests.factories import make_org, make_user
from tests.factories.jobs import make_job

pytestmark = pytest.mark.django_db(transaction=True)
AT = "/settings/budgets/team"


@pytest.fixture
def team(user):
    return make_org("team", write=user).namespace


def _took(by, team, seconds, days=1, **fields):
    job = make_job(by, **fields)
    ended = clock.now() - dt.timedelta(days=days)
    Job.objects.filter(pk=job.pk).update(owner=team, state="succeeded", ended_at=ended, device_seconds=seconds)
    return job


def test_a_member_sees_what_is_left_and_who_took_it(signed_in: Client, user, team, settings) -> None:
    settings.JOB_BUDGETS = {"cpu": 7200}
    _took(make_user("grace"), team, 3600)
    _took(user, team, 1200)
    _took(user, team, 9000, days=31)
    text = signed_in.get(AT).content.decode()
    assert "40 minutes left" in text and "1 hour 20 minutes of 2 hours used" in text
    assert text.index("/grace") < text.index(">20 minutes") and "in 28 days" in text and "Set a limit" not in text


def test_it_adds_up_to_what_orders_are_held_against(user, team, monkeypatch) -> None:
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now)
    _took(user, team, 50)
    held = _took(make_user("grace"), team, 7, device_class="gpu-24")
    Job.objects.filter(pk=held.pk).update(state="queued", ended_at=None)
    Attempt.objects.create(job=held, token=1, worker_name="w", started_at=now - dt.timedelta(seconds=30))
    found = spending_of(team)
    assert [each.budget for each in found] == [budget_of(team, each) for each in DEVICES]
    assert [each.budget.used for each in found][:2] == [50, 37]


@pytest.mark.parametrize(("hours", "seconds"), [("1.5", 5400), ("0", 0), ("", None)])
def test_an_administrator_sets_it(client: Client, admin, team, hours: str, seconds: int | None) -> None:
    client.force_login(admin)
    assert client.post(AT, {"device": "cpu", "hours": hours}).status_code == 302
    assert Budget.objects.values_list("seconds", flat=True).first() == seconds


def test_others_neither_find_nor_set_it(client: Client, user, team) -> None:
    assert client.get(AT).status_code == 302
    client.force_login(user)
    assert client.post(AT, {"device": "cpu", "hours": "9"}).status_code == 403 and not Budget.objects.exists()
    client.force_login(make_user("eve"))
    assert client.get(AT).status_code == client.post(AT, {"device": "cpu", "hours": "9"}).status_code == 404
