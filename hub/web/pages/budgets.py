"""The budget of device time of a person or an organisation: what it is, what is spent, by whom, when it renews."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.forms import Form

from hub.accounts import selectors as accounts
from hub.accounts.errors import NoSuchAccount
from hub.accounts.viewer import Viewer
from hub.jobs.selectors.spending import Spending, spending_of
from hub.jobs.services.budgets import set_budget
from hub.web.job_forms import BudgetForm
from hub.web.pages import job_links, job_words, links, words
from hub.web.pages.links import Link

_ALMOST = 0.9


@dataclass(frozen=True)
class Share:
    """What one person took."""

    who: Link
    jobs: str
    time: str


@dataclass(frozen=True)
class Device:
    """One device class. `most` and `used` are seconds, for the meter; `most` is 0 where there is no limit."""

    name: str
    about: str
    left: str
    tone: str
    used: float
    most: int
    told: str
    shares: tuple[Share, ...]
    set_by: str
    set_at: dt.datetime | None
    renews_at: dt.datetime | None


@dataclass(frozen=True)
class BudgetPage:
    """`idle`: device classes without a limit, of which nothing was used."""

    title: str
    owner: Link
    devices: tuple[Device, ...]
    idle: str
    jobs_url: str
    form: Form | None


def find(viewer: Viewer, name: str) -> Any:
    """Whose it is, its members, and administrators of the hub find it; for all others there is no such page."""
    namespace = accounts.find_namespace(name)
    if viewer.role_in(namespace.pk) is None:
        raise NoSuchAccount(f"There is no account called {name!r} that is yours.")
    return namespace


def build(viewer: Viewer, namespace: Any, form: Form) -> BudgetPage:
    found = spending_of(namespace)
    told = [each for each in found if each.budget.used or each.budget.limit is not None]
    idle = [each.budget.device.value for each in found if each not in told]
    return BudgetPage(
        title=f"Budget of {namespace.name}",
        owner=Link(namespace.name, links.owner_url(namespace.name)),
        devices=tuple(_device(each) for each in told),
        idle=words.listed(idle),
        jobs_url=job_links.jobs_url(owner=namespace.name),
        form=form if viewer.is_admin else None,
    )


def save(viewer: Viewer, namespace: Any, form: BudgetForm) -> str:
    """What was set, in words; nothing when the form says what is wrong."""
    if not form.is_valid():
        return ""
    now = set_budget(by=viewer, owner=namespace, device=form.cleaned_data["device"], seconds=form.seconds())
    most = "no limit" if now.limit is None else f"{job_words.time_of(now.limit)} in 30 days"
    return f"{namespace.name} has {most} on {now.device.value} now."


def _device(found: Spending) -> Device:
    budget = found.budget
    left, tone = _left(budget)
    used = job_words.time_of(budget.used) if budget.used else "Nothing"
    return Device(
        name=budget.device.value,
        about=job_words.DEVICES[budget.device.value],
        left=left,
        tone=tone,
        used=budget.used,
        most=budget.limit or 0,
        told=f"{used} used" if budget.limit is None else f"{used} of {job_words.time_of(budget.limit)} used",
        shares=tuple(_share(each) for each in found.spenders),
        set_by=found.set_by,
        set_at=found.set_at,
        renews_at=found.renews_at,
    )


def _left(budget: Any) -> tuple[str, str]:
    if budget.limit is None:
        return "No limit", ""
    if budget.is_spent:
        return "Used up: no more can be ordered", "bad"
    return f"{job_words.time_of(budget.left)} left", "warn" if budget.used > _ALMOST * budget.limit else "ok"


def _share(found: Any) -> Share:
    who = Link(found.name, links.owner_url(found.name))
    return Share(who, f"{found.jobs:,}", job_words.time_of(found.seconds))
