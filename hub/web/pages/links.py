"""The addresses of pages and files."""

from dataclasses import dataclass
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


def weights_url(kind: str, full_name: str, revision: str, *, file: str = "", module: str = "", start: int = 0) -> str:
    """`file` chooses one of several models, `module` a part of it, `start` the first tensor shown."""
    chosen = {name: value for name, value in (("file", file), ("module", module), ("from", start)) if value}
    tail = "" if revision == "main" else f"/{quote(revision, safe='')}"
    return f"{repo_url(kind, full_name)}/weights{tail}" + (f"?{urlencode(chosen)}" if chosen else "")


def list_url(kind: str) -> str:
    return "/datasets" if kind == "dataset" else "/models"


def upload_url(kind: str, full_name: str, revision: str) -> str:
    return _at(kind, full_name, "upload", revision, "")


def edit_url(kind: str, full_name: str, revision: str, path: str = "README.md") -> str:
    return _at(kind, full_name, "edit", revision, path)


def delete_url(kind: str, full_name: str, revision: str, path: str) -> str:
    return _at(kind, full_name, "delete", revision, path)


def settings_url(kind: str, full_name: str) -> str:
    return f"{repo_url(kind, full_name)}/settings"


def organisation_url(name: str) -> str:
    """Where an organisation's members and settings are managed."""
    return f"/settings/organisations/{quote(name, safe='')}"


def _at(kind: str, full_name: str, verb: str, revision: str, path: str) -> str:
    tail = f"/{quote(path)}" if path else ""
    return f"{repo_url(kind, full_name)}/{verb}/{quote(revision, safe='')}{tail}"
