"""The card of a commit."""

from typing import Any

from hub.catalog.card import parse_card
from hub.catalog.errors import EntryNotFound, RevisionNotFound
from hub.catalog.selectors.files import file_in
from hub.catalog.selectors.revisions import revision_of
from hub.governance.models import Revision
from hub.storage.services import read_range

_MOST = 1_000_000


def metadata_at(revision: Revision) -> dict[str, Any]:
    """The metadata of README.md there; empty where there is none, or none that can be read."""
    try:
        file = file_in(revision_of(revision.repo, revision.commit), "README.md")
    except (EntryNotFound, RevisionNotFound):
        return {}
    data = file.data
    if data is None:
        data = read_range(sha256=str(file.sha256), start=0, length=min(file.size, _MOST))
    metadata = parse_card(data[:_MOST].decode("utf-8", "replace")).metadata
    return metadata if isinstance(metadata, dict) else {}
