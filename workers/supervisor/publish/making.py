"""How a model was made, for its card: what ran, on what, how long, with which settings."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from workers.contract import JobSpec
from workers.lib.folder import Outcome
from workers.supervisor.publish import facts

_UNITS = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))


def told(job: JobSpec, outcome: Outcome) -> str:
    rows = [f"| {name} | {value} |" for name, value in _rows(job, outcome) if value]
    config = json.dumps(job.config, indent=2, sort_keys=True, ensure_ascii=False)
    return "\n".join(["| | |", "|---|---|", *rows]) + f"\n\nSettings:\n\n```json\n{config}\n```"


def _rows(job: JobSpec, outcome: Outcome) -> Iterator[tuple[str, str]]:
    usage, around = outcome.result.usage, outcome.result.environment
    yield "Base", f"`{facts.pinned(job.base)}`" if job.base else ""
    yield "Job", f"`{job.id}`"
    yield "Recipe", f"`{job.recipe}` {job.recipe_version}"
    yield "Seed", str(job.seed)
    yield "Steps", f"{outcome.steps:,}"
    yield "Time", _seconds(usage.get("device_seconds"))
    yield "Memory at most", _bytes(usage.get("peak_memory"))
    yield "Energy", f"{usage['kwh']:.3g} kWh" if usage.get("kwh") else "not measured on this machine"
    yield from _environment(around)


def _environment(around: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    processes = int(around.get("processes") or 1)
    yield "Device", f"{around.get('device', '')}{f', {processes} processes' if processes > 1 else ''}"
    yield "Threads", str(around.get("threads") or "")
    yield "CUDA", str(around.get("cuda") or "")
    yield "Deterministic", "yes" if around.get("deterministic") else "no"
    yield "System", f"{around.get('system', '')}, Python {around.get('python', '')}"
    yield "Libraries", ", ".join(f"{name} {version}" for name, version in (around.get("libraries") or {}).items())


def _seconds(value: float | None) -> str:
    if value is None:
        return ""
    minutes, seconds = divmod(value, 60)
    return f"{int(minutes)} min {seconds:.0f} s" if minutes else f"{seconds:.1f} s"


def _bytes(value: float | None) -> str:
    unit, name = next(((unit, name) for unit, name in _UNITS if value and value >= unit), (1.0, "B"))
    return f"{value / unit:.3g} {name}" if value else ""
