"""Whether a model has learned from the rows that it is measured on, as far as jobs and cards of this hub tell."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from hub.catalog.models import Ancestor, RepoKind
from hub.jobs import splits
from hub.jobs.models import Job, Kind

_MOST_STEPS = 8


@dataclass(frozen=True)
class Tested:
    """Rows to measure on: a data set as an order has it (`contract.Source` as JSON), by which recipe and seed."""

    source: Mapping[str, Any]
    recipe: str
    seed: int


def tested_of(spec: Mapping[str, Any]) -> list[Tested]:
    """What the numbers of a job are of."""
    given = [each for each in spec.get("datasets", ()) if each.get("role") not in ("train", "validation")]
    return [Tested(each, spec.get("recipe", ""), spec.get("seed", 0)) for each in given]


def learned(model: Mapping[str, Any], test: Tested) -> str:
    """A sentence if `model` (a `contract.Source` as JSON), or one that it was tuned from, learned from these rows."""
    key, commit = str(model["repo"]).lower(), model["commit"]
    for _ in range(_MOST_STEPS):
        spec = _made_by(key, commit)
        if spec is None:
            return _told(model, test, "a card says so") if _is_in_card(key, test.source) else ""
        if any(_shares(each, spec, test) for each in spec.get("datasets", ())):
            return _told(model, test, "a job of this hub did it")
        before = (key, commit)
        if not spec.get("base") or spec.get("from_scratch"):
            return ""
        key, commit = str(spec["base"]["repo"]).lower(), spec["base"]["commit"]
        if (key, commit) == before:
            return ""
    return ""


def cautions(spec: Mapping[str, Any]) -> tuple[str, ...]:
    """Of a job's numbers, each sentence once; none of a ranking."""
    if spec.get("kind") == Kind.RANK or not spec.get("base") or spec.get("from_scratch"):
        return ()
    found = (learned(spec["base"], test) for test in tested_of(spec))
    return tuple(dict.fromkeys(each for each in found if each))


def _told(model: Mapping[str, Any], test: Tested, grounds: str) -> str:
    return (
        f"{model['repo']} was trained on rows of {test.source['repo']} at this commit ({grounds}): "
        "numbers on those rows are better than on new ones."
    )


def _made_by(key: str, commit: str) -> Mapping[str, Any] | None:
    made: QuerySet[Job] = Job.objects.filter(kind=Kind.FINETUNE, out_repo__key=key, result_commit=commit)
    return made.values_list("spec", flat=True).first()


def _shares(trained: Mapping[str, Any], spec: Mapping[str, Any], test: Tested) -> bool:
    """Whether some of the rows are the same; the rows that a training held out are the same for the same order."""
    mine = test.source
    if trained.get("role") in ("test", "validation") or not _is_same_data(trained, mine):
        return False
    is_held_out = trained.get("role") == mine.get("role") == "both" and spec.get("seed", 0) == test.seed
    return not (is_held_out and spec.get("recipe") == test.recipe and _is_same_reading(trained, mine))


def _is_same_data(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """The same commit, and no other part of it; what isn't named may be anything."""
    is_same = one["repo"].lower() == other["repo"].lower() and one["commit"] == other["commit"]
    pairs = [(one.get(name) or "", other.get(name) or "") for name in ("config", "split")]
    return is_same and all(not mine or not yours or mine == yours for mine, yours in pairs)


def _is_same_reading(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """By part and columns; a suite may want more columns."""
    parts = all((one.get(name) or "") == (other.get(name) or "") for name in ("config", "split"))
    columns = other.get("columns") or {}
    return parts and all(columns.get(role) == name for role, name in (one.get("columns") or {}).items())


def _is_in_card(key: str, data: Mapping[str, Any]) -> bool:
    """A card names no split: it is taken for the one to train on, or for all there is."""
    if splits.split_for([data.get("split") or ""], "test"):
        return False
    named = Ancestor.objects.filter(kind=RepoKind.DATASET, relation=Ancestor.Relation.TRAINED_ON, repo__key=key)
    return named.filter(repo__kind=RepoKind.MODEL, key=data["repo"].lower(), commit=data["commit"]).exists()
