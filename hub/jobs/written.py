"""Measured results in the formats that other tools read: files in `.eval_results`, and `model-index` in a card."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import yaml

from hub.catalog.benchmarks import NONE, Benchmark
from hub.catalog.card import parse_card, read_yaml
from hub.catalog.card_text import join, set_fields, split
from hub.catalog.results import FOLDER, fold
from hub.jobs.models import EvaluationResult
from hub.jobs.verifying import token_of

# By the data set's key.
Benchmarks = Mapping[int, Benchmark]
# What names our own entries of a card, so that they are replaced and others' stay.
_BY = "Measured by {site}"


def task_id(row: EvaluationResult, benchmarks: Benchmarks) -> str:
    """What the number is called in files: the name of the benchmark's task, else its metric."""
    benchmark = benchmarks.get(row.dataset_id or 0, NONE)
    task = benchmark.task_of(row.dataset_config, row.split, row.metric)
    return task.name(row.metric) if task else row.metric


def path_of(row: EvaluationResult, benchmarks: Benchmarks) -> str:
    """`.eval_results/<owner>__<data set>__<task>.yaml`, one file for what makes one leaderboard of others."""
    name = re.sub(r"[^\w.-]+", "-", fold(task_id(row, benchmarks)))
    return f"{FOLDER}{row.dataset_name.replace('/', '__')}__{name}.yaml"


def entry_of(row: EvaluationResult, benchmarks: Benchmarks) -> dict[str, Any]:
    """The number as clients read it, with the hub's token for it."""
    name = task_id(row, benchmarks)
    return {
        "dataset": {"id": row.dataset_name, "task_id": name, "revision": row.dataset_commit},
        "value": row.value,
        "verifyToken": token_of(row, name),
        "date": row.measured_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def eval_files(
    rows: Iterable[EvaluationResult],
    before: Mapping[str, str],
    benchmarks: Benchmarks,
    *,
    site: str,
    origin: str,
) -> dict[str, bytes]:
    """The files by path; entries of others in those of `before` stay. `origin` is where the hub is reached, without a
    slash at its end."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(path_of(row, benchmarks), []).append(_entry(row, benchmarks, site, origin))
    return {
        path: _yaml([*_others(before.get(path, ""), site), *entries]).encode()
        for path, entries in sorted(found.items())
    }


def _others(text: str, site: str) -> list[Any]:
    held = read_yaml(text) if text else None
    return [each for each in held if not _is_ours(each, site)] if isinstance(held, list) else []


def card_with(text: str, rows: Sequence[EvaluationResult], *, name: str, site: str, origin: str) -> str:
    """The card with these results in its `model-index`; entries of others, and all its other lines, stay as they are.
    Unchanged where its metadata can't be read."""
    block, body = split(text)
    parsed = parse_card(join(block, ""))
    if block.strip() and (parsed.errors or not parsed.metadata):
        return text
    index = _index(parsed.metadata.get("model-index"), rows, name, site, origin)
    return join(set_fields(block, {"model-index": index}), body)


def _index(
    before: Any, rows: Sequence[EvaluationResult], name: str, site: str, origin: str
) -> list[dict[str, Any]] | None:
    models = [dict(each) for each in before if isinstance(each, Mapping)] if isinstance(before, list) else []
    first = models[0] if models else {"name": name}
    listed = first.get("results")
    others = [each for each in listed if not _is_ours(each, site)] if isinstance(listed, list) else []
    results = [*others, *_groups(rows, site, origin)]
    if not results and not models:
        return None
    return [{**first, "results": results}, *models[1:]]


def _is_ours(entry: Any, site: str) -> bool:
    source = entry.get("source") if isinstance(entry, Mapping) else None
    return isinstance(source, Mapping) and source.get("name") == _BY.format(site=site)


def _groups(rows: Sequence[EvaluationResult], site: str, origin: str) -> list[dict[str, Any]]:
    """One result for each task on each data, with its metrics."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for row in rows:
        key = (row.task, row.dataset_name, row.dataset_config, row.split, row.dataset_commit)
        result = found.setdefault(key, _result(row, site, origin))
        result["metrics"].append({"type": row.metric, "name": _named(row), "value": row.value})
    return list(found.values())


def _result(row: EvaluationResult, site: str, origin: str) -> dict[str, Any]:
    data = {"name": row.dataset_name, "type": row.dataset_name, "config": row.dataset_config, "split": row.split}
    data = {name: value for name, value in data.items() if value} | {"revision": row.dataset_commit}
    source = {"name": _BY.format(site=site), "url": _address(row, origin)}
    return {"task": {"type": row.task or row.recipe or "other"}, "dataset": data, "metrics": [], "source": source}


def _named(row: EvaluationResult) -> str:
    return f"{row.metric} ({row.suite})" if row.suite else row.metric


def _entry(row: EvaluationResult, benchmarks: Benchmarks, site: str, origin: str) -> dict[str, Any]:
    return {
        **entry_of(row, benchmarks),
        "source": {"url": _address(row, origin), "name": _BY.format(site=site)},
        "notes": _notes(row),
    }


def _notes(row: EvaluationResult) -> str:
    """What pins and bounds the number, in a line."""
    interval = f"95 % interval {row.low:.6g} to {row.high:.6g}" if row.low is not None and row.high is not None else ""
    by = f"{row.suite or row.recipe} {row.suite_version if row.suite else row.recipe_version}".strip()
    parts = (interval, f"n = {row.n}", by, f"split {row.split}" if row.split else "", f"model {row.commit}")
    return "; ".join(part for part in parts if part)


def _address(row: EvaluationResult, origin: str) -> str:
    return f"{origin}/api/headstart/results/{row.public_id}"


def _yaml(value: Any) -> str:
    return str(yaml.safe_dump(value, sort_keys=False, allow_unicode=True, width=1000))
