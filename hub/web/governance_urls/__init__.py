"""Addresses of governance, one module for each capability: those of the site, and those below a repository."""

from typing import Any

from django.urls import URLPattern

from hub.web.governance_urls import ledger, licences, records, reviews

_PARTS = (licences, records, reviews, ledger)
SITE: list[URLPattern] = [address for part in _PARTS for address in part.SITE]


def repository(at: str, told: dict[str, Any]) -> list[URLPattern]:
    """Below the address of a repository."""
    return [address for part in _PARTS for address in part.repository(at, told)]
