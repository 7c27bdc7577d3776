"""The addresses of reviews and of governance."""

from typing import Any
from urllib.parse import quote

from hub.web.pages.links import Link, repo_url

DESK = "/desk"
OVERVIEW = "/governance"
REVIEWERS = "/governance/reviewers"


def review_url(kind: str, full_name: str, commit: str = "") -> str:
    """The review of one revision; without a commit, of main's head."""
    return f"{repo_url(kind, full_name)}/review" + (f"/{quote(commit, safe='')}" if commit else "")


def review_link(revision: Any) -> Link:
    """To the review of a revision (with its repository and owner), named as people name it."""
    name = revision.repo.full_name
    return Link(f"{name} {revision.commit[:12]}", review_url(revision.repo.kind, name, revision.commit))
