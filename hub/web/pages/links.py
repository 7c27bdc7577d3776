"""The addresses of pages and files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode


@dataclass(frozen=True)
class Link:
    label: str
    url: str


def repo_url(kind: str, full_name: str) -> str:
    prefix = "/datasets/" if kind == "dataset" else "/"
    return prefix + quote(full_name)


def tree_url(kind: str, full_name: str, revision: str, path: str = "") -> str:
    return _at(kind, full_name, "tree", revision, path)


def file_url(kind: str, full_name: str, revision: str, path: str) -> str:
    return _at(kind, full_name, "blob", revision, path)


def raw_url(kind: str, full_name: str, revision: str, path: str) -> str:
    """The file's bytes, as the wire serves them."""
    return _at(kind, full_name, "resolve", revision, path)


def commits_url(kind: str, full_name: str, revision: str) -> str:
    return _at(kind, full_name, "commits", revision, "")


def commit_url(kind: str, full_name: str, oid: str) -> str:
    return _at(kind, full_name, "commit", oid, "")


def rows_url(kind: str, full_name: str, revision: str, path: str) -> str:
    return _at(kind, full_name, "rows", revision, path)


def revisions_url(kind: str, full_name: str, old: str = "", new: str = "") -> str:
    """`old...new`; without them, where to choose both."""
    pair = f"/{quote(old, safe='')}...{quote(new, safe='')}" if old else ""
    return f"{repo_url(kind, full_name)}/compare{pair}"


def part_url(kind: str, full_name: str, part: str) -> str:
    """A tab that shows main's head: data, licence, bias."""
    return f"{repo_url(kind, full_name)}/{part}"


def weights_url(kind: str, full_name: str, revision: str, *, file: str = "", module: str = "", start: int = 0) -> str:
    """`file` chooses one of several models, `module` a part of it, `start` the first tensor shown."""
    chosen = {name: value for name, value in (("file", file), ("module", module), ("from", start)) if value}
    tail = "" if revision == "main" else f"/{quote(revision, safe='')}"
    return f"{repo_url(kind, full_name)}/weights{tail}" + (f"?{urlencode(chosen)}" if chosen else "")


def lineage_url(kind: str, full_name: str) -> str:
    return f"{repo_url(kind, full_name)}/lineage"


def evaluations_url(kind: str, full_name: str) -> str:
    return f"{repo_url(kind, full_name)}/evaluations"


def use_url(kind: str, full_name: str) -> str:
    return f"{repo_url(kind, full_name)}/use"


def list_url(kind: str, filters: Mapping[str, Any] | None = None) -> str:
    """The list of this kind; `filters` are names of `hub.catalog.query` with a value or several."""
    given = {name: value for name, value in (filters or {}).items() if value not in ("", None)}
    query = urlencode(given, doseq=True)
    return ("/datasets" if kind == "dataset" else "/models") + (f"?{query}" if query else "")


def compare_url(names: Iterable[str]) -> str:
    """These models (owner/name) side by side."""
    query = urlencode([("m", name) for name in names], safe="/")
    return "/compare" + (f"?{query}" if query else "")


def like_url(kind: str, full_name: str) -> str:
    return f"{repo_url(kind, full_name)}/like"


def watch_url(kind: str, full_name: str) -> str:
    return f"{repo_url(kind, full_name)}/watch"


def collect_url(kind: str, full_name: str) -> str:
    return f"{repo_url(kind, full_name)}/collect"


def likers_url(kind: str, full_name: str) -> str:
    return f"{repo_url(kind, full_name)}/likers"


def owner_url(name: str) -> str:
    return f"/{quote(name, safe='')}"


def watch_owner_url(name: str) -> str:
    return f"/watch/{quote(name, safe='')}"


def organisation_profile_url(name: str) -> str:
    return f"/settings/organisations/{quote(name, safe='')}/profile"


def collections_of_url(owner: str) -> str:
    return f"/collections?{urlencode({'owner': owner})}"


def new_collection_url(kind: str, full_name: str) -> str:
    """The form for a collection that begins with this repository."""
    return f"/collections/new?{urlencode({'add': ('datasets/' if kind == 'dataset' else '') + full_name})}"


def collection_url(owner: str, address: str) -> str:
    return f"/collections/{quote(owner, safe='')}/{quote(address, safe='')}"


def feed_url(name: str) -> str:
    """Of `models`, `datasets`, or an owner."""
    return f"/feeds/{quote(name, safe='')}.atom"


def owned_url(kind: str, owner: str) -> str:
    """All that an owner has of one kind, as a list."""
    return f"{list_url(kind)}?{urlencode({'owner': owner})}"


def upload_url(kind: str, full_name: str, revision: str) -> str:
    return _at(kind, full_name, "upload", revision, "")


def edit_url(kind: str, full_name: str, revision: str, path: str = "README.md") -> str:
    return _at(kind, full_name, "edit", revision, path)


def delete_url(kind: str, full_name: str, revision: str, path: str) -> str:
    return _at(kind, full_name, "delete", revision, path)


def settings_url(kind: str, full_name: str) -> str:
    return f"{repo_url(kind, full_name)}/settings"


def access_url(kind: str, full_name: str) -> str:
    """Where access to a gated repository is asked for, and licence texts are accepted."""
    return f"{repo_url(kind, full_name)}/access"


def access_settings_url(kind: str, full_name: str) -> str:
    """Where requests for access are decided."""
    return f"{settings_url(kind, full_name)}/access"


def agreements_url() -> str:
    return "/agreements"


def organisation_url(name: str) -> str:
    """Where an organisation's members and settings are managed."""
    return f"/settings/organisations/{quote(name, safe='')}"


def _at(kind: str, full_name: str, verb: str, revision: str, path: str) -> str:
    tail = f"/{quote(path)}" if path else ""
    return f"{repo_url(kind, full_name)}/{verb}/{quote(revision, safe='')}{tail}"
