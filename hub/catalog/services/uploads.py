"""Bring large content to a repository."""

from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo
from hub.catalog.permissions import check_write
from hub.catalog.selectors.content import may_read_content
from hub.storage import services as storage
from hub.storage.services import UploadPlan


def begin_upload(
    *, by: Viewer, repo: Repo, sha256: str, size: int, single: bool = False, in_parts: bool = False
) -> UploadPlan:
    """Plan an upload. There is nothing to send (`is_present`) when the repository has the content, or when another
    one has it that the actor may pull: nobody learns from a sha256 what they can't read.

    Raises what `check_write` and `storage.begin_upload` do.
    """
    check_write(by, repo)
    if not storage.held(scope=repo.scope, sha256s=[sha256]) and may_read_content(by, [sha256]):
        storage.hold(scope=repo.scope, sha256=sha256)
    return storage.begin_upload(scope=repo.scope, sha256=sha256, size=size, single=single, in_parts=in_parts)
