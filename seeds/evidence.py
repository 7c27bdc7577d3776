"""What a seed states in the form that reviews read: sources of data, intended use, bias findings.

Nothing is left blank: what a seed doesn't give is stated as unknown, with the reason that the seed gives.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Stage = Literal["pretrain", "finetune", "preference", "distill", "eval", "calibration"]
Origin = Literal["public", "licensed", "private_third_party", "crawled", "user", "synthetic", "other"]
Modality = Literal["text", "image", "audio", "video", "tabular", "other"]
Grade = Literal[1, 2, 3, 4]


@dataclass(frozen=True)
class Source:
    """Data that a model learned from, or that a data set was taken from.

    `dataset` is its name on the hub that is seeded, `external` its name elsewhere; one of the two. `unknown` says why
    whatever is left out here isn't known: where it was looked for.
    """

    id: str
    kind: Origin
    modality: Modality
    unknown: str
    dataset: str = ""
    external: str = ""
    url: str = ""
    stage: Stage | None = None
    share_pct: float | None = None
    records: int | None = None
    content: tuple[str, str] | None = None
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    method: str = ""
    basis: str = ""
    has_persons: bool | None = None
    special_categories: tuple[str, ...] = ()
    pii: Literal["", "none", "direct", "indirect", "removed"] = ""
    licence: str = ""
    annotation: Literal["", "experts", "crowd", "model", "none"] = ""
    per_item: int | None = None
    steps: tuple[str, ...] = ()
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True)
class Use:
    """What it is for and what it is not for, and how much is at stake: sensitivity of the data, what follows from it,
    and whom it reaches, each from 1 to 4; the largest is the tier."""

    intended: tuple[str, ...]
    out_of_scope: tuple[str, ...]
    data: Grade
    impact: Grade
    reach: Grade


@dataclass(frozen=True)
class Finding:
    """A bias finding that somebody reports. Nothing here is a measurement of the hub, so its kind is never measured.

    `axis` and `value` name the group, `against` whom it is compared with. `impact` and `exposure` run from 1 to 4.
    """

    title: str
    source: str
    axis: str
    value: str
    harm: Literal["representational", "allocative", "quality_of_service", "interpersonal", "societal"]
    impact: Grade
    exposure: Grade
    advice: str
    against: str = ""
    kind: Literal["reported", "literature", "suspected"] = "reported"
    metric: str = ""
    figure: float | None = None
    n: int | None = None


def data_record(
    kind: str,
    sources: Iterable[Source],
    *,
    commits: Mapping[str, str] | None = None,
    quotes: Iterable[tuple[str, str]] = (),
) -> dict[str, Any]:
    """The sources in the hub's schema of training data: each question answered, or unknown with the reason.

    `commits`: where the hub's data sets stand that sources name. `quotes`: statements in words, each with who says so.
    """
    facts = [(source, {**_usage(source, kind), **_facts(source, commits or {})}) for source in sources]
    return {
        "training_data": [_answered(source, told) for source, told in facts],
        "quotes": [{"text": text, "source": source} for text, source in quotes],
    }


def use_record(use: Use) -> dict[str, Any]:
    """The intended use in the hub's schema."""
    return {
        "intended": list(use.intended),
        "out_of_scope": list(use.out_of_scope),
        "tier": {"data_sensitivity": str(use.data), "use_impact": str(use.impact), "reach": str(use.reach)},
    }


def finding(one: Finding) -> dict[str, Any]:
    """The note of a finding in the hub's schema; its kind is stated beside it. Figures stand as evidence that no job
    of the hub measured."""
    figure = {"metric": one.metric, "value": one.figure, "n": one.n, "slice": f"{one.axis}={one.value}"}
    group = {"axis": one.axis, "value": one.value, "vs": one.against}
    return {
        "title": one.title,
        "source": one.source,
        "harm": {"class": one.harm},
        "groups": [{key: text for key, text in group.items() if text}],
        "severity": {"impact": str(one.impact), "exposure": str(one.exposure)},
        "mitigation": [{"what": one.advice, "where": "documentation"}],
        **({"evidence": [{key: value for key, value in figure.items() if value}]} if one.figure else {}),
    }


def _answered(source: Source, facts: Mapping[str, Any]) -> dict[str, Any]:
    record: dict[str, Any] = {"id": source.id}
    for path, value in facts.items():
        *way, last = path.split(".")
        at = record
        for name in way:
            at = at.setdefault(name, {})
        at[last] = {"unknown": source.unknown} if value in (None, "", [], ()) else value
    return record


def _usage(source: Source, kind: str) -> dict[str, Any]:
    """A data set isn't used in a training of its own."""
    return {"usage.stage": source.stage, "usage.share_pct": source.share_pct} if kind == "model" else {}


def _facts(source: Source, commits: Mapping[str, str]) -> dict[str, Any]:
    """Path in the schema and value, for each question that applies to such a source."""
    begin, end = source.content or ("", "")
    rows: dict[str, Any] = {
        **_place(source, commits),
        "kind": source.kind,
        "modality": source.modality,
        "size.records": source.records,
        "time_span.collected_from": None,
        "time_span.collected_to": None,
        "time_span.content_from": begin,
        "time_span.content_to": end,
        "geography": [{"iso": code} for code in source.countries],
        "collection.method": source.method,
        "consent.basis": source.basis,
        "consent.evidence": None,
        "people.has_persons": source.has_persons,
        "people.pii": source.pii,
        "licence.declared": source.licence,
        "licence.source_url": None,
        "annotation.by": source.annotation,
        "processing.steps": list(source.steps),
        "processing.dedup.method": None,
        "contamination": None,
        "known_gaps": [{"axis": "coverage", "note": gap} for gap in source.gaps],
        "composition": None,
    }
    return {**rows, **_of_text(source), **_of_people(source), **_of_kind(source), **_of_labels(source)}


def _place(source: Source, commits: Mapping[str, str]) -> dict[str, Any]:
    if source.dataset:
        return {"dataset.repo": source.dataset, "dataset.revision": commits.get(source.dataset)}
    return {"external.name": source.external, "external.url": source.url, "external.accessed": None}


def _of_text(source: Source) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if source.modality in ("text", "audio", "video"):
        found["languages"] = [{"code": code} for code in source.languages]
    if source.modality == "text":
        found["size.tokens"] = None
    if source.modality in ("audio", "video"):
        found["size.hours"] = None
    return found


def _of_people(source: Source) -> dict[str, Any]:
    if source.has_persons is False:
        return {}
    return {
        "people.subjects": None,
        "people.special_categories": list(source.special_categories),
        "people.anonymisation": None,
    }


def _of_kind(source: Source) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if source.kind in ("crawled", "user"):
        found["consent.opt_out.offered"] = None
    if source.kind == "crawled":
        crawler = ("names", "purpose", "behaviour", "respects")
        found |= {f"collection.crawler.{part}": None for part in crawler} | {"collection.top_domains_file": None}
    if source.kind == "synthetic":
        found |= {"synthetic.generators": None, "synthetic.human_reviewed_pct": None}
    return found


def _of_labels(source: Source) -> dict[str, Any]:
    if source.annotation in ("", "none"):
        return {}
    asked = ("guidelines", "demographics", "agreement")
    return {"annotation.per_item": source.per_item, **{f"annotation.{name}": None for name in asked}}
