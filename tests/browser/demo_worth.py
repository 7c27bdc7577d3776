"""Of the demo hub: a fine-tune with its other half from random weights, and a ranking of models."""

import math
from collections.abc import Callable
from typing import Any

from hub.catalog.models import Repo
from hub.jobs.models import Job, Metric
from tests.browser.job_pages import RANKED, SCRATCH, TUNED
from workers import contract

STEPS = 240


def make(job: Callable[..., Job], head: Callable[[Repo], str], **made: Any) -> None:
    """`job` and `head` make a job, and tell the commit of main."""
    tuned = job(TUNED, "Fine-tune of film-reviews on short reviews", "succeeded", step=STEPS, **made)
    title = "Fine-tune of film-reviews on short reviews, from scratch"
    scratch = job(SCRATCH, title, "succeeded", step=STEPS, parent=tuned, **made)
    scratch.spec = {**scratch.spec, "from_scratch": True}
    _learn(tuned, made["data"], head, best=0.93, pace=35, ends=(0.928, 0.897, 0.951))
    _learn(scratch, made["data"], head, best=0.84, pace=120, ends=(0.812, 0.769, 0.849))
    _rank(job, head, **made)


def _learn(job: Job, data: Repo, head: Any, *, best: float, pace: float, ends: tuple[float, float, float]) -> None:
    steps = range(20, STEPS + 1, 20)
    for step in steps:
        value = best - 0.5 * math.exp(-step / pace)
        Metric.objects.create(job=job, name="accuracy", split="validation", step=step, value=value)
    told = contract.Measured("accuracy", ends[0], 400, *ends[1:], dataset=data.full_name, dataset_commit=head(data),
                             split="test")  # fmt: skip
    clock = [[step, 0.21 * step] for step in steps]
    job.total_steps = STEPS
    job.result = contract.JobResult(measured=(told,), tables={"clock": clock}).to_json()
    job.save()


def _rank(job: Callable[..., Job], head: Any, **made: Any) -> None:
    found = (("headstart/resnet50", 0.972, 0.41), ("vision-team/defect-detector", 0.966, 0.35),
             ("ada/film-reviews", 0.611, -0.2))  # fmt: skip
    rows = [
        {"model": name, "rank": (1, 1, 3)[place], "parameters": 46_891 * 8**place, "logme": _score(logme),
         "linear_probe": _score(value, value - 0.021, value + 0.014), "knn": _score(value - 0.03),
         "h_score": _score(4.1 - place), "proxy_a_distance": _score(1.2), "mmd": _score(0.08)}
        for place, (name, value, logme) in enumerate(found)
    ]  # fmt: skip
    rows.append({"model": "headstart/all-minilm-l6-v2", "rank": None, "parameters": 22_713_216,
                 "reason": "The model can't be loaded for this recipe: it reads no pictures."})  # fmt: skip
    ranking = job(RANKED, "Ranking of 4 models on digits", "succeeded", kind="rank", **made)
    sources = [contract.Source(each["model"], head(Repo.objects.get(key=each["model"]))).to_json() for each in rows]
    ranking.recipe, ranking.base = "transfer", None
    ranking.spec = {**ranking.spec, "base": None, "candidates": sources, "recipe": "transfer", "config": {"rows": 500}}
    ranking.result = contract.JobResult(tables={"ranking": rows}).to_json()
    ranking.save()


def _score(value: float, low: float | None = None, high: float | None = None) -> dict[str, float | None]:
    return {"value": value, "low": low, "high": high}
