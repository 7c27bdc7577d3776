"""How a job moves: its steps as a table, and the diagram made from it.

A state changes only by a step of this table, through one conditional update (`services.steps`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from hub.jobs.errors import StepRefused
from hub.jobs.models import FINAL, HELD
from hub.jobs.models import State as S


class Who(StrEnum):
    """Who takes a step: the hub itself, the worker that has the job, or people (who ordered it, an administrator)."""

    HUB = "hub"
    WORKER = "worker"
    PERSON = "person"


@dataclass(frozen=True)
class Step:
    """From one state to another: who may take it, and why."""

    before: str
    after: str
    who: tuple[Who, ...]
    reason: str


def _each(befores: Iterable[S], after: S, who: tuple[Who, ...], reason: str) -> tuple[Step, ...]:
    return tuple(Step(str(before), str(after), who, reason) for before in befores)


_HUB, _WORKER, _PERSON = (Who.HUB,), (Who.WORKER,), (Who.PERSON,)

STEPS: tuple[Step, ...] = (
    *_each([S.QUEUED], S.CLAIMED, _WORKER, "claimed with a lease"),
    *_each([S.CLAIMED], S.PREPARING, _WORKER, "pulls the model and the data"),
    *_each([S.PREPARING], S.RUNNING, _WORKER, "the job's process runs"),
    *_each([S.RUNNING], S.FINALIZING, _WORKER, "pushes the result"),
    *_each([S.FINALIZING], S.SUCCEEDED, _HUB, "the result was taken"),
    *_each(HELD, S.QUEUED, (Who.HUB, Who.WORKER), "lease expired, given back, or worth another try"),
    *_each(HELD, S.FAILED, _WORKER, "a fault that another try would not mend"),
    *_each([S.QUEUED], S.FAILED, _HUB, "what it needs is gone"),
    *_each(HELD, S.LOST, _HUB, "three leases expired without a new checkpoint"),
    *_each([S.QUEUED], S.CANCELLED, _PERSON, "cancelled before it was claimed"),
    *_each(HELD, S.CANCELLED, (Who.HUB, Who.WORKER), "a cancel was asked for"),
    *_each([S.FAILED, S.CANCELLED, S.LOST], S.QUEUED, _PERSON, "ordered to be tried again"),
)

_BY_STATES = {(step.before, step.after): step for step in STEPS}


def step_between(before: str, after: str, who: Who) -> Step:
    """The step between these states, for such an actor; raises `StepRefused`."""
    step = _BY_STATES.get((str(before), str(after)))
    if step is None:
        raise StepRefused(f"A job that is {S(before).label.lower()} can't become {S(after).label.lower()}.")
    if who not in step.who:
        takers = " or ".join(step.who)
        raise StepRefused(f"From {before} to {after}, a job is taken by: {takers}. It was tried as: {who}.")
    return step


def diagram(steps: Iterable[Step] = STEPS) -> str:
    """The steps as a Mermaid state diagram; docs/jobs.md shows it, and a test compares."""
    lines = [f"    {step.before} --> {step.after} : {', '.join(step.who)}" for step in steps]
    ends = [f"    {state.value} --> [*]" for state in FINAL]
    return "\n".join(["stateDiagram-v2", f"    [*] --> {S.QUEUED.value}", *lines, *ends])


def table(steps: Iterable[Step] = STEPS) -> str:
    """The same as a table: steps that differ in nothing but where they begin share a row."""
    rows: dict[tuple[str, str, str], list[str]] = {}
    for step in steps:
        rows.setdefault((step.after, ", ".join(step.who), step.reason), []).append(step.before)
    lines = [f"| {', '.join(befores)} | {after} | {who} | {reason} |" for (after, who, reason), befores in rows.items()]
    return "\n".join(["| from | to | who | when |", "|---|---|---|---|", *lines])
