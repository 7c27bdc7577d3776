"""Jobs of the demo hub in each state, with curves and logs, workers, and measured results."""

import datetime as dt
import math
from typing import Any

from hub.accounts.models import User
from hub.catalog.models import Repo
from hub.core import clock
from hub.jobs.models import Attempt, EvaluationResult, Job, JobEvent, Metric, Offer, Worker
from tests.browser import demo_worth
from tests.browser.job_pages import (
    CANCELLED,
    DONE,
    FAILED,
    LOST,
    MEASURED,
    PREPARING,
    QUEUED,
    RANKED,
    RUNNING,
    TUNED,
)
from workers import contract
from workers.contract import ColumnRole, Option

_STEPS = 300
_HELD_OUT = "train (10 % held out, seed 0)"
ALL = (RUNNING, QUEUED, FAILED, DONE, MEASURED, TUNED, RANKED)
_LOG = (
    "Reading headstart/digits at 4f1c2a9: 1,437 rows to train on, 360 held out by hash",
    "Model: 46,891 numbers on cpu, float32",
    "Batch 16, 1 step of accumulation, AdamW, learning rate 0.0005",
)


def make() -> None:
    """Ada's jobs, two workers, and a leaderboard on digits."""
    ada = User.objects.get(username="ada")
    base = Repo.objects.select_related("owner").get(key="ada/film-reviews")
    data = Repo.objects.select_related("owner").get(key="headstart/digits")
    worker, idle = _worker("lab-01", offers=_offers()), _worker("gpu-basement", device_class="gpu-80")
    Worker.objects.filter(pk=idle.pk).update(heard_at=clock.now() - dt.timedelta(hours=5))
    made = {"by": ada, "base": base, "data": data}
    _learn(_job(RUNNING, "Fine-tune of film-reviews on digits", "running", worker=worker, step=186, **made), 186)
    _job(PREPARING, "Fine-tune of film-reviews on reviews", "preparing", worker=worker, **made)
    _job(CANCELLED, "Fine-tune of film-reviews, a first try", "cancelled", step=12, **made)
    _job(LOST, "Evaluation of film-reviews on many rows", "lost", kind="evaluate", **made)
    _job(QUEUED, "Evaluation of film-reviews on digits", "queued", kind="evaluate", **made)
    _fail(_job(FAILED, "Fine-tune of film-reviews on factory-floor", "failed", step=24, **made))
    _succeed(_job(DONE, "Fine-tune of film-reviews on sentiment pairs", "succeeded", step=_STEPS, **made), base)
    _measure(_job(MEASURED, "Evaluation of film-reviews by label", "succeeded", kind="evaluate", **made), data)
    demo_worth.make(_job, _head, **made)


def grow(times: int) -> None:
    """More of all that a job's page, the list, the workers and a leaderboard show."""
    for job in Job.objects.select_related("ordered_by", "base", "dataset").filter(public_id__in=ALL):
        made = {"by": job.ordered_by, "base": job.base or job.dataset, "data": job.dataset}
        for number in range(times):
            _say(job, "log", {"lines": ["one more"]})
            _say(job, "message", {"level": "info", "text": f"Said {number}."})
            Attempt.objects.create(job=job, token=10 + number, worker_name="lab-01", ended_at=clock.now(), last_step=1)
            Metric.objects.create(job=job, name=f"metric-{number}", step=1, value=0.5)
            _job(f"{job.public_id[:-3]}{job.public_id[-1]}{number:02}", "More", "queued", parent=job, **made)
    measured = Job.objects.get(public_id=MEASURED)
    for number in range(times):
        _worker(f"more-{number}")
        _measure(measured, measured.dataset, suite=f"suite-{number}")


def _worker(name: str, *, device_class: str = "cpu", offers: tuple[contract.Offer, ...] = ()) -> Worker:
    for each in offers:
        Offer.objects.create(kind=each.kind, name=each.name, version=each.version, body=each.to_json())
    gpu = {"gpu": "NVIDIA H100 PCIe", "gpus": 1} if device_class != "cpu" else {}
    return Worker.objects.create(
        name=name,
        sha256=name.rjust(64, "0"),
        hint=name[-4:],
        added_by="root",
        device="cuda:0" if gpu else "cpu",
        device_class=device_class,
        slots=2,
        memory_bytes=64 << 30,
        gpu_memory_bytes=80 * 10**9 if gpu else 0,
        hardware={"cores": 16, **gpu},
        versions={"torch": "2.13.0"},
        offers=[f"{each.kind}/{each.name}@{each.version}" for each in offers],
        joined_at=clock.now(),
        heard_at=clock.now(),
    )


