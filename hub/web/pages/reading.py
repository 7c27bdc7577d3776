"""Files as pages read them: under the rules for pulls, as the viewer's default profile."""

from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.governance.services import pulls


def file_at(viewer: Viewer, revision: Any, path: str) -> Any:
    """A file whose bytes are shown; raises `PullDenied` where it may not be pulled."""
    file = catalog.file_at(viewer, revision, path)
    pulls.check_view(viewer, revision, path)
    return file


def shown_at(viewer: Viewer, revision: Any, path: str) -> tuple[Any, str]:
    """As `file_at`, with why its bytes may not be shown: a quarantined file has its page, without them."""
    if (why := pulls.quarantined_for(viewer, revision).get(path)) is None:
        return file_at(viewer, revision, path), ""
    return catalog.file_at(viewer, revision, path), f"Not shown: it is quarantined. {why}"


def check(viewer: Viewer, revision: Any) -> None:
    """Before what is read out of files is shown, such as tensors; raises `PullDenied`."""
    pulls.check_view(viewer, revision)


def words_at(viewer: Viewer, revision: Any, path: str) -> Any:
    """A card, a licence, a file to edit: they stay readable where the revision is withdrawn, but for quarantine."""
    file = catalog.file_at(viewer, revision, path)
    pulls.check_known(viewer, revision, path)
    return file


def hidden_paths(viewer: Viewer, *revisions: Any) -> set[str]:
    """Paths that are quarantined for the viewer in these revisions; raises `PullDenied` where one may not be pulled."""
    found: set[str] = set()
    for revision in revisions:
        if revision is not None:
            pulls.check_view(viewer, revision)
            found |= pulls.quarantined_for(viewer, revision).keys()
    return found
