"""Jobs for pages and programs: how they stand, how far they are, what they said.

Whoever may see a job (`find_job`) may see all of it; so what reads a part of one takes the job, found for its viewer.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.lookups import Exact

from hub.accounts.models import Namespace
from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo
from hub.core import clock
from hub.core.text import storable
from hub.jobs.errors import NoSuchJob
from hub.jobs.models import FINAL, HELD, Attempt, Job, State

PAGE = 50
# Words for a list's filter: all that a worker has, all that has ended.
_STATES = {"held": HELD, "open": (State.QUEUED, *HELD), "ended": tuple(set(State) - {State.QUEUED, *HELD})}


# An account, and whose: its id stands with the person or the organisation.
_OWNER = ("owner", "owner__user", "owner__organisation")


@dataclass(frozen=True)
class Progress:
    """How far a job is: `share` from 0 to 1 (None before its first step), `seconds_left` as the worker guesses it,
    `seconds` since it was started."""

    step: int
    total: int
    share: float | None
    seconds: float | None
    seconds_left: float | None


@dataclass(frozen=True)
class Source:
    """A model or data set of an order. `repo` is there where the viewer may see it."""

    name: str
    kind: str
    commit: str
    role: str = ""
    config: str = ""
    split: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    repo: Repo | None = None


@dataclass(frozen=True)
class JobPage:
    """`next`: `after` of the next page; empty on the last."""

    jobs: tuple[Job, ...]
    next: str = ""


def find_job(viewer: Viewer, public_id: str) -> Job:
    """Raises `NoSuchJob`, for hidden and missing alike. With owner, worker and repositories at hand."""
    related = (*_OWNER, "ordered_by", "worker", "base__owner", "dataset__owner", "out_repo__owner", "parent")
    job = Job.objects.visible_to(viewer).select_related(*related).filter(public_id=storable(public_id)).first()
    if job is None:
        raise NoSuchJob
    return job


def find_job_again(job: Job) -> Job:
    """The row as it is now, for who found it before. Raises `NoSuchJob` when it is gone."""
    again: Job | None = Job.objects.select_related("owner", "worker").filter(pk=job.pk).first()
    if again is None:
        raise NoSuchJob
    return again


def standing_of(job: Job) -> tuple[str, bool]:
    """Its state as it is now, and whether it is over."""
    state = find_job_again(job).state
    return state, state in FINAL


def speaks_for(viewer: Viewer, account: str) -> bool:
    """Whether jobs of that account are theirs to see, if there are any."""
    found = Namespace.objects.filter(name__iexact=storable(account))
    return (found if viewer.is_admin else found.filter(pk__in=list(viewer.roles))).exists()


def list_jobs(
    viewer: Viewer,
    *,
    state: str = "",
    kind: str = "",
    owner: str = "",
    repo: str = "",
    after: str = "",
    limit: int = PAGE,
    states: Iterable[str] = (),
    labels: Mapping[str, str] | None = None,
) -> JobPage:
    """The newest first. `state`: one of them, or open, held, ended; `owner`: an account; `repo`: owner/name of a base,
    data set or result; `after`: the id of the last job of the page before; `states`: one of these; `labels`: with all
    of these, whose names are as `check_labels` wants them."""
    found = (
        Job.objects.visible_to(viewer).select_related("owner", "ordered_by", "worker").order_by("-ordered_at", "-pk")
    )
    found = found.filter(_asked(state, kind, owner, repo), *_labelled(labels or {}))
    found = found.filter(state__in=tuple(states)) if states else found
    if after:
        last = find_job(viewer, after)
        found = found.filter(Q(ordered_at__lt=last.ordered_at) | Q(ordered_at=last.ordered_at, pk__lt=last.pk))
    limit = max(1, min(limit, PAGE))
    rows = list(found.select_related(*_OWNER, "parent")[: limit + 1])
    return JobPage(tuple(rows[:limit]), rows[limit - 1].public_id if len(rows) > limit else "")


def jobs_of(viewer: Viewer, repo: Repo, *, limit: int = 10) -> list[Job]:
    """Jobs that the viewer may see and that used or made this repository, the newest first."""
    mine = Q(base=repo) | Q(dataset=repo) | Q(out_repo=repo)
    found = Job.objects.visible_to(viewer).filter(mine).select_related("owner", "ordered_by")
    return list(found.order_by("-ordered_at", "-pk")[:limit])


def progress_of(job: Job) -> Progress:
    share = min(1.0, job.step / job.total_steps) if job.total_steps else None
    end = job.ended_at or clock.now()
    seconds = (end - job.started_at).total_seconds() if job.started_at else None
    left = job.seconds_left if job.state == State.RUNNING else None
    return Progress(job.step, job.total_steps, share, seconds, left)


def sources_of(viewer: Viewer, job: Job) -> list[Source]:
    """What it was ordered on: the base first, then candidates, then data sets. One query."""
    spec = job.spec
    told = [each for each in (spec.get("base"), *spec.get("candidates", ()), *spec.get("datasets", ())) if each]
    keys = {each["repo"].lower() for each in told}
    rows = Repo.objects.visible_to(viewer).filter(key__in=keys).select_related("owner")
    seen = {(row.kind, row.key): row for row in rows}
    return [_source(each, seen.get((each.get("kind", "model"), each["repo"].lower()))) for each in told]


def attempts_of(job: Job) -> "QuerySet[Attempt]":
    return job.tries.order_by("token")


def children_of(viewer: Viewer, job: Job) -> list[Job]:
    """Jobs that it asked for, or that repeat it."""
    return list(Job.objects.visible_to(viewer).filter(parent=job).order_by("ordered_at", "pk")[:PAGE])


def _source(told: dict[str, Any], repo: Repo | None) -> Source:
    names = ("commit", "role", "config", "split", "columns")
    rest = {name: told[name] for name in names if name in told}
    return Source(name=repo.full_name if repo else told["repo"], kind=told.get("kind", "model"), repo=repo, **rest)


def _asked(state: str, kind: str, owner: str, repo: str) -> Q:
    return Q(*_conditions(storable(state), storable(kind), storable(owner), storable(repo)))


def _labelled(labels: Mapping[str, str]) -> list[Any]:
    return [Exact(KeyTextTransform(name, "labels"), storable(value)) for name, value in labels.items()]


def _conditions(state: str, kind: str, owner: str, repo: str) -> Iterator[Q]:
    if state:
        yield Q(state__in=_STATES.get(state, (state,)))
    if kind:
        yield Q(kind=kind)
    if owner:
        yield Q(owner__name__iexact=owner)
    if repo:
        key = repo.lower()
        yield Q(base__key=key) | Q(dataset__key=key) | Q(out_repo__key=key)
