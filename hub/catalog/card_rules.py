"""What must hold of a card's metadata. Messages name the field as the public hub's do."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

_TEXT_FIELDS = ("pipeline_tag", "library_name", "license_name", "license_link", "pretty_name", "base_model_relation")
_TEXTS_FIELDS = (
    "language",
    "datasets",
    "base_model",
    "metrics",
    "tags",
    "task_categories",
    "task_ids",
    "size_categories",
    "multilinguality",
)


def check_metadata(metadata: dict[str, Any]) -> tuple[list[str], list[str]]:
    """(errors, warnings)."""
    errors = [
        *(f'"{name}" must be a string' for name in _TEXT_FIELDS if not isinstance(metadata.get(name, ""), str)),
        *(f'"{name}" must be an array' for name in _TEXTS_FIELDS if not _is_texts(metadata.get(name, ""))),
        *_license_errors(metadata.get("license", [])),
        *_index_errors(metadata.get("model-index", [])),
    ]
    return errors, list(_warnings(metadata))


@cache
def known_licenses() -> tuple[str, ...]:
    """The licence ids that a card may name."""
    return tuple((Path(__file__).parent / "data" / "licenses.txt").read_text().split())


def _is_texts(value: Any) -> bool:
    """A text, nothing, or a list of texts and numbers (ids made of digits are read as numbers)."""
    if isinstance(value, list):
        return all(isinstance(item, str | int | float) and not isinstance(item, bool) for item in value)
    return value is None or isinstance(value, str)


def _license_errors(value: Any) -> Iterator[str]:
    values = value if isinstance(value, list) else [value]
    if not all(isinstance(item, str) and item in known_licenses() for item in values):
        yield f'"license" must be one of [{", ".join(known_licenses())}]'


def _index_errors(index: Any) -> Iterator[str]:
    if not isinstance(index, list):
        yield '"model-index" must be an array'
        return
    for number, model in enumerate(index):
        at = f"model-index[{number}]"
        if not isinstance(model, dict):
            yield f'"{at}" must be an object'
        elif not isinstance(model.get("name"), str):
            yield f'"{at}.name" is required'
        elif not isinstance(model.get("results"), list):
            yield f'"{at}.results" must be an array'
        else:
            for place, result in enumerate(model["results"]):
                yield from _result_errors(f"{at}.results[{place}]", result)


def _result_errors(at: str, result: Any) -> Iterator[str]:
    if not isinstance(result, dict):
        yield f'"{at}" must be an object'
        return
    for name, inner in (("task", ("type",)), ("dataset", ("type", "name"))):
        part = result.get(name)
        if not isinstance(part, dict):
            yield f'"{at}.{name}" is required'
        else:
            yield from (f'"{at}.{name}.{key}" is required' for key in inner if not isinstance(part.get(key), str))
    yield from _source_errors(f"{at}.source", result.get("source") or {})
    metrics = result.get("metrics")
    if not isinstance(metrics, list) or not metrics:
        yield f'"{at}.metrics" must be an array of at least one metric'
        return
    for number, metric in enumerate(metrics):
        if not isinstance(metric, dict) or not isinstance(metric.get("type"), str) or "value" not in metric:
            yield f'"{at}.metrics[{number}]" needs a type and a value'


def _source_errors(at: str, source: Any) -> Iterator[str]:
    """Stock clients fail to read anything of a model whose result names a source without its address."""
    if not isinstance(source, dict):
        yield f'"{at}" must be an object'
    elif source.get("name") is not None and source.get("url") is None:
        yield f'"{at}.url" is required where "{at}.name" is given'


def _warnings(metadata: dict[str, Any]) -> Iterator[str]:
    if "license" not in metadata:
        yield "No license is stated: nobody knows whether they may use this. Add `license:` to the metadata."
    if metadata.get("license") == "other":
        for name in ("license_name", "license_link"):
            if not metadata.get(name):
                yield f'"{name}" should be given when "license" is "other"'
