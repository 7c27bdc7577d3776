"""The models of a catalog, some thousand at a time: numbers are drawn at once, rows are put together one by one."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from benchmarks import _mixes as mixes
from benchmarks._catalog import BENCH, EVERY, WORDS, Catalog
from benchmarks._words import words
from hub.catalog.services.trends import score

EPOCH = np.datetime64("2023-01-01T00:00:00")
DAYS = 1_100
LONGEST = 160
FREE_TAGS = 4_000
# So many of the first models are what others are made from.
ROOTS = 2_000


@dataclass(frozen=True)
class Model:
    """One model's rows, without what it shares with others."""

    number: int
    id: int
    owner: str
    updated: str
    text: str
    repo: tuple[Any, ...]
    card: tuple[Any, ...]
    tags: list[str]
    ancestors: list[tuple[str, ...]]
    results: list[tuple[Any, ...]]
    pulls: int


class Chunk:
    """`count` models from number `start` on. What is drawn depends on the seed and on `start` alone."""

    def __init__(self, catalog: Catalog, start: int, count: int) -> None:
        self.catalog, self.start, self.count = catalog, start, count
        self.draw = np.random.default_rng((catalog.seed, start))
        self.bench_owner = _bench_namespace()
        self.drawn = {**self._words(), **self._figures(), **self._facts(), **self._lineage()}

    def models(self) -> Iterator[Model]:
        columns = list(self.drawn)
        for at, values in enumerate(zip(*self.drawn.values(), strict=True)):
            yield self._model(self.start + at, dict(zip(columns, values, strict=True)))

    def _words(self) -> dict[str, list[Any]]:
        lengths = np.clip(self.draw.poisson(100, self.count), 20, LONGEST)
        chosen = _word_mix().pick(self.draw, int(lengths.sum())).tolist()
        ends = np.cumsum(lengths).tolist()
        return {"text": [chosen[end - length : end] for end, length in zip(ends, lengths.tolist(), strict=True)]}

    def _figures(self) -> dict[str, list[Any]]:
        count, draw = self.count, self.draw
        created = draw.random(count) ** 0.6 * DAYS * 86_400
        updated = created + draw.random(count) ** 3 * (DAYS * 86_400 - created)
        downloads = np.floor(np.exp(draw.normal(2.5, 2.6, count)))
        parameters = np.exp(draw.normal(19.5, 2.2, count)).clip(1_000, 7e11)
        parameters[draw.random(count) < 0.35] = 0
        size = np.where(
            parameters > 0, parameters * draw.choice([1, 2, 2, 4], count), np.exp(draw.normal(15, 4, count))
        )
        return {
            "created": _dates(created),
            "updated": _dates(updated),
            "downloads": downloads.astype(np.int64).tolist(),
            "likes": np.floor(downloads**0.45 * draw.random(count)).astype(np.int64).tolist(),
            # Few are pulled these days; what trends is worked out of that (`score`).
            "pulls": np.where(draw.random(count) < 0.03, np.ceil(downloads**0.6), 0).astype(np.int64).tolist(),
            "parameters": parameters.astype(np.int64).tolist(),
            "size": (size + 5_000).astype(np.int64).tolist(),
        }

    def _facts(self) -> dict[str, list[Any]]:
        count, draw = self.count, self.draw
        owner = mixes.zipf(range(len(self.catalog.owners)), 0.8)
        drawn: dict[str, np.ndarray] = {
            "owner": owner.pick(draw, count),
            "task": mixes.TASK_MIX.pick(draw, count),
            "licence": mixes.LICENCE_MIX.pick(draw, count),
            "library": mixes.LIBRARY_MIX.pick(draw, count),
            "language": mixes.LANGUAGE_MIX.pick(draw, count),
            "format": mixes.FORMAT_MIX.pick(draw, count),
            "review": mixes.REVIEW_MIX.pick(draw, count),
            "severity": mixes.SEVERITY_MIX.pick(draw, count),
            "family": mixes.FAMILY_MIX.pick(draw, count),
            "variant": np.asarray(mixes.VARIANTS, dtype=object)[draw.integers(0, len(mixes.VARIANTS), count)],
            "use": np.asarray(mixes.USES, dtype=object)[draw.integers(0, len(mixes.USES), count)],
            "free": _tag_mix().pick(draw, (count, 3)),
            "free_count": draw.integers(0, 4, count),
            "dataset": mixes.DATASET_MIX.pick(draw, count),
            "has_dataset": draw.random(count) < 0.3,
            "is_private": draw.random(count) < 0.08,
            "gate": draw.random(count),
        }
        return {name: values.tolist() for name, values in drawn.items()}

    def _lineage(self) -> dict[str, list[Any]]:
        count, draw = self.count, self.draw
        roots = max(1, min(ROOTS, self.catalog.models // 20))
        base = mixes.zipf(range(roots), 1.0).pick(draw, count)
        # One in ten is made from a derived model: the one some way before it.
        near = self.start + np.arange(count) - draw.integers(1, 500, count)
        base = np.where((draw.random(count) < 0.1) & (near >= roots), near, base)
        base[(draw.random(count) > 0.45) | (self.start + np.arange(count) < roots)] = -1
        return {
            "base": base.tolist(),
            "relation": mixes.RELATION_MIX.pick(draw, count).tolist(),
            "result_count": np.where(draw.random(count) < 0.06, draw.integers(1, 4, count), 0).tolist(),
            "metric": draw.integers(0, len(mixes.METRICS), count).tolist(),
            "value": np.round(draw.beta(5, 2, count) * 100, 2).tolist(),
        }

    def _model(self, number: int, drawn: dict[str, Any]) -> Model:
        is_bench = number % EVERY == 7
        drawn["parameters"] = drawn["parameters"] or None
        owner = BENCH if is_bench else self.catalog.owners[drawn["owner"]]
        name = _name(number, drawn)
        self.catalog.names.append(f"{owner}/{name}")
        base = self.catalog.names[drawn["base"]] if drawn["base"] >= 0 else ""
        id_ = self.catalog.first["Repo"] + 1 + number
        datasets = [drawn["dataset"]] if drawn["has_dataset"] else []
        tags, metadata = _stated(drawn, base, datasets)
        summary = (" ".join(drawn["text"][:14]) + ".").capitalize()
        private = number % 2 == 0 if is_bench else drawn["is_private"]
        namespace = self.bench_owner if is_bench else self.catalog.first["Namespace"] + 1 + drawn["owner"]
        repo = (
            id_, f"bead{number:020x}", "model", namespace, name, f"{owner}/{name}".lower(),
            "private" if private else "public", "manual" if drawn["gate"] < 0.01 else "auto" if drawn["gate"] < 0.03
            else "", drawn["created"], drawn["updated"], drawn["downloads"], drawn["likes"],
            score(drawn["pulls"], drawn["likes"]), drawn["review"], drawn["severity"],
            self.catalog.first["Scope"] + 1 + number,
        )  # fmt: skip
        parameters = {"BF16": drawn["parameters"]} if drawn["parameters"] and drawn["format"] == "safetensors" else {}
        card = (
            id_, json.dumps(metadata), summary, drawn["licence"], drawn["task"], drawn["library"],
            json.dumps(parameters), drawn["parameters"], drawn["size"],
        )  # fmt: skip
        return Model(
            number=number, id=id_, owner=owner, updated=drawn["updated"], text=" ".join(drawn["text"]), repo=repo,
            card=card, tags=tags, ancestors=_ancestors(drawn, base, datasets), results=list(_results(drawn)),
            pulls=drawn["pulls"],
        )  # fmt: skip


def _name(number: int, drawn: dict[str, Any]) -> str:
    """Such as `qwen-7b-instruct-lora-1a2b`; the number at the end keeps names apart."""
    count = drawn["parameters"]
    size = "" if not count else f"{count / 1e9:.0f}b-" if count >= 1e9 else f"{count / 1e6:.0f}m-"
    return f"{drawn['family']}-{size}{drawn['variant']}-{drawn['use']}-{number:x}"


def _stated(drawn: dict[str, Any], base: str, datasets: list[str]) -> tuple[list[str], dict[str, Any]]:
    """Tags, in the order in which a card gives them, and the card's metadata."""
    free = drawn["free"][: drawn["free_count"]]
    relation = drawn["relation"]
    tags = [drawn["library"], drawn["format"], drawn["task"], *free, drawn["language"]]
    tags += [f"dataset:{name}" for name in datasets]
    tags += [f"base_model:{base}", f"base_model:{relation}:{base}"] if base else []
    tags += [f"license:{drawn['licence']}"] if drawn["licence"] else []
    stated = {
        "license": drawn["licence"], "language": drawn["language"], "library_name": drawn["library"],
        "pipeline_tag": drawn["task"], "tags": free, "datasets": datasets, "base_model": base,
    }  # fmt: skip
    return list(dict.fromkeys(tag for tag in tags if tag)), {name: value for name, value in stated.items() if value}


def _ancestors(drawn: dict[str, Any], base: str, datasets: list[str]) -> list[tuple[str, ...]]:
    found = [("dataset", "trained-on", name, name.lower()) for name in datasets]
    return found + ([("model", drawn["relation"], base, base.lower())] if base else [])


def _results(drawn: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    for position in range(drawn["result_count"]):
        metric = mixes.METRICS[(drawn["metric"] + position) % len(mixes.METRICS)]
        dataset, value = drawn["dataset"], drawn["value"]
        benchmark = f"{dataset}/{metric}".lower()
        yield (
            position,
            "model-index",
            "README.md",
            drawn["task"],
            dataset,
            dataset,
            metric,
            benchmark,
            value,
            str(value),
        )


def _dates(seconds: np.ndarray) -> list[str]:
    """As both databases read them: UTC, with microseconds."""
    moments = EPOCH + (seconds * 1e6).astype("timedelta64[us]")
    return [f"{text[:10]} {text[11:]}" for text in np.datetime_as_string(moments, unit="us").tolist()]


@cache
def _word_mix() -> mixes.Mix:
    return mixes.zipf(words(WORDS), 1.0)


@cache
def _tag_mix() -> mixes.Mix:
    return mixes.zipf(words(WORDS)[120 : 120 + FREE_TAGS], 0.9)


def _bench_namespace() -> int:
    from hub.accounts.models import User

    return User.objects.get(username=BENCH).namespace_id
