"""Files that go with the weights: where they come from, whom to credit, what was measured."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import yaml

from workers.contract import JobSpec, Lease, Measured, Source
from workers.lib.clock import now
from workers.lib.folder import Outcome

_LEGAL = re.compile(r"(?i)(licen[cs]e|copying|copyright|notice)([._-].*)?")
_ADAPTER = "adapter_config.json"
_MOST_RESULTS = 50


def write(out: Path, lease: Lease, outcome: Outcome, *, base: str) -> None:
    """All of them, into `out`; `base` is the folder of the base model, if there is one."""
    _pass_on_licences(out, Path(base) if base else None, lease.job)
    _name_base(out, lease.job)
    _write_json(out / "lineage.json", lineage(lease, outcome))
    _write_json(out / "training_params.json", {"recipe": lease.job.recipe, "seed": lease.job.seed, **lease.job.config})
    _write_results(out / ".eval_results", lease.job, outcome.result.measured)


def lineage(lease: Lease, outcome: Outcome) -> dict[str, Any]:
    """What made this, so that it can be made again."""
    job = lease.job
    return {
        "version": 1,
        "job": job.id,
        "attempt": lease.attempt,
        "ordered_by": job.ordered_by,
        "ordered_at": job.ordered_at,
        "finished_at": now().isoformat(timespec="seconds"),
        "base": _source(job.base) if job.base else None,
        "base_relation": outcome.metadata.get("base_model_relation", "finetune") if job.base else None,
        "from_scratch": job.from_scratch,
        "datasets": [_source(each) for each in job.datasets],
        "recipe": {"name": job.recipe, "version": job.recipe_version},
        "config": job.config,
        "seed": job.seed,
        "steps": outcome.steps,
        "resumed_from": lease.checkpoint.step if lease.checkpoint else None,
        "batch_halvings": lease.batch_halvings,
        "environment": outcome.result.environment,
        "usage": outcome.result.usage,
        "inherited": job.inherited,
    }


def _source(source: Source) -> dict[str, Any]:
    return {key: value for key, value in source.to_json().items() if value}


def _pass_on_licences(out: Path, base: Path | None, job: JobSpec) -> None:
    """The base's licence texts, and a NOTICE that credits all that this is made from."""
    for file in base.iterdir() if base else ():
        if _LEGAL.fullmatch(file.name) and file.is_file() and not (out / file.name).exists():
            shutil.copyfile(file, out / file.name)
    if text := job.inherited.get("notice"):
        there = out / "NOTICE"
        before = there.read_text(encoding="utf-8", errors="replace").rstrip() + "\n\n" if there.is_file() else ""
        there.write_text(before + text, encoding="utf-8")


def _name_base(out: Path, job: JobSpec) -> None:
    """An adapter names its base by the path that it had on this machine: everywhere else it has a name and a commit."""
    for file in out.rglob(_ADAPTER):
        config = json.loads(file.read_text(encoding="utf-8"))
        if job.base is not None:
            config["base_model_name_or_path"], config["revision"] = job.base.repo, job.base.commit
        _write_json(file, config)


def _write_results(folder: Path, job: JobSpec, measured: tuple[Measured, ...]) -> None:
    """One file for each data set and metric, as clients of the public hub read them."""
    told = [each for each in measured if each.value is not None and each.dataset and not each.slice]
    for each in told[:_MOST_RESULTS]:
        folder.mkdir(exist_ok=True)
        dataset = {"id": each.dataset, "task_id": each.metric, "revision": each.dataset_commit}
        entry = {
            "dataset": {key: value for key, value in dataset.items() if value},
            "value": each.value,
            "date": now().date().isoformat(),
            "source": {"url": "README.md#evaluation", "name": f"Job {job.id}"},
        }
        name = re.sub(r"[^A-Za-z0-9.-]+", "_", f"{each.dataset.replace('/', '--')}__{each.metric}")
        (folder / f"{name}.yaml").write_text(yaml.safe_dump([entry], sort_keys=False), encoding="utf-8")


def _write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