def _offers() -> tuple[contract.Offer, ...]:
    options = (
        Option("epochs", "float", 3.0, "Epochs", "How often it sees all of the data.", minimum=0.01, maximum=1000),
        Option("learning_rate", "float", 5e-5, "Learning rate", minimum=0.0, maximum=1.0),
        Option("batch_size", "int", 16, "Batch", "Examples in one step.", minimum=1, maximum=4096),
        Option("method", "choice", "full", "What is trained", choices=("full", "lora")),
        Option("warmup", "float", 0.1, "Warm-up", "Share of the steps.", 0, 1, is_advanced=True),
        Option("early_stopping", "bool", False, "Stop early", "When it gets no better.", is_advanced=True),
    )
    roles = (
        ColumnRole("text", "text", "Text", guesses=("text", "sentence", "review")),
        ColumnRole("label", "label", "Label", guesses=("label", "target")),
    )
    summary = "Puts a text into one of several classes: a head on the base model, all weights or LoRA."
    text = ("text-classification", "sentiment-analysis")
    recipe = contract.Offer(
        "recipe", "text-classification", "1.0", "Text classification", summary, text, options, roles, "accuracy"
    )
    image = contract.Offer(
        "recipe", "image-classification", "1.0", "Image classification", "", ("image-classification",)
    )
    bins = (Option("bins", "int", 15, "Bins", minimum=2, maximum=100),)
    suite = contract.Offer("suite", "calibration", "1.0", "Calibration", "Is it as sure as it is right?", (), bins)
    fair = contract.Offer("suite", "fairness-slices", "1.0", "Fairness by slices", "How it does for parts of the data.")
    ranking = contract.Offer("ranking", "transfer", "1.0", "Which model to start from", "Ranks models.", (),
                             (Option("rows", "int", 500, "Rows at most"),), roles)  # fmt: skip
    return recipe, image, suite, fair, ranking


def _job(public_id: str, title: str, state: str, *, by: User, base: Repo, data: Repo, **more: Any) -> Job:
    now, kind = clock.now(), more.pop("kind", "finetune")
    is_over, is_held = state in ("succeeded", "failed", "cancelled", "lost"), state in ("preparing", "running")
    spec = contract.JobSpec(
        id="",
        kind=kind,
        recipe="text-classification",
        recipe_version="1.0",
        base=contract.Source(base.full_name, _head(base), licence="apache-2.0"),
        datasets=(
            contract.Source(data.full_name, _head(data), "dataset", "both", columns={"text": "text", "label": "label"}),
        ),
        config={"epochs": 3.0, "learning_rate": 5e-4, "batch_size": 16, "method": "full", "early_stopping": False},
        suites=("calibration",) if kind == "evaluate" else (),
        out="ada/film-reviews-tuned" if kind == "finetune" else "",
        inherited=_INHERITED if kind == "finetune" else {},
    ).to_json()
    times = {"ended_at": now - dt.timedelta(minutes=12), "device_seconds": 252.0} if is_over else {}
    times |= {"lease_ends_at": now + dt.timedelta(days=1), "lease_token": 1} if is_held else {}
    started = now - dt.timedelta(minutes=3) if state != "queued" else None
    job = Job.objects.create(
        public_id=public_id, kind=kind, title=title, state=state, spec=spec, recipe="text-classification",
        owner=by.namespace, ordered_by=by, ordered_at=now - dt.timedelta(minutes=20), base=base, dataset=data,
        base_commit=_head(base), device_class="cpu", memory_bytes=1_400_000_000, max_seconds=86_400,
        total_steps=0 if state in ("queued", "preparing") else _STEPS, attempts=1,
        seconds_left=131.0 if state == "running" else None, started_at=started, **times, **more,
    )  # fmt: skip
    _say(job, "state", {"state": "queued"})
    if state != "queued":
        Attempt.objects.create(job=job, token=1, worker_name="lab-01", last_step=job.step)
        for each in ("claimed", "preparing") if state == "preparing" else ("claimed", "preparing", "running"):
            _say(job, "state", {"state": each})
    if state in ("cancelled", "lost"):
        _say(job, "state", {"state": state})
    return job


_INHERITED = {
    "verdict": "NEEDS_ATTRIBUTION",
    "licence": "apache-2.0",
    "licences": [
        {"repo": "ada/film-reviews", "commit": "", "licence": "apache-2.0"},
        {"repo": "headstart/digits", "commit": "", "licence": "cc-by-4.0"},
    ],
    "obligations": [
        {"code": "attribution", "text": "Name the authors of headstart/digits and its licence, CC BY 4.0."}
    ],
    "findings": [
        {
            "repo": "headstart/all-minilm-l6-v2",
            "kind": "model",
            "id": "HS-BF-3",
            "title": "Care work lies nearer to women",
        }
    ],
}


