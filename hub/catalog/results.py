"""Evaluation results that a repository reports: `model-index` in its card, and files in `.eval_results`.

All of it is strangers' YAML: what isn't shaped like a result is left out, and nothing is believed beyond its text.
"""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from hub.catalog.card import read_yaml
from hub.catalog.models import ReportedResult

FOLDER = ".eval_results/"
MAX_FILES = 50
MAX_RESULTS = 1000
README = "README.md"
_WEB = re.compile(r"https?://[^\s<>\"']+\Z")
Source = ReportedResult.Source


@dataclass(frozen=True)
class Reported:
    """The fields of a `ReportedResult`, but for its repository and place; no text is longer than its column."""

    source: str
    path: str
    metric: str
    task: str = ""
    dataset_name: str = ""
    dataset: str = ""
    config: str = ""
    split: str = ""
    revision: str = ""
    metric_name: str = ""
    benchmark: str = ""
    value: float | None = None
    text: str = ""
    reported_on: str = ""
    by: str = ""
    url: str = ""
    verify_token: str = ""


def reported_results(metadata: dict[str, Any], files: Iterable[tuple[str, str]]) -> tuple[Reported, ...]:
    """Of a card's metadata and of (path, text) of the files in `.eval_results`, the card's first."""
    found = list(_of_index(metadata.get("model-index")))
    for path, text in files:
        found += _of_file(path, read_yaml(text))
    return tuple(found[:MAX_RESULTS])


def is_results_file(path: str) -> bool:
    return path.startswith(FOLDER) and path.endswith((".yaml", ".yml")) and "/" not in path[len(FOLDER) :]


def benchmark_of(dataset: str, metric: str) -> str:
    """`dataset/metric` in one spelling: lower case, `-` for blanks and underscores. Empty without either."""
    return f"{fold(dataset)}/{fold(metric)}"[:310] if dataset and metric else ""


def fold(name: str) -> str:
    return re.sub(r"[\s_]+", "-", name.strip().lower())


def _of_index(index: Any) -> Iterator[Reported]:
    for model in _dicts(index):
        for result in _dicts(model.get("results")):
            for metric in _dicts(result.get("metrics")):
                yield from _of_metric(result, metric)


def _of_metric(result: dict[str, Any], metric: dict[str, Any]) -> Iterator[Reported]:
    value, text = _value(metric.get("value"))
    kind = _text(metric.get("type") or metric.get("name"), 100)
    if not kind or not text:
        return
    data, source = _dict(result.get("dataset")), _dict(result.get("source"))
    dataset = _text(data.get("type"), 200)
    yield Reported(
        source=Source.MODEL_INDEX,
        path=README,
        metric=kind,
        task=_text(_dict(result.get("task")).get("type"), 100),
        dataset_name=_text(data.get("name"), 200),
        dataset=dataset,
        config=_text(data.get("config"), 200),
        split=_text(data.get("split"), 200),
        revision=_text(data.get("revision"), 255),
        metric_name=_text(metric.get("name"), 200),
        benchmark=benchmark_of(dataset, kind),
        value=value,
        text=text,
        by=_text(source.get("name"), 200),
        url=_address(source.get("url")),
    )


def _of_file(path: str, entries: Any) -> Iterator[Reported]:
    for entry in _dicts(entries):
        data, source = _dict(entry.get("dataset")), _dict(entry.get("source"))
        dataset, task = _text(data.get("id"), 200), _text(data.get("task_id"), 100)
        value, text = _value(entry.get("value"))
        if not dataset or not task or not text:
            continue
        yield Reported(
            source=Source.EVAL_RESULTS,
            path=path[:1000],
            metric=task,
            task=task,
            dataset=dataset,
            revision=_text(data.get("revision"), 255),
            benchmark=benchmark_of(dataset, task),
            value=value,
            text=text,
            reported_on=_text(entry.get("date"), 40),
            by=_text(source.get("user") or source.get("org") or source.get("name"), 200),
            url=_address(source.get("url")),
            verify_token=_text(entry.get("verifyToken"), 200),
        )


def _value(value: Any) -> tuple[float | None, str]:
    """(the number, the text as written); no text: not a result."""
    text = _text(value, 200)
    try:
        number = float(text)
    except ValueError:
        return None, text
    return (number if math.isfinite(number) else None), text


def _text(value: Any, most: int) -> str:
    """One line of a scalar; empty for everything else, and for what doesn't fit."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    text = re.sub(r"\s+", " ", str(value)).strip()
    return text if len(text) <= most else ""


def _address(value: Any) -> str:
    text = _text(value, 1000)
    return text if _WEB.match(text) else ""


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []
