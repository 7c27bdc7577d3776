"""What takes space: the repositories of an owner, the large files of a repository."""

from typing import Any

from django.http import HttpResponse

from hub.accounts.selectors import find_namespace
from hub.catalog.selectors import stored
from hub.core.errors import NotSignedIn
from hub.protocol.paging import page_of
from hub.protocol.serialize import date
from hub.protocol.wire import Ask, wire


@wire("GET")
def repositories(ask: Ask) -> HttpResponse:
    """Of the caller, or of the organisation that the address names: what the caller may see."""
    if not ask.viewer.is_signed_in:
        raise NotSignedIn("Send an access token, so that the hub knows whose repositories you mean.")
    found = stored.sizes_of(ask.viewer, find_namespace(ask.name or ask.viewer.name))
    total = sum(size for _, size in found) or 1
    return page_of(ask.request, found, lambda pair: _repository(pair[0], pair[1], total))


@wire("GET")
def large_files(ask: Ask) -> HttpResponse:
    return page_of(ask.request, stored.large_files(ask.repo), _large_file)


def _repository(repo: Any, size: int, total: int) -> dict[str, Any]:
    return {
        "id": repo.full_name,
        "type": repo.kind,
        "updatedAt": date(repo.updated_at),
        "visibility": repo.visibility,
        "storage": size,
        "storagePercent": round(size * 100 / total, 2),
    }


def _large_file(file: stored.LargeFile) -> dict[str, Any]:
    return {
        "fileOid": file.sha256,
        "oid": file.sha256,
        "filename": file.path,
        "ref": file.ref,
        "size": file.size,
        "pushedAt": date(file.kept_at),
    }
