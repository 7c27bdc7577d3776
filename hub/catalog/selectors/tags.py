"""What there is to filter by: the tags of the catalog, sorted by what they are about."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from hub.accounts.viewer import Viewer
from hub.catalog.models import Card, Repo, RepoTag
from hub.catalog.vocabularies import Term, languages, licences, tasks

# Of a larger catalog, the tags of its most pulled repositories; and of each type the most used tags.
MAX_REPOS = 10_000
MAX_TAGS = 1_000
_FORMATS = frozenset({"safetensors", "gguf", "onnx"})
_DATASET_PREFIXES = """
annotations_creators arxiv benchmark format language library license modality multilinguality region size_categories
task_categories task_ids
"""
_PREFIXED = {
    "model": frozenset({"license", "dataset", "region", "base_model", "arxiv"}),
    "dataset": frozenset(_DATASET_PREFIXES.split()),
}


@dataclass(frozen=True)
class TagTerm:
    """`id` is what a filter takes; `label` is for people."""

    id: str
    label: str
    type: str


def tags_by_type(viewer: Viewer, kind: str) -> dict[str, tuple[TagTerm, ...]]:
    """Tags of what the viewer may see, by type, the most used first."""
    visible = Repo.objects.visible_to(viewer).filter(kind=kind).order_by("-downloads", "-pk")
    wanted = visible.values("pk")[:MAX_REPOS]
    counts = RepoTag.objects.filter(repo__in=wanted).values_list("value").annotate(count=Count("pk")).order_by()
    known = _known(kind, wanted)
    found: dict[str, list[TagTerm]] = {}
    for value, _ in sorted(counts, key=lambda item: (-item[1], item[0])):
        term = _term(kind, value, known)
        if len(of_type := found.setdefault(term.type, [])) < MAX_TAGS:
            of_type.append(term)
    return {name: tuple(terms) for name, terms in sorted(found.items())}


def _known(kind: str, wanted: QuerySet[Any]) -> dict[str, Term]:
    """Type and label of tags without a prefix. Tasks and libraries that no vocabulary has are what cards name so."""
    if kind == "dataset":
        return {}
    known = {code: Term(code, term.name, "language") for code, term in languages().items()}
    known |= {value: Term(value, value, "library") for value in _FORMATS}
    known |= {value: Term(value, term.name, "pipeline_tag") for value, term in tasks().items()}
    for library, task in Card.objects.filter(repo__in=wanted).values_list("library_name", "pipeline_tag").distinct():
        known.setdefault(library, Term(library, library, "library"))
        known.setdefault(task, Term(task, task, "pipeline_tag"))
    return known


def _term(kind: str, value: str, known: dict[str, Term]) -> TagTerm:
    prefix, colon, rest = value.partition(":")
    if colon and prefix in _PREFIXED[kind]:
        return TagTerm(value, _label(prefix, rest), prefix)
    term = known.get(value)
    return TagTerm(value, term.name, term.group) if term else TagTerm(value, value, "other")


def _label(prefix: str, rest: str) -> str:
    vocabularies = {"license": licences, "language": languages, "task_categories": tasks}
    term = vocabularies[prefix]().get(rest) if prefix in vocabularies else None
    return term.name if term else rest
