"""Measured results as JSON data."""

from typing import Any


def result(each: Any) -> dict[str, Any]:
    row = each.row
    return {
        "id": row.public_id,
        "model": row.repo.full_name,
        "commit": row.commit,
        "current": each.is_current,
        "dataset": row.dataset_name,
        "datasetCommit": row.dataset_commit,
        "config": row.dataset_config,
        "split": row.split,
        "task": row.task,
        "by": each.measured_by,
        "version": row.suite_version if row.suite else row.recipe_version,
        "metric": row.metric,
        **{name: getattr(row, name) for name in ("value", "low", "high", "n", "slice", "unit", "seed")},
        "higherIsBetter": row.higher_is_better,
        "method": row.method,
        "note": row.note,
        "environment": row.environment,
        "predictions": row.predictions_sha256,
        "measuredAt": row.measured_at,
        "job": each.job,
    }


def key(each: Any) -> dict[str, Any]:
    named = {name: getattr(each, name) for name in ("commit", "metric", "by", "config", "split", "task")}
    return named | {"slice": each.slice_key}


def board(each: Any) -> dict[str, Any]:
    told = {"models": each.models, "higherIsBetter": each.higher_is_better, "current": each.is_current}
    return key(each.key) | told


def compared(line: Any) -> dict[str, Any]:
    told = {"dataset": line.dataset, "key": key(line.key), "higherIsBetter": line.higher_is_better}
    return told | {"sides": [side(each) for each in line.sides]}


def ranked(row: Any) -> dict[str, Any]:
    return {"rank": row.rank, "lastRank": row.last_rank, "tied": row.is_tied, "result": result(row.measured)}


def side(each: Any) -> dict[str, Any]:
    by = each.difference
    return {
        "result": result(each.measured) if each.measured else None,
        "difference": by.value if by else None,
        "low": by.low if by else None,
        "high": by.high if by else None,
        "sure": bool(by and by.is_sure),
    }
