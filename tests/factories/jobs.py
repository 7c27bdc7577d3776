"""Workers, jobs, and leases on them."""

from itertools import count
from typing import Any

from hub.accounts.models import User
from hub.accounts.services import SYSTEM
from hub.jobs.models import Job, Worker
from hub.jobs.services import leases, reports, workers
from tests.factories.accounts import make_user
from tests.factories.catalog import make_repo
from workers import contract

_numbers = count(1)
RECIPE = "text-classification"


def make_offer(name: str = RECIPE, kind: str = "recipe", version: str = "1") -> contract.Offer:
    return contract.Offer(kind=kind, name=name, version=version, title=name, summary=name)


def make_worker(name: str = "", *, device_class: str = "cpu", slots: int = 1, **fields: Any) -> Worker:
    """A worker that joined and was heard just now; `fields` are set on its row."""
    return make_worker_with_secret(name, device_class=device_class, slots=slots, **fields)[0]


def make_worker_with_secret(
    name: str = "",
    *,
    device_class: str = "cpu",
    slots: int = 1,
    offers: tuple[contract.Offer, ...] = (),
    **fields: Any,
) -> tuple[Worker, str]:
    """The same, with the secret of its token."""
    worker, secret = workers.add_worker(by=SYSTEM, name=name or f"worker{next(_numbers)}")
    hardware = contract.Hardware(cores=2, memory=8 << 30, disk=1 << 36, gpus=int(device_class != "cpu"))
    if hardware.gpus:
        hardware = contract.Hardware(2, 8 << 30, 1 << 36, gpu="H", gpus=1, gpu_memory=int(device_class[4:]) * 10**9)
    workers.join(
        worker=worker,
        told=contract.Join(
            name=worker.name,
            device="cpu" if device_class == "cpu" else "cuda:0",
            device_class=device_class,
            slots=slots,
            hardware=hardware,
            versions={"torch": "2.13.0"},
            offers=offers or (make_offer(),),
        ),
    )
    if fields:
        Worker.objects.filter(pk=worker.pk).update(**fields)
    worker.refresh_from_db()
    return worker, secret


def make_job(
    by: User | None = None, *, kind: str = "evaluate", spec: dict[str, Any] | None = None, **fields: Any
) -> Job:
    """A queued job of that person, on a public model and a public data set of theirs; nothing was checked."""
    by = by or make_user()
    base = fields.pop("base", None) or make_repo(owner=by, files={"README.md": b"---\nlicense: mit\n---\n# A\n"})
    dataset = fields.pop("dataset", None) or make_repo(owner=by, kind="dataset")
    told = contract.JobSpec(
        id="",
        kind=kind,
        recipe=fields.get("recipe", RECIPE),
        recipe_version="1",
        base=contract.Source(repo=base.full_name, commit=head_of(base)),
        datasets=(contract.Source(repo=dataset.full_name, commit=head_of(dataset), kind="dataset", role="test"),),
        out=f"{by.username}/tuned{next(_numbers)}" if kind == "finetune" else "",
        ordered_by=by.username,
    ).to_json()
    row: dict[str, Any] = {
        "kind": kind,
        "title": "A job",
        "recipe": RECIPE,
        "owner": by.namespace,
        "ordered_by": by,
        "base": base,
        "base_commit": head_of(base),
        "dataset": dataset,
        "device_class": "cpu",
        "max_seconds": 3600,
        "spec": told | (spec or {}),
        **fields,
    }
    return Job.objects.create(**row)


def head_of(repo: Any) -> str:
    return str(repo.refs.get(name="refs/heads/main").target)


def claim(worker: Worker | None = None, job: Job | None = None) -> contract.Lease:
    """The lease that the worker (a new one without) gets; `job` is what it should be on."""
    lease = leases.claim(worker=worker or make_worker())
    assert lease is not None
    assert job is None or lease.job.id == job.public_id
    if job is not None:
        job.refresh_from_db()
    return lease


def make_running(state: str = "running", *, worker: Worker | None = None, **fields: Any) -> tuple[Job, Worker, int]:
    """A job that a worker has in that state; the job, the worker and the lease token."""
    worker = worker or make_worker()
    job = make_job(**fields)
    lease = claim(worker, job)
    order = ["claimed", "preparing", "running", "finalizing"]
    for each in order[1 : order.index(state) + 1]:
        reports.state(worker=worker, job_id=job.public_id, token=lease.token, to=each)
    job.refresh_from_db()
    return job, worker, lease.token
