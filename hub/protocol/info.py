"""What is known of one repository."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse

from hub.catalog import selectors
from hub.catalog.selectors import RepoInfo, Sibling
from hub.core.errors import InvalidInput
from hub.protocol.extras import extras
from hub.protocol.http import is_true, json_response, values_of
from hub.protocol.serialize import date, sibling_lfs
from hub.protocol.wire import Ask, wire

# Every name that clients may ask for; the ones that this hub knows nothing of are accepted and left out.
_BOTH = """
author cardData createdAt disabled downloads downloadsAllTime gated lastModified likes private resourceGroup sha
siblings tags trendingScore usedStorage xetEnabled
"""
_MODEL = """
baseModels childrenModelCount config evalResults gguf inference inferenceProviderMapping library_name mask_token
model-index pipeline_tag safetensors spaces transformersInfo widgetData
"""
_DATASET = "citation description mainSize paperswithcode_id"
EXPANDABLE = {
    "model": frozenset(f"{_BOTH} {_MODEL}".split()),
    "dataset": frozenset(f"{_BOTH} {_DATASET}".split()),
}
_USUAL = {
    "model": ("gguf", "library_name", "model-index", "pipeline_tag", "safetensors", "widgetData"),
    "dataset": ("description",),
}
# What an info object has beyond a list's rows.
_USUAL_EXTRAS = {"model": ("config", "mask_token", "transformersInfo"), "dataset": ()}


@wire("GET")
def info(ask: Ask, *, revision: str | None = None) -> HttpResponse:
    """All of it, or with `expand` the named fields alone."""
    wanted = expanded(ask.request, ask.kind)
    at = selectors.find_revision(ask.viewer, ask.kind, ask.owner, ask.name, revision or "main")
    found = selectors.repo_info(at.repo, at)
    more = extras(ask.viewer, [at], wanted or _USUAL_EXTRAS[ask.kind])[at.repo.pk]
    if wanted:
        return json_response(identity(ask.kind, found.public_id, found.full_name) | only(fields(found), wanted) | more)
    told = everything(found, blobs=is_true(ask.request.GET.get("blobs"))) | more
    if is_true(ask.request.GET.get("securityStatus")):
        told["securityRepoStatus"] = {"scansDone": False, "filesWithIssues": []}
    return json_response(told, headers={"X-Repo-Commit": found.sha})


def expanded(request: HttpRequest, kind: str) -> list[str]:
    """What `expand` asks for; `InvalidInput` with the choice of names for an unknown one."""
    wanted = values_of(request, "expand")
    if unknown := sorted(set(wanted) - EXPANDABLE[kind]):
        names = "|".join(f'"{name}"' for name in sorted(EXPANDABLE[kind]))
        raise InvalidInput(f'"expand" must be one of these, not {unknown[0][:40]!r}: expected one of {names}')
    return wanted


def everything(found: RepoInfo, *, blobs: bool = False) -> dict[str, Any]:
    """An info object as it is without `expand`."""
    usual = ["author", "cardData", "createdAt", "disabled", "downloads", "gated", "lastModified", "likes", "private"]
    usual += ["sha", "tags", "trendingScore", "usedStorage"]
    usual += _USUAL[found.kind]
    told = identity(found.kind, found.public_id, found.full_name) | only(fields(found), usual)
    if found.kind == "model":
        told["spaces"] = []
    told["siblings"] = [_sibling(file, blobs=blobs) for file in found.siblings]
    return told


def identity(kind: str, public_id: str, full_name: str) -> dict[str, Any]:
    told = {"_id": public_id, "id": full_name}
    return told | {"modelId": full_name} if kind == "model" else told


def only(values: dict[str, Callable[[], Any]], wanted: Iterable[str]) -> dict[str, Any]:
    """The wanted fields that there are."""
    found = {name: values[name]() for name in wanted if name in values}
    return {name: value for name, value in found.items() if value is not None}


def fields(found: RepoInfo) -> dict[str, Callable[[], Any]]:
    """How to get each field that this hub knows."""
    return {
        "author": lambda: found.author,
        "cardData": lambda: found.metadata,
        "createdAt": lambda: date(found.created_at),
        "description": lambda: found.summary or None,
        "disabled": lambda: found.disabled,
        "downloads": lambda: found.downloads,
        "downloadsAllTime": lambda: found.downloads,
        "gated": lambda: found.gated or False,
        "gguf": lambda: gguf(found.tags, found.parameters, found.parameter_count),
        "inferenceProviderMapping": lambda: [] if found.kind == "model" else None,
        "lastModified": lambda: date(found.updated_at),
        "library_name": lambda: found.library_name or None,
        "likes": lambda: found.likes,
        "mainSize": lambda: found.size,
        "model-index": lambda: found.metadata.get("model-index"),
        "paperswithcode_id": lambda: found.metadata.get("paperswithcode_id"),
        "pipeline_tag": lambda: found.pipeline_tag or None,
        "private": lambda: found.private,
        "safetensors": lambda: safetensors(found.parameters),
        "sha": lambda: found.sha,
        "siblings": lambda: [_sibling(file, blobs=False) for file in found.siblings],
        "spaces": lambda: [] if found.kind == "model" else None,
        "tags": lambda: found.tags,
        "trendingScore": lambda: found.trending,
        "usedStorage": lambda: found.used_storage,
        "widgetData": lambda: widgets(found.metadata),
        "xetEnabled": lambda: True,
    }


def safetensors(parameters: dict[str, int]) -> dict[str, Any] | None:
    return {"parameters": parameters, "total": sum(parameters.values())} if parameters else None


def gguf(tags: Iterable[str], parameters: dict[str, int], count: int | None) -> dict[str, int] | None:
    """Of a model whose weights are GGUF alone: its parameters, as the files' headers say."""
    return {"total": count} if count and not parameters and "gguf" in tags else None


def widgets(metadata: dict[str, Any]) -> list[Any] | None:
    """Examples to try the model with, as the card gives them."""
    return metadata["widget"] if isinstance(metadata.get("widget"), list) else None


def _sibling(file: Sibling, *, blobs: bool) -> dict[str, Any]:
    if not blobs:
        return {"rfilename": file.path}
    told: dict[str, Any] = {"rfilename": file.path, "size": file.size, "blobId": file.oid}
    if file.lfs:
        told["lfs"] = sibling_lfs(file.lfs)
    return told
