"""Addresses of records and findings."""

from typing import Any

from django.urls import URLPattern, path

from hub.web.http import page
from hub.web.views import records

_POST = ("GET", "HEAD", "POST")


def _form(address: str, view: Any, told: dict[str, Any], name: str) -> URLPattern:
    """A page with a form, for people who are signed in."""
    return path(address, page(view, methods=_POST, signed_in=True, keeps_words=True), told, name=name)


def repository(at: str, told: dict[str, Any]) -> list[URLPattern]:
    """Below the address of a repository."""
    kind = told["kind"]
    found = [
        _form(f"{at}/data/edit", records.data_edit, told, f"{kind}_data_edit"),
        _form(f"{at}/use-record/edit", records.use_edit, told, f"{kind}_use_edit"),
        _form(f"{at}/bias/new", records.finding_new, told, f"{kind}_finding_new"),
        _form(f"{at}/bias/<int:number>/edit", records.finding_edit, told, f"{kind}_finding_edit"),
        path(f"{at}/bias/<int:number>", page(records.finding, methods=_POST), told, name=f"{kind}_finding"),
    ]
    if kind == "dataset":
        found.append(path(f"{at}/reach", page(records.reach), told, name="dataset_reach"))
    return found


SITE: list[URLPattern] = [
    path("governance/thresholds", page(records.thresholds, methods=_POST), name="thresholds"),
]
