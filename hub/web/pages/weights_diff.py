"""What a commit changed in weights files: tensors added, removed, of another shape or type, with other numbers."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.errors import GatedRepo, RepoDisabled
from hub.web.pages import words

# Further files of one commit are named in the list of files alone.
MAX_FILES = 5
MAX_CHANGES = 200
# How a change is called in its row, how several are counted above them, and the row's tone.
_WORDS = {
    "added": ("added", "added", "ok"),
    "removed": ("removed", "removed", "bad"),
    "changed": ("other shape or type", "of another shape or type", "warn"),
    "bytes": ("other numbers", "with other numbers", "warn"),
}


@dataclass(frozen=True)
class TensorRow:
    name: str
    what: str
    tone: str
    before: str
    after: str


@dataclass(frozen=True)
class WeightsChange:
    """`summary` says in words what changed; `left` how many changes aren't shown."""

    path: str
    summary: str
    rows: tuple[TensorRow, ...]
    left: int
    metadata: tuple[tuple[str, str, str], ...]


def changes(viewer: Viewer, before: Any, after: Any, paths: Iterable[str]) -> tuple[WeightsChange, ...]:
    """Between two revisions (nothing without a `before`), for those of the paths that are weights files in both."""
    if before is None:
        return ()
    chosen = [path for path in paths if catalog.is_weights(path)][:MAX_FILES]
    try:
        found = [catalog.weights_diff(viewer, before, after, path) for path in chosen]
    except (GatedRepo, RepoDisabled):
        return ()  # who may not read files sees their names alone
    return tuple(_change(diff) for diff in found if diff)


def _change(diff: Any) -> WeightsChange:
    rows = tuple(_row(change) for change in diff.changes[:MAX_CHANGES])
    return WeightsChange(diff.path, _summary(diff), rows, len(diff.changes) - len(rows), diff.metadata)


def _summary(diff: Any) -> str:
    if diff.fault:
        return f"The tensors can't be compared. {diff.fault}"
    sorts = Counter(change.sort for change in diff.changes)
    counts = [f"{sorts[sort]:,} {called}" for sort, (_, called, _) in _WORDS.items() if sorts[sort]]
    if not diff.is_compared:
        counts.append(f"{diff.alike:,} of the same shape and type, whose contents were not compared")
    elif diff.alike:
        counts.append(f"{diff.alike:,} unchanged")
    return f"Tensors: {words.listed(counts) or 'none'}."


def _row(change: Any) -> TensorRow:
    what, _, tone = _WORDS[change.sort]
    return TensorRow(change.name or "(no name)", what, tone, _tensor(change.before), _tensor(change.after))


def _tensor(tensor: Any) -> str:
    if tensor is None:
        return ""
    shape = " × ".join(f"{count:,}" for count in tensor.shape) or "one number"
    return f"{tensor.dtype}, {shape}, {words.size(tensor.size)}"
