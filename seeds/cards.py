"""Write a seed's README.md: YAML for machines, then the same sections in the same order for every seed."""

from collections.abc import Iterable
from typing import Any

import yaml

from seeds.seed import Fact, Measurement, Result, Seed

SECTIONS = (
    "What it is",
    "How to use",
    "Intended use",
    "Licence",
    "Training data",
    "Known biases and limits",
    "Evaluation",
    "Provenance",
)


def render(seed: Seed, measured: Iterable[Measurement], *, owner: str) -> str:
    """The whole card as text; `owner` is the curated owner on the hub that is seeded."""
    measured = list(measured)
    header = yaml.safe_dump(metadata(seed, measured, owner=owner), sort_keys=False, allow_unicode=True, width=110)
    bodies = (
        _owned(seed.what, owner),
        f"```python\n{_owned(seed.usage, owner).strip()}\n```",
        _facts(seed.intended_use, owner),
        _licence(seed),
        _facts(seed.training_data, owner),
        _facts(seed.known_biases, owner),
        _facts([*(Fact(m.statement, f"measured when this repository was built: {m.how}") for m in measured),
                *seed.evaluation], owner),
        _provenance(seed),
    )  # fmt: skip
    sections = "\n\n".join(f"## {title}\n\n{body}" for title, body in zip(_titles(seed), bodies, strict=True))
    return f"---\n{header}---\n\n# {seed.name}\n\n{_owned(seed.purpose, owner)}\n\n{sections}\n"


def notice(seed: Seed, *, owner: str) -> str:
    """The NOTICE file: who is to be credited."""
    parts = "\n\n".join(_owned(text, owner) for text in seed.notice)
    return f"{seed.name}\n\nThis work was made from the following.\n\n{parts}\n"


def metadata(seed: Seed, measured: list[Measurement], *, owner: str) -> dict[str, Any]:
    """The card's YAML; keys without a value are left out."""
    licence = seed.licence
    known: dict[str, Any] = {
        "license": licence.id,
        "license_name": licence.name,
        "license_link": licence.link,
        "library_name": seed.library,
        "pipeline_tag": seed.task if seed.kind == "model" else "",
        "task_categories": [seed.task] if seed.kind == "dataset" and seed.task else [],
        "language": list(seed.languages),
        "base_model": _owned(seed.base_model, owner),
        "base_model_relation": seed.base_relation,
        "datasets": [_owned(name, owner) for name in seed.datasets],
        "tags": [*seed.tags, "headstart-seed"],
        "pretty_name": seed.name if seed.kind == "dataset" else "",
        "configs": [{"config_name": name, "data_files": path} for name, path in seed.configs],
        "model-index": _model_index(seed, measured, owner) if seed.kind == "model" else [],
        "headstart": {
            "intended_use": _plain(seed.intended_use, owner),
            "training_data": _plain(seed.training_data, owner),
            "known_biases": _plain(seed.known_biases, owner),
            **({"licences_of": dict(seed.licences_of)} if seed.licences_of else {}),
        },
    }
    return {key: value for key, value in known.items() if value}


def _model_index(seed: Seed, measured: list[Measurement], owner: str) -> list[dict[str, Any]]:
    results = [_result(seed, one, owner) for one in seed.results]
    metrics = [
        {"type": m.metric, "value": round(m.value, 4), "name": m.metric}
        for m in measured
        if m.metric and m.value is not None
    ]
    if metrics and seed.datasets:
        name = _owned(seed.datasets[0], owner)
        dataset = {"type": name, "name": name}
        by = next(m.how for m in measured if m.metric)
        source = _by(f"measured when this repository was built: {by}")
        results.insert(0, {"task": {"type": seed.task}, "dataset": dataset, "metrics": metrics, "source": source})
    return [{"name": seed.name, "results": results}] if results else []


def _result(seed: Seed, one: Result, owner: str) -> dict[str, Any]:
    name = _owned(one.dataset, owner)
    dataset = {"type": name, "name": one.name or name, "split": one.rows}
    return {
        "task": {"type": seed.task},
        "dataset": {key: value for key, value in dataset.items() if value},
        "metrics": [{"type": one.metric, "value": one.value, "name": one.metric}],
        "source": _by(one.by),
    }


def _by(who: str) -> dict[str, str]:
    """Clients of the public hub can't read a name without an address: where the card says more."""
    return {"name": who, "url": "README.md#evaluation"}


def _titles(seed: Seed) -> tuple[str, ...]:
    if seed.kind == "model":
        return SECTIONS
    return tuple("Where the data come from" if title == "Training data" else title for title in SECTIONS)


def _licence(seed: Seed) -> str:
    what = "Weights" if seed.kind == "model" else "This data set"
    rows = (("Package", seed.licence.package), (what, seed.licence.content), ("Underlying data", seed.licence.data))
    listed = "\n".join(f"- **{label}**: {fact.statement} _Source: {fact.source}._" for label, fact in rows)
    return f"{listed}\n\nThis is what the package and its authors say; it is not legal advice."


def _provenance(seed: Seed) -> str:
    lines = []
    for package in seed.packages:
        lines.append(f"- Package `{package}`" + (" (source archive)" if package.is_source else ""))
        lines += [f"  - `{path}`\n    sha256 `{sha256}`" for path, sha256 in package.files.items()]
    steps = "\n".join(f"{number}. {step}" for number, step in enumerate(seed.steps, 1))
    lines.append(
        "\nA person other than the original authors may have put the bytes into the package; "
        "the digests above are the link back to it.\n\nSteps from there to here:"
    )
    return "\n".join(lines) + f"\n\n{steps}"


def _facts(facts: Iterable[Fact], owner: str) -> str:
    return "\n".join(f"- {_owned(fact.statement, owner)} _Source: {fact.source}._" for fact in facts)


def _plain(facts: Iterable[Fact], owner: str) -> list[dict[str, str]]:
    return [{"statement": _owned(fact.statement, owner), "source": fact.source} for fact in facts]


def _owned(text: str, owner: str) -> str:
    return text.replace("{owner}", owner)
