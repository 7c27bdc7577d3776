"""What changed in a weights file between two revisions."""

from hub.accounts.viewer import Viewer
from hub.catalog.permissions import check_read_content
from hub.catalog.selectors.headers import header_of, reader_of
from hub.catalog.selectors.revisions import Revision
from hub.catalog.trees import Entry, entry_at
from hub.catalog.weights import format_of, is_weights
from hub.catalog.weights.diff import WeightsDiff, compare
from hub.core.errors import HubError
from hub.core.kept import Kept

# Files up to this size have their bytes compared, tensor by tensor; of larger ones the headers alone.
MAX_COMPARED = 32_000_000
_diffs: Kept[tuple[str, str, str], WeightsDiff] = Kept(limit=100_000)


def weights_diff(viewer: Viewer, before: Revision, after: Revision, path: str) -> WeightsDiff | None:
    """Between two revisions of one repository; None where the path isn't a readable weights file in both, or is the
    same in both. Raises `GatedRepo` or `RepoDisabled` where the viewer may not read files."""
    check_read_content(viewer, after.repo)
    old, new = entry_at(before.tree, path), entry_at(after.tree, path)
    if not is_weights(path) or old is None or new is None or old.is_tree or new.is_tree or old.oid == new.oid:
        return None
    key = (old.oid, new.oid, str(format_of(path)))
    if (known := _diffs.get(key)) is None:
        known = _compared(path, old, new)
        _diffs.put(key, known, len(known.changes) + 1)
    return known


def _compared(path: str, old: Entry, new: Entry) -> WeightsDiff:
    is_small = max(old.size, new.size) <= MAX_COMPARED
    try:
        readers = (reader_of(old), reader_of(new)) if is_small else None
        return compare(path, header_of(path, old), header_of(path, new), readers)
    except HubError as error:
        return WeightsDiff(path, fault=error.message)
