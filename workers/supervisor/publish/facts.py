"""What the card and the records both say of a job."""

from collections.abc import Iterable
from typing import Any

from workers.contract import JobSpec, Measured, Source


def pinned(source: Source) -> str:
    """A repository at its commit, as the hub's cards name it."""
    return f"{source.repo}@{source.commit}"


def training_data(job: JobSpec) -> list[Source]:
    """Each repository that was trained on, once."""
    found = {(each.repo, each.commit): each for each in job.datasets if each.role != "test"}
    return list(found.values())


def metadata(job: JobSpec, told: dict[str, Any], measured: Iterable[Measured]) -> dict[str, Any]:
    """The card's front matter; keys without a value are left out. `told`: what the recipe says of the model."""
    inherited = job.inherited
    known: dict[str, Any] = {
        "license": inherited.get("licence") or "",
        "library_name": told.get("library_name", ""),
        "pipeline_tag": told.get("pipeline_tag", ""),
        "base_model": pinned(job.base) if job.base else "",
        "base_model_relation": told.get("base_model_relation", "finetune") if job.base else "",
        "datasets": [pinned(each) for each in training_data(job)],
        **{key: value for key, value in told.items() if key not in ("base_model", "datasets", "license")},
        "tags": sorted({*told.get("tags", ()), "headstart-job"}),
        "model-index": model_index(job, measured),
        "headstart": {"job": job.id, "recipe": f"{job.recipe}@{job.recipe_version}"},
    }
    return {key: value for key, value in known.items() if value}


def model_index(job: JobSpec, measured: Iterable[Measured]) -> list[dict[str, Any]]:
    """Numbers over all of a data set, grouped by where they were measured."""
    groups: dict[tuple[str, str, str, str, str], list[dict[str, Any]]] = {}
    for each in measured:
        if each.value is not None and not each.slice and each.dataset:
            key = (each.task, each.dataset, each.dataset_config, each.split, each.dataset_commit)
            metric = {"type": each.metric, "name": each.metric, "value": round(each.value, 6)}
            groups.setdefault(key, []).append(metric)
    results = [_result(*key, metrics, job) for key, metrics in groups.items()]
    return [{"name": job.out.partition("/")[2] or job.id, "results": results}] if results else []


def _result(
    task: str, name: str, config: str, split: str, commit: str, metrics: list[dict[str, Any]], job: JobSpec
) -> dict[str, Any]:
    dataset = {"type": name, "name": name, "config": config, "split": split, "revision": commit}
    return {
        "task": {"type": task or job.recipe},
        "dataset": {key: value for key, value in dataset.items() if value},
        "metrics": metrics,
        "source": {"name": f"Job {job.id}", "url": "README.md#evaluation"},
    }
