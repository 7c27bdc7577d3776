"""Repositories as documents of the index."""

import datetime as dt
import hashlib
import math
import re
import struct
from collections.abc import Iterable, Iterator
from typing import Any

import tantivy

from hub.catalog.card import texts
from hub.catalog.models import CardText, Repo, ReportedResult
from hub.catalog.search.folding import fold, words_of
from hub.catalog.search.schema import STAMP
from hub.catalog.vocabularies import licence_class, modality_of

PUBLIC = "public"
NONE = "none"
_FORMATS = {"safetensors", "gguf", "onnx"}
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
# The key has 28 bits of a sort key, the value 36: a number its first 30 digits, a moment the sixteenths of a second.
_KEY_BITS, _DIGITS = 28, 30
_SINCE = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


def documents_of(ids: Iterable[int]) -> Iterator[tantivy.Document]:
    """Of those that are still there. Four queries."""
    wanted = list(ids)
    found = (
        Repo.objects.filter(pk__in=wanted, card__isnull=False).select_related("owner", "card").prefetch_related("tags")
    )
    prose = dict(CardText.objects.filter(repo__in=wanted).values_list("repo", "text"))
    results: dict[int, list[str]] = {}
    rows = ReportedResult.objects.filter(repo__in=wanted).exclude(benchmark="").exclude(value=None)
    for pk, benchmark, value in rows.values_list("repo", "benchmark", "value"):
        results.setdefault(pk, []).append(result_term(benchmark, value or 0.0))
    for repo in found:
        yield _document(repo, prose.get(repo.pk, ""), results.get(repo.pk, []))


def stamp_of(seq: int) -> tantivy.Document:
    """Says that all events up to `seq` are in the index."""
    document = tantivy.Document()
    document.add_unsigned("pk", STAMP)
    document.add_unsigned("seq", seq)
    return document


def result_term(benchmark: str, value: float) -> str:
    """A benchmark's digest and the value, as hex digits that sort as numbers do."""
    (bits,) = struct.unpack(">Q", struct.pack(">d", value + 0.0))
    bits = ~bits & (1 << 64) - 1 if bits >> 63 else bits | 1 << 63
    return f"{hashlib.sha256(benchmark.casefold().encode()).hexdigest()[:16]}{bits:016x}"


def sort_key(value: float | dt.datetime, pk: int) -> int:
    """Sorts as the value does, and where values are the same to nine digits, as the key: no two are the same."""
    if isinstance(value, dt.datetime):
        return int(max((value - _SINCE).total_seconds(), 0) * 16) << _KEY_BITS | pk
    whole = int(max(value, 0))
    shift = max(whole.bit_length() - _DIGITS, 0)
    # Floating point in small: how far it was shifted, then the first digits, whose top bit is known once it was.
    bits = whole if not shift else (shift << (_DIGITS - 1)) + (whole >> shift)
    return bits << _KEY_BITS | pk


def key_in(sort_value: int) -> int:
    """The repository's key in a sort key."""
    return sort_value & (1 << _KEY_BITS) - 1


def _document(repo: Repo, prose: str, results: list[str]) -> tantivy.Document:
    document = tantivy.Document()
    tags = [tag.key for tag in repo.tags.all()]
    values = _texts(repo, tags, prose) | _pieces(repo)
    values |= {"kind": [repo.kind], "sees": _sees(repo), "spelled": _spelled(repo), "tag": tags, "result": results}
    values |= {"owner": [repo.owner.name.casefold()]}
    values |= {f"is_{name}": stated for name, stated in facets_of(repo, tags).items()}
    for name, found in values.items():
        for text in dict.fromkeys(found):
            document.add_text(name, text)
    for name, number in _numbers(repo).items():
        document.add_unsigned(name, number)
    document.add_float("fame", math.log10(1 + repo.downloads + 10 * repo.likes) / 4)
    return document


def _texts(repo: Repo, tags: list[str], prose: str) -> dict[str, list[str]]:
    """Words: where they stand says how much they count, and `all` has them all."""
    found = {
        "name": fold(" ".join([repo.name, *_PARTS.findall(repo.name)])),
        "author": fold(repo.owner.name),
        "tags": fold(" ".join(tags)),
        "summary": fold(repo.card.summary),
    }
    everything = " ".join([*found.values(), fold(prose)])
    found["name"] += " " + _joined(repo)
    return {name: [text] for name, text in {**found, "all": everything}.items()}


def _pieces(repo: Repo) -> dict[str, list[str]]:
    words = words_of(" ".join([repo.name, *_PARTS.findall(repo.name), repo.owner.name]))
    return {"begins": [*words, _joined(repo)], "opens": _spelled(repo), "grams": [fold(repo.full_name)]}


def _joined(repo: Repo) -> str:
    """`ResNet-50` as `resnet50`."""
    return re.sub(r"[\W_]", "", fold(repo.name))


def sees(kind: str, who: str = PUBLIC) -> str:
    return f"{kind}:{who}"


def _sees(repo: Repo) -> list[str]:
    """Who finds it: everybody, or the members of its owner, whose token may be for single repositories. With the kind,
    which every search asks for too."""
    who = [f"ns:{repo.owner_id}", f"repo:{repo.public_id}"] if repo.is_private else [PUBLIC]
    return [sees(repo.kind, name) for name in who]


def _spelled(repo: Repo) -> list[str]:
    """Its names as one word each, to know the very one that was typed."""
    return [fold(repo.name), fold(repo.full_name)]


def facets_of(repo: Repo, tags: list[str]) -> dict[str, list[str]]:
    """Values by facet, as they are counted and chosen (but owners, who are chosen in any case)."""
    stated = repo.card.metadata
    tasks = _folded(stated, "pipeline_tag" if repo.kind == "model" else "task_categories")
    licences = _folded(stated, "license")
    modalities = [modality_of(task) for task in tasks] + [tag[9:] for tag in tags if tag.startswith("modality:")]
    return {
        "task": tasks,
        "library": _folded(stated, "library_name"),
        "licence": licences,
        "licence_class": [licence_class(licence) for licence in licences] or ["unknown"],
        "modality": [modality for modality in modalities if modality],
        "language": _folded(stated, "language"),
        "format": [tag for tag in tags if tag in _FORMATS],
        "dataset": _folded(stated, "datasets" if repo.kind == "model" else "source_datasets"),
        "base_model": _folded(stated, "base_model"),
        "review": [repo.review_state],
        "bias": [repo.bias_severity or NONE],
        "gated": [repo.gate or NONE],
        "owner": [repo.owner.name],
    }


def _folded(stated: dict[str, Any], name: str) -> list[str]:
    return [value[:200].casefold() for value in texts(stated.get(name))]


def _numbers(repo: Repo) -> dict[str, int]:
    """By field: the key, what ranges are about, and one for each order."""
    card = repo.card
    parameters = card.parameter_count or sum(card.parameters.values())
    values: dict[str, float | dt.datetime] = {
        "downloads": repo.downloads,
        "likes": repo.likes,
        "trending": repo.trending * 1000,
        "updated": repo.updated_at,
        "created": repo.created_at,
        "size": card.size,
        "parameters": parameters,
    }
    numbers = {"pk": repo.pk, "size": card.size} | ({"parameters": parameters} if parameters else {})
    return numbers | {f"by_{name}": sort_key(value, repo.pk) for name, value in values.items()}
