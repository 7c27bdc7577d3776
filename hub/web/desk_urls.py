"""Addresses where people make and change things: repositories, files, cards, settings, organisations."""

from typing import Any

from django.urls import URLPattern, path

from hub.web.http import endpoint, page
from hub.web.views import edit, new, organisation, settings, upload

_POST = ("GET", "HEAD", "POST")


def _form(address: str, view: Any, told: dict[str, Any] | None = None, name: str | None = None) -> URLPattern:
    """A page with a form, for people who are signed in."""
    return path(address, page(view, methods=_POST, signed_in=True, keeps_words=True), told or {}, name=name)


def repository(at: str, told: dict[str, Any]) -> list[URLPattern]:
    """Below the address of a repository, for those who may change it. Each page has a name: who asks for it under a
    former name of the repository is led on by that."""
    up, kind = f"{at}/upload/<seg:revision>", told["kind"]
    return [
        _form(f"{at}/settings", settings.settings, told, f"{kind}_settings"),
        _form(up, upload.upload, told, f"{kind}_upload"),
        path(f"{up}/begin", endpoint(upload.begin), told),
        path(f"{up}/part/<str:upload>/<int:number>", endpoint(upload.part, method="PUT"), told),
        path(f"{up}/ready", endpoint(upload.ready), told),
        path(f"{up}/commit", endpoint(upload.commit), told),
        _form(f"{at}/edit/<seg:revision>/<rest:path>", edit.edit, told, f"{kind}_edit"),
        _form(f"{at}/delete/<seg:revision>/<rest:path>", edit.delete, told, f"{kind}_delete"),
    ]


SITE = [
    _form("new/model", new.repository, {"kind": "model"}, "new_model"),
    _form("new/dataset", new.repository, {"kind": "dataset"}, "new_dataset"),
    _form("new/organisation", new.organisation, None, "new_organisation"),
    _form("settings/organisations/<seg:name>", organisation.organisation, None, "organisation"),
]
