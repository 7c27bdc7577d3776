"""Addresses of licences."""

from typing import Any

from django.urls import URLPattern, path

from hub.web.http import page
from hub.web.views import licences, stated

_POST = ("GET", "HEAD", "POST")

SITE = [
    path("governance/licences", page(licences.licences), name="licences"),
    path("governance/licences/<seg:name>", page(licences.licence, methods=_POST, keeps_words=True), name="licence"),
]


def repository(at: str, told: dict[str, Any]) -> list[URLPattern]:
    """Below the address of a repository."""
    licence = page(stated.licence, methods=_POST, keeps_words=True)
    return [path(f"{at}/licence", licence, told, name=f"{told['kind']}_licence")]