def _learn(job: Job, steps: int) -> None:
    """Curves that go down, a log, and what the device does."""
    points = [
        ("loss", "", step, 0.15 + 0.9 * math.exp(-step / 70) + 0.03 * math.sin(step)) for step in range(2, steps, 2)
    ]
    points += [("loss", "validation", step, 0.2 + 0.9 * math.exp(-step / 75)) for step in range(30, steps + 1, 30)]
    points += [("accuracy", "validation", step, 0.97 - 0.5 * math.exp(-step / 60)) for step in range(30, steps + 1, 30)]
    Metric.objects.bulk_create(
        [Metric(job=job, name=name, split=split, step=at, value=value) for name, split, at, value in points]
    )
    lines = [
        f"step {step:>3} of {_STEPS}  loss {0.15 + 0.9 * math.exp(-step / 70):.4f}" for step in range(10, steps + 1, 10)
    ]
    _say(job, "log", {"lines": [*_LOG, *lines]})
    _say(job, "device", {"cpu_percent": 187.0, "memory_bytes": 1_260_000_000, "gpu": []})
    _say(job, "message", {"level": "info", "text": "Checkpoint kept at step 150."})


def _fail(job: Job) -> None:
    job.error = contract.Failure(
        code="label_unknown",
        message="The column label holds “scratch”, which the model doesn't know: its labels are good and bad.",
        advice="Turn on “new labels” in the order, or map the column to the model's own labels.",
        param="columns.label",
    ).to_json()
    job.save()
    _say(
        job,
        "log",
        {"lines": [*_LOG, "Traceback (most recent call last):", "workers.lib.session.Trouble: label_unknown"]},
    )
    _say(job, "state", {"state": "failed", "text": "The column label holds “scratch”."})


def _succeed(job: Job, out: Repo) -> None:
    _learn(job, _STEPS)
    job.out_repo, job.result_commit = out, _head(out)
    told = {"dataset": "headstart/digits", "dataset_commit": _head(job.dataset), "split": _HELD_OUT}
    measured = (
        contract.Measured("accuracy", 0.9639, 360, 0.9393, 0.9787, **told),
        contract.Measured("f1_macro", 0.9627, 360, 0.9381, 0.9779, **told),
        contract.Measured("accuracy", 0.9412, 34, 0.8091, 0.9837, slice={"label": "8"}, **told),
    )
    job.result = contract.JobResult(
        measured=measured,
        commit=_head(out),
        environment={"torch": "2.13.0", "transformers": "5.23.0", "device": "cpu", "threads": 2},
        usage={"device_seconds": 252.0, "peak_memory": 1_310_000_000},
        notes=("Stopped at step 300 of 300; the best was kept, of step 270.",),
    ).to_json()
    job.save()
    _say(job, "state", {"state": "succeeded"})


def _measure(job: Job, data: Repo, **more: Any) -> None:
    """Three models on the same data: two whose intervals overlap, and one that is surely behind."""
    models = ("ada/film-reviews", "vision-team/defect-detector", "headstart/resnet50")
    for key, value in zip(models, (0.964, 0.951, 0.887), strict=True):
        repo = Repo.objects.get(key=key)
        row = {"repo": repo, "commit": _head(repo), "dataset": data, "dataset_name": data.full_name, "split": "test"}
        row |= {"dataset_commit": _head(data), "recipe": "image-classification", "recipe_version": "1.0", "n": 360}
        row |= {"job": job, "job_id_text": job.public_id, **more}
        spread = {"low": value - 0.019, "high": value + 0.015}
        EvaluationResult.objects.create(metric="accuracy", value=value, **spread, **row)
        ece = {"suite": "calibration", "suite_version": "1.0", "higher_is_better": False}
        EvaluationResult.objects.create(metric="ece", value=1 - value, low=None, high=None, **{**row, **ece})
        of = {"slice": {"label": "8"}, "slice_key": "label=8"}
        EvaluationResult.objects.create(metric="accuracy", value=value - 0.02, **spread, **{**row, "n": 34}, **of)
    told = {"dataset": data.full_name, "dataset_commit": _head(data), "split": "test"}
    job.result = contract.JobResult(
        measured=(contract.Measured("accuracy", 0.964, 360, 0.945, 0.979, **told),)
    ).to_json()
    job.save()


def _say(job: Job, kind: str, data: dict[str, Any]) -> None:
    job.last_seq += 1
    JobEvent.objects.create(job=job, seq=job.last_seq, kind=kind, data=data)
    Job.objects.filter(pk=job.pk).update(last_seq=job.last_seq)


def _head(repo: Repo) -> str:
    return str(repo.refs.get(name="refs/heads/main").target)
