"""What a job brought: a revision, numbers, what it inherits, what may come next. Or why it ended without."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hub.jobs.selectors import learned
from hub.web.pages import governance_links, job_links, job_words, links, words
from hub.web.pages.links import Link
from workers.contract import Code, Measured

_ADVICE = "Look at the end of the log. If it says nothing to you, send the address of this page to an administrator."


@dataclass(frozen=True)
class Failure:
    """`message` and `advice` are a sentence each; `param` names the field of the order that it is about."""

    title: str
    message: str
    advice: str
    param: str


@dataclass(frozen=True)
class Number:
    """One measured number; `slice` names the part of the data, empty for all of it."""

    metric: str
    text: str
    interval: str
    n: str
    slice: str
    note: str


@dataclass(frozen=True)
class Group:
    """Numbers of one suite on one split of one data set."""

    title: str
    on: Link | None
    numbers: tuple[Number, ...]


@dataclass(frozen=True)
class Outcome:
    """`revision` is there where a job made one; `next` are the things to do with it, the likeliest first."""

    revision: Link | None
    short: str
    groups: tuple[Group, ...]
    cautions: tuple[str, ...]
    inherited: tuple[tuple[str, tuple[Link, ...]], ...]
    findings: tuple[str, ...]
    notes: tuple[str, ...]
    usage: str
    environment: tuple[tuple[str, str], ...]
    next: tuple[Link, ...]


def failure(job: Any) -> Failure | None:
    """None unless it failed or was lost; a job that will be tried again has its reason in the history."""
    if job.state not in ("failed", "lost"):
        return None
    told = job.error or {}
    lost = "Its workers were lost, attempt after attempt, without getting any further."
    message = str(told.get("message") or (lost if job.state == "lost" else "It ended without saying why."))
    return Failure("What to do", message, str(told.get("advice") or _ADVICE), str(told.get("param", "")))


def is_of_order(job: Any) -> bool:
    """Whether it failed in a way that the same order can only fail in again."""
    return job.state == "failed" and (job.error or {}).get("code") in [each for each in Code if each.is_of_order]


def build(job: Any, sources: Sequence[Any]) -> Outcome | None:
    """None until it succeeded."""
    if job.state != "succeeded" or job.result is None:
        return None
    result = job.result
    repo, commit = job.out_repo, job.result_commit
    revision = Link(f"{repo.full_name}", links.tree_url("model", repo.full_name, commit)) if repo and commit else None
    return Outcome(
        revision=revision,
        short=commit[:12],
        groups=_groups(job, {each.name.lower(): each for each in sources if each.repo}),
        cautions=learned.cautions(job.spec),
        inherited=_inherited(job.spec.get("inherited") or {}),
        findings=tuple(str(each.get("title", "")) for each in result.get("findings", ())),
        notes=tuple(str(each) for each in result.get("notes", ())),
        usage=_usage(result.get("usage") or {}),
        environment=_environment(result.get("environment") or {}),
        next=tuple(_next(job, repo, commit)),
    )


def _groups(job: Any, seen: Any) -> tuple[Group, ...]:
    """What a ranking measured stands in its own table."""
    return () if job.kind == "rank" else groups_of(job.result.get("measured", ()), seen)


def groups_of(measured: Sequence[Any], seen: Any) -> tuple[Group, ...]:
    """By suite and data, in the order of the job; of a slice after all of it."""
    by: dict[tuple[str, str, str], list[Measured]] = {}
    for each in (Measured.from_json(dict(told)) for told in measured):
        by.setdefault((each.suite, each.dataset, each.split), []).append(each)
    return tuple(_group(key, rows, seen) for key, rows in by.items())


def _group(key: tuple[str, str, str], rows: Sequence[Measured], seen: Any) -> Group:
    suite, dataset, split = key
    source = seen.get(dataset.lower())
    title = job_words.name_words(suite).capitalize() if suite else "Metrics"
    at = links.tree_url("dataset", source.repo.full_name, rows[0].dataset_commit) if source else ""
    on = Link(" · ".join(part for part in (dataset, split) if part), at) if dataset else None
    ordered = sorted(rows, key=lambda row: bool(row.slice))
    return Group(title, on, tuple(_number(row) for row in ordered))


def _number(row: Measured) -> Number:
    unit = f" {row.unit}" if row.unit and row.value is not None else ""
    return Number(
        metric=job_words.name_words(row.metric),
        text=f"{job_words.figure(row.value)}{unit}",
        interval=job_words.interval(row.low, row.high),
        n=f"{row.n:,}",
        slice=", ".join(f"{axis}: {value}" for axis, value in row.slice.items()),
        note=row.note,
    )


def _inherited(told: Any) -> tuple[tuple[str, tuple[Link, ...]], ...]:
    """What the base and the data ask of whoever uses the result, by heading; lines without an address are words."""
    sources = [Link(f"{each['repo']}: {each['licence'] or 'not stated'}", "") for each in told.get("licences", ())]
    duties = [Link(str(each.get("text", "")), "") for each in told.get("obligations", ())]
    findings = [Link(f"{each['title']} ({each['repo']})", _finding_url(each)) for each in told.get("findings", ())]
    licence = [Link(str(told["licence"]), "")] if told.get("licence") else []
    found = (("Licence", licence), ("Sources", sources), ("To do", duties), ("Known biases", findings))
    return tuple((heading, tuple(lines)) for heading, lines in found if lines)


def _finding_url(told: Any) -> str:
    return f"{links.part_url(str(told['kind']), str(told['repo']), 'bias')}/{str(told['id']).rpartition('-')[2]}"


def _environment(told: Any) -> tuple[tuple[str, str], ...]:
    return tuple((job_words.name_words(name), str(value)) for name, value in told.items())


def _usage(usage: Any) -> str:
    parts = [job_words.exact_span(usage["device_seconds"]) + " on the device"] if usage.get("device_seconds") else []
    parts += [f"{words.size(int(usage['peak_memory']))} of memory at most"] if usage.get("peak_memory") else []
    parts += [f"{usage['kwh']:.3g} kWh"] if usage.get("kwh") else []
    return ", ".join(parts)


def _next(job: Any, repo: Any, commit: str) -> list[Link]:
    if repo and commit:
        name = repo.full_name
        evaluate = job_links.evaluate_url(name, revision=commit, like=job.public_id)
        review = Link("Send to review", governance_links.review_url("model", name, commit))
        return [Link("Evaluate it", evaluate), review]
    boards = [Link("See the leaderboard", job_links.leaderboard_url(job.dataset.full_name))] if job.dataset else []
    return boards if job.kind == "evaluate" else []
