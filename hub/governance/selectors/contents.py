"""What stands in the files of a revision: its tree, its card, its small configuration files, the results it reports.

Read for the hub itself, at any commit: what of it a viewer may see is decided where it is shown.
"""

import json
from functools import lru_cache
from typing import Any

from hub.catalog.card import MAX_METADATA, parse_card
from hub.catalog.models import Commit, GitObject
from hub.catalog.results import MAX_FILES, is_results_file, reported_results
from hub.catalog.selectors import Revision as At
from hub.catalog.trees import Entry, files
from hub.governance.canonical import digest
from hub.governance.changes import Kind, kind_of_path
from hub.governance.models import Revision
from hub.storage.services import read_range

_CONFIGS = ("config.json", "adapter_config.json", "tokenizer_config.json", "modules.json")
_MOST = 1_000_000
_UNMEASURED = (Kind.PROSE, Kind.RESULTS, Kind.LICENCE)


def place_of(revision: Revision) -> At:
    """The commit as the catalog sees it."""
    commit = Commit.objects.get(repo=revision.repo_id, oid=revision.commit)
    return At(revision.repo, revision.commit, commit.oid, commit.tree)


def card_of(revision: Revision) -> dict[str, Any]:
    """The metadata of the card at that commit."""
    return _card(place_of(revision).tree)


def configs_of(revision: Revision) -> dict[str, Any]:
    """Configuration files in the top folder that say more than their kind does, as JSON; unreadable ones as text."""
    here = {path: entry for path, entry in files(place_of(revision).tree) if path in _CONFIGS}
    return {path: _json(_read(entry)) for path, entry in here.items() if entry.size <= _MOST}


def results_at(revision: Revision) -> dict[str, float]:
    """Reported at that commit, by `benchmark` (data set/metric); the first where a benchmark has several."""
    found: dict[str, float] = {}
    for result in _results(place_of(revision).tree):
        if result.value is not None:
            found.setdefault(result.benchmark, result.value)
    return found


def result_ids(revision: Revision) -> list[str]:
    """What names each reported result by what it says."""
    return sorted(
        digest([result.benchmark, result.config, result.split, result.text])
        for result in _results(place_of(revision).tree)
    )


# A tree never changes, so what was read once holds.
@lru_cache(maxsize=256)
def manifest_digest(tree: str) -> str:
    """Over path and content of every file: the sha256 of large files, the git id of small ones."""
    return digest([[path, entry.lfs or entry.stored or entry.oid] for path, entry in files(tree)])


@lru_cache(maxsize=256)
def measured_digest(tree: str) -> str:
    """The same over what a measurement rests on alone: without the card, other prose, and results."""
    counted = ((path, entry) for path, entry in files(tree) if kind_of_path(path) not in _UNMEASURED)
    return digest([[path, entry.lfs or entry.stored or entry.oid] for path, entry in counted])


def _card(tree: str) -> dict[str, Any]:
    readme = next((entry for path, entry in files(tree) if path == "README.md"), None)
    return parse_card(_read(readme)).metadata if readme else {}


def _results(tree: str) -> tuple[Any, ...]:
    here = [(path, entry) for path, entry in files(tree) if is_results_file(path) and entry.size <= MAX_METADATA]
    return reported_results(_card(tree), [(path, _read(entry)) for path, entry in here[:MAX_FILES]])


def _read(entry: Entry) -> str:
    if sha256 := entry.lfs or entry.stored:
        data = read_range(sha256=sha256, start=0, length=_MOST)
    else:
        data = bytes(GitObject.objects.values_list("data", flat=True).get(oid=entry.oid) or b"")
    return data[:_MOST].decode("utf-8", "replace")


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
