"""What is like a repository: by lineage, task and the words of its card."""

from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.selectors import shelf
from hub.core.errors import HubError
from hub.web.pages.rows import Row, bases_of, rows_of

SHOWN = 4


def rows(viewer: Viewer, repo: Any) -> tuple[Row, ...]:
    """A few, the likest first; none while the search index is being built: the page stands without them."""
    try:
        found = catalog.similar(viewer, repo, limit=SHOWN)
    except HubError:
        return ()
    return rows_of(found, shelf.names_here(viewer, bases_of(found)))
