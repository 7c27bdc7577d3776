"""What the API of jobs takes and gives, for the schema."""

from typing import Any

from rest_framework import serializers

_Text = serializers.CharField


class JobSerializer(serializers.Serializer[Any]):
    id = _Text()
    kind = _Text()
    state = _Text()
    title = _Text()
    owner = _Text()
    orderedBy = _Text()
    orderedAt = serializers.DateTimeField()
    startedAt = serializers.DateTimeField(allow_null=True)
    endedAt = serializers.DateTimeField(allow_null=True)
    recipe = _Text()
    device = _Text()
    memory = serializers.IntegerField()
    devices = serializers.IntegerField(help_text="That it has at once: its seconds count so many times.")
    priority = serializers.IntegerField()
    worker = _Text(allow_null=True)
    attempts = serializers.IntegerField()
    progress = serializers.DictField(help_text="step, total, share from 0 to 1, seconds, secondsLeft.")
    cancelAsked = serializers.BooleanField()
    error = serializers.DictField(help_text="code, message, advice, param; empty while nothing failed.")
    out = _Text(help_text="owner/name of the result of a fine-tune.")
    resultCommit = _Text()
    parent = _Text(allow_null=True)  # type: ignore[assignment]


class JobDetailSerializer(JobSerializer):
    spec = serializers.DictField(help_text="The order, as it was checked; it never changes.")
    place = serializers.IntegerField(allow_null=True, help_text="Jobs that are claimed before it, while it is queued.")
    children = serializers.ListField(child=_Text())
    lastEvent = serializers.IntegerField()


class JobsSerializer(serializers.Serializer[Any]):
    items = JobSerializer(many=True)
    next = _Text(help_text="`after` of the next page; empty on the last.")
