"""Addresses of reviews, and of what governs the hub."""

from typing import Any

from django.urls import URLPattern, path

from hub.web.http import page
from hub.web.views import desk, review

_POST = ("GET", "HEAD", "POST")


def repository(at: str, told: dict[str, Any]) -> list[URLPattern]:
    """Below the address of a repository. `at` is that address, `told` its kind."""
    kind = told["kind"]
    return [
        path(f"{at}/review", page(review.review, methods=_POST, keeps_words=True), told, name=f"{kind}_review"),
        path(
            f"{at}/review/<seg:revision>",
            page(review.review, methods=_POST, keeps_words=True),
            told,
            name=f"{kind}_review_at",
        ),
    ]


SITE = [
    path("desk", page(desk.desk, methods=_POST, signed_in=True), name="desk"),
    path("governance", page(desk.overview), name="governance"),
    path("governance/reviewers", page(desk.reviewers, methods=_POST, signed_in=True), name="reviewers"),
]
