"""Bring large content to a repository."""

from hub.accounts.viewer import Viewer
from hub.catalog.errors import UnknownContent
from hub.catalog.models import Repo
from hub.catalog.paths import check_path
from hub.catalog.permissions import check_write
from hub.catalog.selectors.content import may_read_content
from hub.catalog.weights import detail_of
from hub.storage import selectors as stored
from hub.storage import services as storage
from hub.storage.services import UploadPlan
from hub.storage.services.pieces import Body


def begin_upload(
    *,
    by: Viewer,
    repo: Repo,
    sha256: str,
    size: int,
    single: bool = False,
    in_parts: bool = False,
    usual_part: int = 0,
) -> UploadPlan:
    """Plan an upload. There is nothing to send (`is_present`) when the repository has the content, or when another
    one has it that the actor may pull: nobody learns from a sha256 what they can't read.

    Raises what `check_write` and `storage.begin_upload` do.
    """
    check_write(by, repo)
    if not storage.held(scope=repo.scope, sha256s=[sha256]) and may_read_content(by, [sha256]):
        storage.hold(scope=repo.scope, sha256=sha256)
    scope = repo.scope
    return storage.begin_upload(
        scope=scope, sha256=sha256, size=size, single=single, in_parts=in_parts, usual_part=usual_part
    )


def receive_part(*, by: Viewer, repo: Repo, upload_id: str, number: int, body: Body, length: int) -> None:
    """Take one part of an upload that was begun for this repository. Raises what `storage.receive_part` does."""
    check_write(by, repo)
    upload = stored.find_upload(repo.scope, upload_id)
    storage.receive_part(upload_id=upload.public_id, number=number, body=body, length=length)


def finish_upload(*, by: Viewer, repo: Repo, upload_id: str, path: str, sha256: str) -> None:
    """Verify what was received (nothing, when `upload_id` is empty: it was here) and look at it as the commit will.

    Raises `BadPath`, `BadWeights`, `UnknownContent`, and what `storage.finish_upload` does.
    """
    check_write(by, repo)
    check_path(path)
    if upload_id:
        storage.finish_upload(upload_id=stored.find_upload(repo.scope, upload_id).public_id)
    sizes = storage.held(scope=repo.scope, sha256s=[sha256])
    if sha256 not in sizes:
        raise UnknownContent(f"{path} was not uploaded to this repository. Upload it again.", path=path)
    # Whose weights can't be read learns it now, not when all files are committed.
    detail_of(path, sizes[sha256], lambda start, length: storage.read_range(sha256=sha256, start=start, length=length))
