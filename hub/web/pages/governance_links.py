"""The addresses of reviews, records and findings, and of governance."""

from typing import Any
from urllib.parse import quote

from hub.web.pages.links import Link, part_url, repo_url

DESK = "/desk"
REVIEWERS = "/governance/reviewers"


def review_url(kind: str, full_name: str, commit: str = "") -> str:
    """The review of one revision; without a commit, of main's head."""
    return f"{repo_url(kind, full_name)}/review" + (f"/{quote(commit, safe='')}" if commit else "")


def review_link(revision: Any) -> Link:
    """To the review of a revision (with its repository and owner), named as people name it."""
    name = revision.repo.full_name
    return Link(f"{name} {revision.commit[:12]}", review_url(revision.repo.kind, name, revision.commit))


def data_edit_url(kind: str, full_name: str) -> str:
    return f"{part_url(kind, full_name, 'data')}/edit"


def data_export_url(kind: str, full_name: str, form: str) -> str:
    """The data record as a file: `json` or `croissant`."""
    plural = "datasets" if kind == "dataset" else "models"
    return f"/api/headstart/{plural}/{quote(full_name)}/data-record?format={form}"


def use_edit_url(kind: str, full_name: str) -> str:
    return f"{repo_url(kind, full_name)}/use-record/edit"


def new_finding_url(kind: str, full_name: str, refutes: str = "") -> str:
    return f"{part_url(kind, full_name, 'bias')}/new" + (f"?refutes={refutes}" if refutes else "")


def finding_url(kind: str, full_name: str, number: int) -> str:
    return f"{part_url(kind, full_name, 'bias')}/{number}"


def reach_url(full_name: str) -> str:
    return f"{repo_url('dataset', full_name)}/reach"
