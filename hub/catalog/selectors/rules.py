"""Which files of a push are large, and which are not wanted, by the rules at a revision."""

from functools import lru_cache

from hub.catalog import attributes
from hub.catalog.models import GitObject
from hub.catalog.selectors.revisions import Revision
from hub.catalog.trees import load_tree


def is_lfs_path(revision: Revision | None, path: str, size: int, sample: bytes) -> bool:
    """Whether a client should send this file as a large one; `sample` is how it begins."""
    rules = _text_of(revision, attributes.ATTRIBUTES)
    if rules is None:
        rules = attributes.default_attributes().decode()
    return attributes.is_large(rules, path, size, sample)


def is_ignored(revision: Revision | None, path: str, rules: str | None = None) -> bool:
    """Whether `.gitignore` (`rules` where the client sent its own) says to leave the file out."""
    return attributes.is_ignored_by((_text_of(revision, attributes.IGNORE) or "") if rules is None else rules, path)


def _text_of(revision: Revision | None, name: str) -> str | None:
    """The text of a small regular file in the top folder; None when there is none."""
    entry = load_tree(revision.tree).get(name) if revision else None
    return None if entry is None or entry.is_tree or entry.lfs or entry.stored else _text(entry.oid)


@lru_cache(maxsize=256)
def _text(oid: str) -> str:
    """Asked for each file of a push. Up to 64 KiB each."""
    data = GitObject.objects.values_list("data", flat=True).get(oid=oid, kind=GitObject.Kind.BLOB)
    return bytes(data or b"").decode("utf-8", "replace")
