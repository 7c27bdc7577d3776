"""Addresses of the ledger and of papers."""

from typing import Any

from django.urls import URLPattern, path

from hub.web.http import page
from hub.web.views import dossier, ledger

_POST = ("GET", "HEAD", "POST")


def repository(at: str, told: dict[str, Any]) -> list[URLPattern]:
    """Below the address of a repository."""
    kind = told["kind"]
    return [
        path(f"{at}/dossier/<seg:revision>", page(dossier.dossier), told, name=f"{kind}_dossier"),
        path(f"{at}/export/<seg:revision>/<seg:form>", page(dossier.export), told, name=f"{kind}_export"),
    ]


SITE = [
    path("ledger", page(ledger.ledger, methods=_POST, signed_in=True), name="ledger"),
    path("ledger/export", page(ledger.export, signed_in=True), name="ledger_export"),
    path("ledger/roots", page(ledger.roots, signed_in=True), name="ledger_roots"),
]
