"""Orders and what they would mean, for the schema alone."""

from typing import Any

from rest_framework import serializers

from hub.api.job_schema import _Text


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
    gpus = serializers.IntegerField(
        required=False, help_text="Devices that train it at once, sharing each batch; 1 where it isn't said."
    )
    priority = serializers.IntegerField(required=False)
    max_seconds = serializers.IntegerField(required=False)
    from_scratch = serializers.BooleanField(required=False)
    compare_scratch = serializers.BooleanField(required=False)
    private = serializers.BooleanField(required=False, help_text="Of a new result; true where it isn't said.")
    licence = _Text(required=False, help_text="Of the result; the base's where none is named.")
    purpose = _Text(required=False, help_text="What the hub's policy is asked about.")


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
