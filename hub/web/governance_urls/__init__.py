"""Addresses of governance, one module for each capability: those of the site, and those below a repository."""

from typing import Any

from django.urls import URLPattern

from hub.web.governance_urls import access, ledger, licences, policies, records, reviews

SITE: list[URLPattern] = [*licences.SITE, *records.SITE, *reviews.SITE, *policies.SITE, *access.SITE, *ledger.SITE]
_OF_REPOSITORIES = (licences, records, reviews, access, ledger)


def repository(at: str, told: dict[str, Any]) -> list[URLPattern]:
    """Below the address of a repository."""
    return [address for part in _OF_REPOSITORIES for address in part.repository(at, told)]
