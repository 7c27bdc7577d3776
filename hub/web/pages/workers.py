"""The workers: what each holds and runs, since when it was last heard; administrators add and withdraw them."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.forms import Form

from hub.accounts.viewer import Viewer
from hub.jobs.selectors import fleet
from hub.jobs.selectors.offers import is_awake
from hub.jobs.services import workers as services
from hub.web.job_forms import WorkerForm
from hub.web.pages import job_links, words
from hub.web.pages.links import Link


@dataclass(frozen=True)
class Row:
    """`state` in a word with its tone; `device` what it is, `offers` what it can do."""

    public_id: str
    name: str
    hint: str
    state: str
    tone: str
    device: str
    hardware: str
    offers: str
    all_offers: tuple[str, ...]
    jobs: tuple[Link, ...]
    others: int
    slots: int
    spread: int
    heard_at: dt.datetime | None
    is_draining: bool


@dataclass(frozen=True)
class WorkersPage:
    """`secret` is that of the worker just added, shown in this one answer; `command` starts it."""

    rows: tuple[Row, ...]
    may_manage: bool
    form: Form | None
    secret: str
    command: str
    title: str = "Workers"


def build(viewer: Viewer, *, form: Form | None = None, secret: str = "", origin: str = "") -> WorkersPage:
    rows = tuple(_row(seat) for seat in fleet.fleet(viewer))
    command = f"HEADSTART_WORKER_TOKEN={secret} headstart worker --hub {origin} --device cpu" if secret else ""
    return WorkersPage(rows, viewer.is_admin, (form or WorkerForm()) if viewer.is_admin else None, secret, command)


def add(viewer: Viewer, name: str) -> str:
    """The secret of its token."""
    _, secret = services.add_worker(by=viewer, name=name)
    return secret


def act(viewer: Viewer, public_id: str, action: str) -> str:
    """Do what a button of its row asks for, and say it."""
    worker = fleet.find_worker(public_id)
    if action == "revoke":
        services.revoke_worker(by=viewer, worker=worker)
        return f"{worker.name} is withdrawn: its token opens nothing any more."
    services.drain(by=viewer, worker=worker, on=action == "drain")
    said = "takes no new jobs, and saves what it runs for another worker" if action == "drain" else "takes jobs again"
    return f"{worker.name} {said}."


def _row(seat: fleet.Seat) -> Row:
    worker = seat.worker
    state, tone = _state(worker)
    return Row(
        public_id=worker.public_id,
        name=worker.name,
        hint=worker.hint,
        state=state,
        tone=tone,
        device=worker.device_class,
        hardware=_hardware(worker),
        offers=words.plural(len(worker.offers), "recipe or suite", "recipes and suites") if worker.offers else "",
        all_offers=tuple(sorted(worker.offers)),
        jobs=tuple(Link(job.title, job_links.job_url(job.public_id)) for job in seat.jobs),
        others=seat.others,
        slots=worker.slots,
        spread=worker.spread,
        heard_at=worker.heard_at,
        is_draining=worker.is_draining,
    )


def _state(worker: Any) -> tuple[str, str]:
    if worker.joined_at is None:
        return "Never joined", ""
    if worker.is_draining:
        return "Takes no new jobs", "warn"
    return ("Ready", "ok") if is_awake(worker) else ("Silent", "bad")


def _hardware(worker: Any) -> str:
    """`NVIDIA H200, 141 GB · 16 cores, 128 GB`."""
    told = worker.hardware or {}
    gpu = f"{told['gpu']}, {words.size(worker.gpu_memory_bytes)}" if told.get("gpu") else ""
    cores = f"{words.plural(int(told.get('cores') or 0), 'core')}, {words.size(worker.memory_bytes)}" if told else ""
    return " · ".join(part for part in (gpu, cores) if part)
