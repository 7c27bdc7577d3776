"""What an order would mean, as JSON data."""

from typing import Any

from hub.api.job_shapes import worker


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
        "place": _place(needs.place) if needs else None,
        "budget": {"used": found.budget.used, "limit": found.budget.limit} if found.budget else None,
    }


def _place(one: Any) -> dict[str, Any]:
    return {"ahead": one.ahead, "running": one.running, "slots": one.slots}


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
