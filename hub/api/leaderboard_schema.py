"""Leaderboards and comparisons, for the schema alone."""

from typing import Any

from rest_framework import serializers

from hub.api.result_schema import ResultSerializer


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
