"""The card of a fine-tune: every sentence is a fact of the job."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sdk._card import Card
from workers.contract import JobSpec, Measured
from workers.lib.folder import Outcome
from workers.supervisor.publish import facts, making

_ROLES = {"both": "training, a tenth held out", "train": "training", "validation": "validation", "test": "evaluation"}


def render(job: JobSpec, outcome: Outcome, *, has_curves: bool) -> str:
    """README.md as a whole."""
    name = job.out.partition("/")[2] or job.id
    sections = "\n\n".join(f"## {title}\n\n{text}" for title, text in _sections(job, outcome, has_curves) if text)
    body = f"\n# {name}\n\n{_summary(job)}\n\n{sections}\n"
    return str(Card(facts.metadata(job, outcome.metadata, outcome.result.measured), body))


def _summary(job: JobSpec) -> str:
    data = ", ".join(f"`{each.repo}`" for each in facts.training_data(job)) or "no data set of this hub"
    if job.base is None:
        return f"A model trained on {data} by the recipe `{job.recipe}`."
    begun = "with the architecture of, but random weights instead of those of," if job.from_scratch else "of"
    what = "Trained" if job.from_scratch else "A fine-tune"
    return f"{what} {begun} `{job.base.repo}` on {data} by the recipe `{job.recipe}`."


def _sections(job: JobSpec, outcome: Outcome, has_curves: bool) -> Iterator[tuple[str, str]]:
    yield "Use", f'```python\nimport sdk\n\nmodel = sdk.pull("{job.out}")\n```' if job.out else ""
    yield "Evaluation", _measured(outcome.result.measured)
    yield "Learning curves", "![Loss and metrics by training step](learning_curves.png)" if has_curves else ""
    yield from outcome.card.items()
    yield "Training data", _data(job)
    yield "Licence", _licence(job.inherited)
    yield "Known biases and limits", _findings(job.inherited)
    yield "How it was made", making.told(job, outcome)
    yield "Notes", _listed(outcome.result.notes)


def _licence(inherited: Mapping[str, Any]) -> str:
    chosen = inherited.get("licence")
    begun = [f"This model is under `{chosen}`."] if chosen else []
    sources = [
        f"- `{each['repo']}`: {each['licence'] or 'no licence stated'}" for each in inherited.get("licences", ())
    ]
    duties = [f"- {each['text']}" for each in inherited.get("obligations", ()) if each.get("text")]
    shown = [str(text) for text in inherited.get("displays", ())]
    blocks = [*begun, _after("It is made from:", sources), _after("What comes with that:", duties), *shown]
    return "\n\n".join(block for block in blocks if block)


def _data(job: JobSpec) -> str:
    lines = [
        f"- `{each.repo}` at `{each.commit}`" + "".join(f", {what} {told}" for what, told in _part(each) if told)
        for each in job.datasets
    ]
    return "\n".join(lines)


def _part(source: Any) -> tuple[tuple[str, str], ...]:
    return ("config", source.config), ("split", source.split), ("for", _ROLES.get(source.role, source.role))


def _findings(inherited: Mapping[str, Any]) -> str:
    """Those of the base and the data, which hold here until somebody measures otherwise."""
    lines = [
        f"- {each['title']} (`{each['repo']}`, {each.get('id', '')}, {each.get('severity') or 'severity not set'})"
        for each in inherited.get("findings", ())
    ]
    return _after("Open findings of what it is made from; nobody has shown that they don't hold here:", lines)


def _measured(measured: Iterable[Measured]) -> str:
    rows = [_row(each) for each in measured if each.value is not None]
    head = ["| metric | value | 95 % interval | n | part | data |", "|---|---|---|---|---|---|"]
    return "\n".join([*head, *rows]) if rows else ""


def _row(each: Measured) -> str:
    interval = f"{each.low:.4g} to {each.high:.4g}" if each.low is not None and each.high is not None else "–"
    part = ", ".join(f"{axis} = {value}" for axis, value in each.slice.items()) or "all"
    cells = (each.metric, f"{each.value:.4g}", interval, str(each.n), part, each.dataset or "–")
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _listed(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _after(title: str, lines: list[str]) -> str:
    return "\n".join([title, "", *lines]) if lines else ""
