"""What small JSON files of a model say: its architecture, its tokens."""

import json
from collections.abc import Sequence
from typing import Any

from hub.catalog.models import GitObject
from hub.catalog.selectors.revisions import Revision
from hub.catalog.trees import load_trees
from hub.core.kept import Kept

CONFIG, TOKENIZER, PIPELINE, ADAPTER = "config.json", "tokenizer_config.json", "model_index.json", "adapter_config.json"
FILES = (CONFIG, TOKENIZER, PIPELINE, ADAPTER)
# Where `auto_map` may name classes of the repository's own code, which is run when one of them is loaded.
NAMING_CODE = (CONFIG, TOKENIZER, "processor_config.json", "preprocessor_config.json", "video_preprocessor_config.json")
# Tokenizer settings with whole vocabularies in them are left unread.
MAX_CONFIG = 256 * 1024
_cache: Kept[str, dict[str, Any]] = Kept(limit=20_000)


def configs_of(revisions: Sequence[Revision], names: Sequence[str] = FILES) -> dict[int, dict[str, dict[str, Any]]]:
    """By the repository's id and the file's name: JSON objects at the top of these revisions. Two queries at most.

    A file that is large, kept outside the tables or no JSON object is not there.
    """
    trees = load_trees(revision.tree for revision in revisions)
    wanted = {
        (revision.repo.pk, name): entry.oid
        for revision in revisions
        for name in names
        if (entry := trees[revision.tree].get(name)) and not (entry.is_tree or entry.lfs or entry.stored)
    }
    parsed = _contents(set(wanted.values()))
    found: dict[int, dict[str, dict[str, Any]]] = {}
    for (repo_id, name), oid in wanted.items():
        if content := parsed.get(oid):
            found.setdefault(repo_id, {})[name] = content
    return found


def _contents(oids: set[str]) -> dict[str, dict[str, Any]]:
    """By id; no query for those that this process has read before."""
    found = {oid: content for oid in oids if (content := _cache.get(oid)) is not None}
    if missing := oids - set(found):
        rows = GitObject.objects.filter(oid__in=missing, size__lte=MAX_CONFIG).values_list("oid", "data")
        for oid, data in rows:
            found[oid] = _parsed(bytes(data or b""))
            _cache.put(oid, found[oid], len(found[oid]) + 1)
    return found


def _parsed(data: bytes) -> dict[str, Any]:
    """The JSON object, or nothing where it is none: what strangers wrote is no error of ours."""
    try:
        value = json.loads(data, parse_constant=str)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
