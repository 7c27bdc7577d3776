"""The shapes of measured results, for the schema alone, and how they are told."""

from typing import Any

from rest_framework import serializers


class ResultSerializer(serializers.Serializer[Any]):
    """A number that a job of this hub measured. `low` and `high`: its interval of 95 %."""

    id = serializers.CharField()
    model = serializers.CharField(help_text="owner/name")
    commit = serializers.CharField()
    current = serializers.BooleanField(help_text="Whether main of the model is at this commit.")
    dataset = serializers.CharField(help_text="owner/name; empty where none was read.")
    datasetCommit = serializers.CharField()
    config = serializers.CharField()
    split = serializers.CharField()
    task = serializers.CharField()
    by = serializers.CharField(help_text="Suite or recipe, with its major version.")
    version = serializers.CharField()
    metric = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    n = serializers.IntegerField()
    slice = serializers.DictField(child=serializers.CharField())
    higherIsBetter = serializers.BooleanField()
    unit = serializers.CharField()
    seed = serializers.IntegerField()
    method = serializers.CharField()
    note = serializers.CharField()
    environment = serializers.DictField()
    predictions = serializers.CharField(help_text="sha256 of predictions.parquet.")
    measuredAt = serializers.DateTimeField()
    job = serializers.CharField(help_text="Empty where the caller may not see it.")


class ResultsSerializer(serializers.Serializer[Any]):
    items = ResultSerializer(many=True)


class KeySerializer(serializers.Serializer[Any]):
    """What must be the same for two numbers to be compared."""

    commit = serializers.CharField(help_text="Of the data set.")
    metric = serializers.CharField()
    by = serializers.CharField()
    config = serializers.CharField()
    split = serializers.CharField()
    task = serializers.CharField()
    slice = serializers.CharField(help_text="axis=value; empty for all of the data.")


class BoardSerializer(KeySerializer):
    models = serializers.IntegerField()
    higherIsBetter = serializers.BooleanField()
    current = serializers.BooleanField(help_text="Whether main of the data set is at this commit.")


class RankedSerializer(serializers.Serializer[Any]):
    """A model stands somewhere from `rank` to `lastRank`: between these the intervals overlap."""

    rank = serializers.IntegerField(allow_null=True)
    lastRank = serializers.IntegerField(allow_null=True)
    tied = serializers.BooleanField()
    result = ResultSerializer()


class LeaderboardSerializer(serializers.Serializer[Any]):
    dataset = serializers.CharField()
    board = BoardSerializer(allow_null=True)
    rows = RankedSerializer(many=True)
    stale = ResultSerializer(many=True, help_text="Measured on other commits of the data alone; not comparable.")
    boards = BoardSerializer(many=True)


class SideSerializer(serializers.Serializer[Any]):
    """`difference` to the first model, [low, high] its interval; `sure`: the interval leaves out 0."""

    result = ResultSerializer(allow_null=True)
    difference = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    sure = serializers.BooleanField()


class ComparedSerializer(serializers.Serializer[Any]):
    dataset = serializers.CharField()
    key = KeySerializer()
    higherIsBetter = serializers.BooleanField()
    sides = SideSerializer(many=True)


class ComparisonSerializer(serializers.Serializer[Any]):
    items = ComparedSerializer(many=True)


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
