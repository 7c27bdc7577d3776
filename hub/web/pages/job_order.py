"""What was ordered, as facts with what is usual dimmed; and the sentence under a job's state."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hub.core import clock
from hub.jobs.selectors import offers, queue
from hub.jobs.selectors.budgets import budget_of
from hub.web.pages import job_words, links, words
from hub.web.pages.links import Link
from workers.contract import DeviceClass

_ROLES = {"train": "to learn from", "test": "to measure on", "both": "to learn from and to measure on"}


@dataclass(frozen=True)
class Source:
    """A repository at its commit; without an address where the reader may not see it."""

    what: str
    name: str
    url: str
    commit: str
    details: str


@dataclass(frozen=True)
class Setting:
    name: str
    value: str
    is_usual: bool


@dataclass(frozen=True)
class Order:
    sources: tuple[Source, ...]
    facts: tuple[tuple[str, str], ...]
    settings: tuple[Setting, ...]
    changed: str
    out: Link | None


def build(job: Any, sources: Sequence[Any]) -> Order:
    spec = job.spec
    settings = _settings(spec)
    chosen = sum(not each.is_usual for each in settings)
    return Order(
        sources=tuple(_source(each) for each in sources),
        facts=tuple((label, text) for label, text in _facts(job, spec) if text),
        settings=settings,
        changed=_changed(chosen, len(settings) - chosen),
        out=_out(job),
    )


def _changed(chosen: int, usual: int) -> str:
    defaults = words.plural(usual, "default")
    return f"{chosen} changed, {defaults}" if chosen and usual else f"{chosen} changed" if chosen else defaults


def lead(job: Any, state: job_words.Standing) -> str:
    """Who has it or what it waits for; how long it took."""
    if state.is_held:
        worker = job.worker.name if job.worker else ""
        again = f", attempt {job.attempts}" if job.attempts > 1 else ""
        return f"On {worker}{again}" if worker else ""
    if state.is_over:
        on = "on a device" if job.devices == 1 else f"of device time on {job.devices} devices"
        took = f" after {job_words.exact_span(job.device_seconds)} {on}" if job.device_seconds else ""
        return f"Ended {words.ago(job.ended_at)}{took}"
    place = queue.place_of(job)
    before = f"After {words.plural(place.ahead, 'other job')} in the queue" if place.ahead else "Next in the queue"
    return f"{before}: {_why(job, place)}"


def _why(job: Any, place: queue.Place) -> str:
    """What it waits for, as the queue stands."""
    if job.not_before and job.not_before > clock.now():
        return f"it is tried again {words.ago(job.not_before)}"
    if budget_of(job.owner, DeviceClass(job.device_class)).is_spent:
        return f"{job.owner.name} has used its device time of these thirty days"
    if not place.slots:
        return f"no worker that has {_device(job)} for it is awake"
    if place.running < place.slots:
        return "a free worker takes it in a moment"
    taken = words.plural(place.running, "running job has", "running jobs have")
    return f"{taken} all places on {job_words.DEVICES[job.device_class]}"


def _source(each: Any) -> Source:
    kind = "Data" if each.kind == "dataset" else "Model"
    parts = [_ROLES.get(each.role, each.role), each.config, each.split]
    parts += [_column(role, column) for role, column in each.columns.items()]
    url = links.tree_url(each.repo.kind, each.repo.full_name, each.commit) if each.repo else ""
    return Source(kind, each.name, url, each.commit[:12], " · ".join(part for part in parts if part))


def _column(role: str, column: str) -> str:
    return f"column {column}" if role == column else f"{role} from column {column}"


def _device(job: Any) -> str:
    memory = f" with {words.size(job.memory_bytes)} of memory" if job.memory_bytes else ""
    return job_words.DEVICES[job.device_class] + memory


def _facts(job: Any, spec: Any) -> list[tuple[str, str]]:
    version = spec.get("recipe_version", "")
    return [
        ("Recipe", f"{job.recipe} {version}".strip()),
        ("Suites", ", ".join(spec.get("suites") or ())),
        ("Device", _device(job)),
        ("Devices at once", str(job.devices) if job.devices > 1 else ""),
        ("Seed", str(spec.get("seed", 0))),
        ("Time limit", f"{job_words.span(job.max_seconds)} of training or measuring in one attempt"),
        ("From random weights", "yes: the other half of a comparison" if spec.get("from_scratch") else ""),
    ]


def _flat(config: Any, before: str = "") -> list[tuple[str, Any]]:
    """Options of suites stand by the suite's name."""
    found: list[tuple[str, Any]] = []
    for name, value in config.items():
        label = f"{before}{name}"
        found += _flat(value, f"{label}: ") if isinstance(value, dict) else [(label, value)]
    return found


def _settings(spec: Any) -> tuple[Setting, ...]:
    """Those that somebody chose first."""
    usual = _usual(spec)
    found = [_setting(name, value, usual) for name, value in _flat(spec.get("config") or {})]
    return tuple(sorted(found, key=lambda each: each.is_usual))


def _setting(name: str, value: Any, usual: dict[str, Any]) -> Setting:
    return Setting(job_words.name_words(name), _value(value), usual.get(name) == value)


def _usual(spec: Any) -> dict[str, Any]:
    """Defaults of what was ordered, as far as a worker still offers it."""
    if spec.get("kind") == "evaluate":
        known = {each.offer.name: each.offer.options for each in offers.list_offers()}
        names = [name for name in (spec.get("recipe"), *(spec.get("suites") or ())) if name in known]
        return {f"{name}: {each.name}": each.default for name in names for each in known[name]}
    kind = offers.RANKING if spec.get("kind") == "rank" else offers.RECIPE
    found = offers.find_offer(kind, spec.get("recipe", ""))
    return {each.name: each.default for each in found.offer.options} if found else {}


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _out(job: Any) -> Link | None:
    name = job.spec.get("out", "")
    return Link(name, links.repo_url("model", name) if job.out_repo_id else "") if name else None
