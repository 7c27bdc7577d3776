"""What follows from the files at main's head: card, tags, parameters."""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hub.catalog.ancestry import Named, named_ancestors
from hub.catalog.card import MAX_METADATA, parse_card, prose_of, summary_of, tags_of, texts
from hub.catalog.edits import Edited
from hub.catalog.errors import BadWeights
from hub.catalog.models import MAIN, Ancestor, Card, CardText, GitObject, Ref, Repo, RepoTag
from hub.catalog.results import MAX_FILES, Reported, is_results_file, reported_results
from hub.catalog.selectors.headers import details_of
from hub.catalog.selectors.revisions import revision_of
from hub.catalog.services.events import changed
from hub.catalog.services.lineage import write_ancestors
from hub.catalog.services.results import write_results
from hub.catalog.trees import Entry, Names, walk
from hub.catalog.weights import SAFETENSORS, Detail, counted, file_sets, is_weights
from hub.core.transactions import write_transaction
from hub.storage import services as storage

# Raise it when more, or something else, is read from the files: the worker then reads all cards anew.
READING = 1
README = "README.md"
MAX_README = 1_000_000
_BATCH = 500
# What the database takes in a column for whole numbers.
_MOST = (1 << 63) - 1

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Facts:
    """Fields of the card; the tags, results and ancestors in their order; the README's prose."""

    card: dict[str, Any]
    tags: tuple[str, ...]
    results: tuple[Reported, ...]
    ancestors: tuple[Named, ...]
    text: str


def read_facts(repo: Repo, edited: Edited, objects: Mapping[str, GitObject]) -> Facts:
    """Of a tree that isn't saved yet, with the new objects that belong to it. Raises `BadWeights`."""
    return _facts(repo, edited.tree, edited.fresh, objects)


def facts_at(repo: Repo, tree: str) -> Facts:
    """Of a tree that is saved. Raises `BadWeights`."""
    return _facts(repo, tree, {}, {})


def write_facts(repo: Repo, facts: Facts) -> None:
    """Inside the caller's transaction."""
    Card.objects.filter(repo=repo).update(**facts.card)
    CardText.objects.update_or_create(repo=repo, defaults={"text": facts.text})
    before = RepoTag.objects.filter(repo=repo).order_by("pk").values_list("value", flat=True)
    if tuple(before) != facts.tags:
        RepoTag.objects.filter(repo=repo).delete()
        RepoTag.objects.bulk_create(
            [RepoTag(repo=repo, value=tag, key=tag.casefold()) for tag in facts.tags], batch_size=_BATCH
        )
    write_results(repo, facts.results)
    write_ancestors(repo, facts.ancestors)


def reindex() -> int:
    """Read cards, tags and parameters of all repositories anew; how many there are."""
    return sum(_read_anew(pk) for pk in list(Repo.objects.order_by("pk").values_list("pk", flat=True)))


def read_outdated_cards(*, limit: int) -> int:
    """Read up to `limit` repositories anew whose facts an earlier release wrote; how many these were."""
    outdated = Card.objects.filter(reading__lt=READING).order_by("pk")
    return sum(_read_anew(pk) for pk in list(outdated.values_list("repo", flat=True)[:limit]))


def _read_anew(pk: int) -> bool:
    """Whether the repository is there still, and could be read. A commit to main meanwhile wrote newer facts."""
    repo = Repo.objects.select_related("owner").filter(pk=pk).first()
    if repo is None:
        return False
    at = revision_of(repo, MAIN)
    try:
        facts = facts_at(repo, at.tree)
    except BadWeights as error:
        logger.warning("%s was not indexed: %s", repo, error)
        Card.objects.filter(repo=repo).update(reading=READING)
        return False
    with write_transaction():
        if Ref.objects.select_for_update().filter(repo=repo, name=MAIN, target=at.commit).exists():
            write_facts(repo, facts)
            changed(repo.pk)
    return True


def _facts(repo: Repo, tree: str, fresh: Mapping[str, Names], objects: Mapping[str, GitObject]) -> Facts:
    files = {path: entry for path, entry in walk(tree, fresh=fresh) if not entry.is_tree}
    readme = files.get(README)
    parsed = parse_card(_text(readme, objects) if readme else "")
    metadata = parsed.metadata
    details = details_of({path: entry for path, entry in files.items() if is_weights(path)}, objects)
    card = {
        "reading": READING,
        "readme_oid": readme.oid if readme else "",
        "metadata": metadata,
        "summary": summary_of(parsed.body),
        "license": _first(metadata, "license"),
        "pipeline_tag": _first(metadata, "pipeline_tag"),
        "library_name": _first(metadata, "library_name"),
        "parameters": _parameters(details),
        "parameter_count": _parameter_count(details),
        "size": min(sum(entry.size for entry in files.values()), _MOST),
    }
    results = reported_results(metadata, _results_files(files, objects))
    ancestors = (*_origin(repo), *named_ancestors(repo.kind, metadata, files, results))
    tags = tuple(tags_of(metadata, repo.kind, files, parsed.body))
    return Facts(card, tags, results, ancestors, prose_of(parsed.body))


def _origin(repo: Repo) -> Iterator[Named]:
    """What the repository was copied from, whatever its card says."""
    if repo.copied_from:
        yield Named(repo.kind, Ancestor.Relation.COPY, repo.copied_from, repo.copied_commit)


def _results_files(files: Mapping[str, Entry], objects: Mapping[str, GitObject]) -> list[tuple[str, str]]:
    """Path and text, of those that are no longer than a card's metadata may be."""
    paths = [path for path in sorted(files) if is_results_file(path) and files[path].size <= MAX_METADATA]
    return [(path, _text(files[path], objects)) for path in paths[:MAX_FILES]]


def _text(file: Entry, objects: Mapping[str, GitObject]) -> str:
    if sha256 := file.lfs or file.stored:
        data = storage.read_range(sha256=sha256, start=0, length=MAX_README)
    elif made := objects.get(file.oid):
        data = bytes(made.data or b"")
    else:
        data = _inline(file.oid)
    return data.decode("utf-8", "replace").replace("\0", "\ufffd")


def _parameters(details: Mapping[str, Detail]) -> dict[str, int]:
    """Summed by dtype over the safetensors files that make up the model."""
    total: dict[str, int] = {}
    for path in counted(details):
        for dtype, count in details[path]["parameters"].items():
            total[dtype] = total.get(dtype, 0) + count
    return total


def _parameter_count(details: Mapping[str, Detail]) -> int | None:
    """Over the safetensors files that make up the model; without such, of the largest model in GGUF or else ONNX, since
    several files of these are most often one model in several sizes. None where no header could be read."""
    sets = [each for each in file_sets(details) if not any(details[path].get("fault") for path in each.paths)]
    if not sets:
        return None
    same = [each for each in sets if each.format == sets[0].format]
    chosen = same[:1] if sets[0].format == SAFETENSORS else same
    counts = [sum(sum(details[path]["parameters"].values()) for path in each.paths) for each in chosen]
    return min(max(counts), _MOST)


def _inline(oid: str) -> bytes:
    return bytes(GitObject.objects.values_list("data", flat=True).get(oid=oid) or b"")


def _first(metadata: dict[str, Any], name: str) -> str:
    return next(iter(texts(metadata.get(name))), "")[:100]
