"""What the API of jobs takes and gives, for the schema."""

from typing import Any

from rest_framework import serializers

_Text = serializers.CharField


class FaultSerializer(serializers.Serializer[Any]):
    param = _Text(help_text="The field of the order that it is about.")
    code = _Text()
    message = _Text()
    advice = _Text()


class OrderSerializer(serializers.Serializer[Any]):
    """Only what the kind of job takes. For the schema alone: an order is read by the hub's own rules, which name every
    fault at once."""

    kind = serializers.ChoiceField(choices=("finetune", "evaluate", "rank"))
    base = _Text(required=False, help_text="owner/name of a model; a name alone is one of the hub's curated ones.")
    base_revision = _Text(required=False)
    candidates = serializers.ListField(child=_Text(), required=False, help_text="Models to rank.")
    dataset = serializers.JSONField(
        required=False, help_text="A name, or {repo, revision, role, config, split, columns}."
    )
    datasets = serializers.ListField(
        child=serializers.JSONField(), required=False, help_text="{repo, revision, role, config, split, columns}."
    )
    recipe = _Text(required=False)
    suites = serializers.ListField(child=_Text(), required=False)
    config = serializers.DictField(required=False, help_text="By option; of an evaluation by suite, then by option.")
    out = _Text(required=False, help_text="Where the result of a fine-tune goes.")
    title = _Text(required=False)
    seed = serializers.IntegerField(required=False)
    device = _Text(required=False, help_text="cpu, gpu-24, gpu-80 or gpu-141; the hub chooses where none is named.")
    priority = serializers.IntegerField(required=False)
    max_seconds = serializers.IntegerField(required=False)
    from_scratch = serializers.BooleanField(required=False)
    compare_scratch = serializers.BooleanField(required=False)
    private = serializers.BooleanField(required=False, help_text="Of a new result; true where it isn't said.")
    licence = _Text(required=False, help_text="Of the result; the base's where none is named.")
    purpose = _Text(required=False, help_text="What the hub's policy is asked about.")


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


class CheckSerializer(serializers.Serializer[Any]):
    """What an order would mean. It can be ordered where `faults` is empty."""

    faults = FaultSerializer(many=True)
    warnings = FaultSerializer(many=True)
    title = _Text()
    config = serializers.DictField(help_text="With the default of every option.")
    out = _Text()
    private = serializers.BooleanField()
    licence = serializers.DictField(allow_null=True, help_text="verdict, licence, obligations, notice; of fine-tunes.")
    sources = serializers.ListField(child=serializers.DictField())
    estimate = serializers.DictField(allow_null=True, help_text="memory and seconds, each with the terms of its sum.")
    device = _Text(allow_null=True)
    workers = serializers.ListField(child=serializers.DictField(), help_text="Those that fit.")
    place = serializers.DictField(allow_null=True)
    budget = serializers.DictField(allow_null=True)
