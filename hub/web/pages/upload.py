"""Bring files to a repository: the page, and what its script asks for on the way."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.forms import Form

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog import services
from hub.catalog.errors import BadCommit
from hub.catalog.paths import check_path
from hub.core.errors import InvalidInput
from hub.storage import selectors as storage
from hub.web.pages import links, repo, words

# What a browser sends in one request: little is lost when that breaks off.
PART = 8 * 1024**2
PLAIN_LIMIT = 20 * 1000**2


@dataclass(frozen=True)
class UploadPage:
    title: str
    banner: repo.Banner
    branch: str
    url: str
    form: Form
    most: int
    limits: str
    kept: str
    plain_limit: str


def build(viewer: Viewer, address: repo.Address, *, form: Form) -> UploadPage:
    place = _place(viewer, address)
    room = storage.room()
    most = min(room.max_file_size, room.free_bytes)
    return UploadPage(
        title=f"Upload files · {place.repo.full_name}",
        banner=repo.banner(place, "files", has_tools=False),
        branch=place.name,
        url=links.upload_url(*place.at),
        form=form,
        most=most,
        limits=f"A file can have {words.size(most)}; the hub has {words.size(room.free_bytes)} left.",
        kept=f"What was sent and is not committed is kept for {settings.PROTECTION_DAYS} days, then freed.",
        plain_limit=words.size(PLAIN_LIMIT),
    )


def begin(viewer: Viewer, address: repo.Address, told: dict[str, Any]) -> dict[str, Any]:
    """Which parts of a file are missing, and what stands at its path now."""
    place, path = _place(viewer, address), check_path(_text(told, "path"))
    size = told.get("size")
    if not isinstance(size, int) or isinstance(size, bool):
        raise InvalidInput('The body needs "size", a number of bytes.')
    plan = services.begin_upload(
        by=viewer, repo=place.repo, sha256=_text(told, "sha256"), size=size, in_parts=True, usual_part=PART
    )
    there = path in catalog.current_files(place.repo, place.revision, [path])
    return {
        "upload": plan.upload_id,
        "parts": plan.part_count,
        "part_size": plan.part_size,
        "missing": [number for number in range(1, plan.part_count + 1) if number not in plan.received],
        "change": "replaces the file there" if there else "new",
    }


def receive(viewer: Viewer, address: repo.Address, *, upload: str, number: int, body: Any, length: int) -> None:
    place = _place(viewer, address)
    services.receive_part(by=viewer, repo=place.repo, upload_id=upload, number=number, body=body, length=length)


def finish(viewer: Viewer, address: repo.Address, told: dict[str, Any]) -> None:
    repo_ = _place(viewer, address).repo
    upload, path, sha256 = (_text(told, name) for name in ("upload", "path", "sha256"))
    services.finish_upload(by=viewer, repo=repo_, upload_id=upload, path=path, sha256=sha256)


def commit(viewer: Viewer, address: repo.Address, told: dict[str, Any]) -> str:
    """Commit what was uploaded; the address of the commit."""
    files = told.get("files")
    if not isinstance(files, list) or not files or not all(isinstance(file, dict) for file in files):
        raise InvalidInput("Add at least one file.")
    place = _place(viewer, address)
    title, description, new_branch = (_text(told, name) for name in ("title", "description", "new_branch"))
    done = services.commit_uploads(
        by=viewer,
        repo=place.repo,
        revision=place.name,
        files=[(_text(file, "path"), _text(file, "sha256")) for file in files],
        title=title.strip() or default_title([_text(file, "path") for file in files]),
        description=description,
        new_branch=new_branch.strip(),
    )
    return links.commit_url(place.repo.kind, place.repo.full_name, done.oid)


def commit_plain(viewer: Viewer, address: repo.Address, told: dict[str, Any]) -> str:
    """Commit the files of a form that was sent whole; the address of the commit."""
    place = _place(viewer, address)
    files = [(file.name, file) for file in told["chosen"]]
    done = services.commit_files(
        by=viewer,
        repo=place.repo,
        revision=place.name,
        files=files,
        title=told["title"] or default_title([name for name, _ in files]),
        description=told["description"],
        new_branch=told["new_branch"],
    )
    return links.commit_url(place.repo.kind, place.repo.full_name, done.oid)


def default_title(paths: Iterable[str]) -> str:
    """`Upload config.json and 3 more`."""
    first, *more = paths
    return f"Upload {first}" + (f" and {len(more):,} more" if more else "")


def _place(viewer: Viewer, address: repo.Address) -> repo.Place:
    """The branch that files go to; who may not write there learns it here."""
    place = repo.find(viewer, address)
    services.check_write(viewer, place.repo)
    if not (place.revision.ref or "").startswith("refs/heads/"):
        raise BadCommit(f"{place.name} is not a branch, so nothing can be added to it. Upload to a branch.")
    return place


def _text(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or any("\ud800" <= character <= "\udfff" for character in value):
        raise InvalidInput(f"The body needs {name!r}, a text in valid Unicode.")
    return value
