"""Delete one file of a branch."""

from dataclasses import dataclass
from typing import Any

from django.forms import Form

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog import services
from hub.web.pages import links, repo
from hub.web.pages.edit import writable


@dataclass(frozen=True)
class DeletePage:
    title: str
    banner: repo.Banner
    path: str
    branch: str
    size: int
    base: str
    form: Form
    back_url: str


def build(viewer: Viewer, address: repo.Address, *, form: Form) -> DeletePage:
    place, path = writable(viewer, address), address.path
    file = catalog.file_at(viewer, place.revision, path)
    return DeletePage(
        title=f"Delete {path} · {place.repo.full_name}",
        banner=repo.banner(place, "files", has_tools=False),
        path=path,
        branch=place.name,
        size=file.size,
        base=file.oid,
        form=form,
        back_url=links.file_url(*place.at, path),
    )


def delete(viewer: Viewer, address: repo.Address, told: dict[str, Any]) -> str:
    """Where to go afterwards: the folder it was in, or the top where that is gone with it."""
    place = writable(viewer, address)
    services.remove_file(
        by=viewer,
        repo=place.repo,
        revision=place.name,
        path=address.path,
        base=told["base"],
        title=told["title"] or f"Delete {address.path}",
    )
    return links.tree_url(*place.at)
