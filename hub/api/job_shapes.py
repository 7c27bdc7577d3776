"""What the API of jobs takes and gives."""

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


def job(one: Any, progress: Any) -> dict[str, Any]:
    """A row of a list; owner, orderer and worker are at hand."""
    return {
        "id": one.public_id,
        "kind": one.kind,
        "state": one.state,
        "title": one.title,
        "owner": one.owner.name,
        "orderedBy": one.ordered_by.username,
        "orderedAt": one.ordered_at,
        "startedAt": one.started_at,
        "endedAt": one.ended_at,
        "recipe": one.recipe,
        "device": one.device_class,
        "memory": one.memory_bytes,
        "priority": one.priority,
        "worker": one.worker.name if one.worker else None,
        "attempts": one.attempts,
        "progress": _progress(progress),
        "cancelAsked": one.cancel_asked_at is not None,
        "error": one.error,
        "out": one.spec.get("out", ""),
        "resultCommit": one.result_commit,
        "parent": one.parent.public_id if one.parent else None,
    }


def event(one: Any) -> dict[str, Any]:
    return {"seq": one.seq, "at": one.at, "kind": one.kind, "attempt": one.attempt, "data": one.data}


def offer(one: Any) -> dict[str, Any]:
    return {**one.offer.to_json(), "workers": list(one.workers), "awake": list(one.awake)}


def worker(one: Any) -> dict[str, Any]:
    return {"name": one.name, "device": one.device, "memory": one.memory, "slots": one.slots, "awake": one.is_awake,
            "offers": sorted(one.offers)}  # fmt: skip


def check(found: Any) -> dict[str, Any]:
    """A picture of an order, as JSON data."""
    needs = found.needs
    return {
        "faults": [each.as_dict() for each in found.faults],
        "warnings": [each.as_dict() for each in found.warnings],
        "title": found.title,
        "config": found.config,
        "out": found.outcome.out,
        "private": found.outcome.is_private,
        "licence": _licence(found.terms) if found.terms else None,
        "sources": [*(_model(each) for each in found.models), *(_data(each) for each in found.data)],
        "estimate": _estimate(needs.estimate) if needs else None,
        "device": needs.device if needs else None,
        "workers": [worker(each) for each in needs.workers] if needs else [],
        "place": {"ahead": needs.place.ahead, "running": needs.place.running, "slots": needs.place.slots}
        if needs
        else None,
        "budget": {"used": found.budget.used, "limit": found.budget.limit} if found.budget else None,
    }


def _place(one: Any) -> dict[str, Any]:
    return {"ahead": one.ahead, "running": one.running, "slots": one.slots}


def _progress(one: Any) -> dict[str, Any]:
    return {"step": one.step, "total": one.total, "share": one.share, "seconds": one.seconds,
            "secondsLeft": one.seconds_left}  # fmt: skip


def _licence(terms: Any) -> dict[str, Any]:
    told = terms.inherited
    return {"verdict": terms.verdict, "licence": terms.licence, "obligations": told["obligations"],
            "notice": told["notice"], "findings": told["findings"]}  # fmt: skip


def _model(one: Any) -> dict[str, Any]:
    return {**_source(one, "model"), "parameters": one.parameters, "trustsCode": one.trust_code}


def _data(one: Any) -> dict[str, Any]:
    return {
        **_source(one, "dataset"),
        "role": one.wanted.role,
        "config": one.wanted.config,
        "split": one.wanted.split,
        "configs": one.shown.configs,
        "columns": [{"name": each.name, "type": each.type} for each in one.shown.columns],
        "mapping": one.mapped.columns,
        "rows": [{name: _cell(value) for name, value in row.items()} for row in one.mapped.rows],
        "total": one.shown.total,
        "totalIsExact": one.shown.is_exact,
    }


def _source(one: Any, kind: str) -> dict[str, Any]:
    policy = one.decision.outcome if one.decision else ""
    return {"name": one.name, "kind": kind, "commit": one.at.commit, "licence": one.licence, "policy": policy}


def _cell(value: Any) -> Any:
    """For a look: what is long is cut, and bytes are counted."""
    if isinstance(value, bytes):
        return f"{len(value):,} bytes"
    if isinstance(value, str):
        return value[:500]
    if isinstance(value, dict):
        return {str(name): _cell(each) for name, each in list(value.items())[:20]}
    return [_cell(each) for each in list(value)[:100]] if isinstance(value, list | tuple) else value


def _estimate(one: Any) -> dict[str, Any]:
    return {"memory": one.memory, "memoryTerms": _terms(one.memory_terms), "seconds": one.seconds,
            "timeTerms": _terms(one.time_terms)}  # fmt: skip


def _terms(terms: Any) -> list[dict[str, Any]]:
    return [{"name": each.name, "formula": each.formula, "value": each.value} for each in terms]
