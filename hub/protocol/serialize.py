"""The JSON shapes that several resources share."""

import datetime as dt
from typing import Any

from hub.catalog.selectors import CommitInfo, Lfs, TreeEntry

PREFIXES = {"model": "", "dataset": "datasets/"}


def date(moment: dt.datetime) -> str:
    """As the clients parse it: UTC, milliseconds, a literal Z."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{moment.microsecond // 1000:03d}Z"


def entry(item: TreeEntry) -> dict[str, Any]:
    """A file or folder of a tree; its large content is named by `lfs.oid` here."""
    shape: dict[str, Any] = {"type": item.type, "oid": item.oid, "size": item.size, "path": item.path}
    if item.lfs:
        shape["lfs"] = {"oid": item.lfs.sha256, "size": item.lfs.size, "pointerSize": item.lfs.pointer_size}
    if item.last_commit:
        shape["lastCommit"] = {
            "id": item.last_commit.oid,
            "title": item.last_commit.title,
            "date": date(item.last_commit.committed_at),
        }
    return shape


def sibling_lfs(lfs: Lfs) -> dict[str, Any]:
    """The same large content in a repository's file list: by `sha256`."""
    return {"sha256": lfs.sha256, "size": lfs.size, "pointerSize": lfs.pointer_size}


def commit(item: CommitInfo, *, formatted: bool) -> dict[str, Any]:
    shape: dict[str, Any] = {
        "id": item.oid,
        "title": item.title,
        "message": item.message,
        "authors": [{"user": author, "avatar": ""} for author in item.authors],
        "date": date(item.committed_at),
    }
    if formatted:
        shape["formatted"] = {"title": item.title, "message": item.message}
    return shape
