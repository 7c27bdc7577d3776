"""Addresses of gates and agreements."""

from typing import Any

from django.urls import URLPattern, path

from hub.web.http import page
from hub.web.views import access

_POST = ("GET", "HEAD", "POST")


def repository(at: str, told: dict[str, Any]) -> list[URLPattern]:
    """Below the address of a repository."""
    kind = told["kind"]
    return [
        path(f"{at}/access", page(access.access, methods=_POST, keeps_words=True), told, name=f"{kind}_access"),
        path(
            f"{at}/settings/access",
            page(access.requests, methods=_POST, signed_in=True, keeps_words=True),
            told,
            name=f"{kind}_requests",
        ),
    ]


SITE = [
    path("agreements", page(access.agreed, methods=_POST, signed_in=True), name="agreements"),
]
