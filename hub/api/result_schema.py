"""The shapes of measured results, for the schema alone."""

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
