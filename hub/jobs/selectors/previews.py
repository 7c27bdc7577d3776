"""What a data set holds, as an order sees it: its configs and splits, its columns, the first rows."""

from dataclasses import dataclass, field
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.card import parse_card
from hub.catalog.selectors import Revision
from hub.catalog.tables import Column, Table
from hub.core.errors import HubError
from hub.governance.services import pulls
from hub.jobs import splits

ROWS = 5
# Rows that are read to guess how many there are.
_SAMPLE = 100
_MAX_CARD = 1_000_000


@dataclass(frozen=True)
class Preview:
    """`configs`: the splits of each. `rows`: cells by the order of `columns`. `total` rows of the split: a guess
    where it isn't `is_exact`, None where nobody can say. `fault`: why there is nothing to see."""

    configs: dict[str, tuple[str, ...]] = field(default_factory=dict)
    config: str = ""
    split: str = ""
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[Any, ...], ...] = ()
    total: int | None = None
    is_exact: bool = True
    files: int = 0
    fault: str = ""


def preview(viewer: Viewer, at: Revision, *, config: str = "", split: str = "", rows: int = ROWS) -> Preview:
    """The first rows of that split. Raises `GatedRepo` and `RepoDisabled`; what can't be read is told as a fault."""
    paths = [path for path, _ in catalog.sizes_at(viewer, at)]
    known = splits.layout(metadata_of(viewer, at), paths)
    configs = {name: tuple(found) for name, found in known.items()}
    found = splits.files_of(known, config, split)
    told: dict[str, Any] = {"configs": configs, "config": config, "split": split, "files": len(found)}
    if not found:
        return Preview(**told, fault=_no_files(configs, config, split))
    if not splits.has_suffix(found[0], splits.TABLES):
        return Preview(**told, **_media(found, rows))
    try:
        return Preview(**told, **_table(viewer, at, found, rows))
    except HubError as error:
        return Preview(**told, fault=error.message)


def metadata_of(viewer: Viewer, at: Revision) -> dict[str, Any]:
    """The metadata of the card at that commit; empty where there is none that can be read."""
    if not any(path == "README.md" for path, _ in catalog.sizes_at(viewer, at)):
        return {}
    file = catalog.file_at(viewer, at, "README.md")
    text = catalog.reader_of(file)(0, min(file.size, _MAX_CARD)).decode("utf-8", "replace")
    metadata = parse_card(text).metadata
    return metadata if isinstance(metadata, dict) else {}


def _table(viewer: Viewer, at: Revision, paths: list[str], rows: int) -> dict[str, Any]:
    file = catalog.file_at(viewer, at, paths[0])
    decision = pulls.decide(viewer, at, path=paths[0])
    if decision.is_denied:
        return {"fault": decision.refusal(f"{at.repo.full_name} at {at.commit[:12]}")}
    table = catalog.read_rows(file, limit=_SAMPLE)
    total, is_exact = _counted(table, file.size)
    return {
        "columns": table.columns,
        "rows": table.rows[:rows],
        "total": total * len(paths) if total is not None else None,
        "is_exact": is_exact and len(paths) == 1,
    }


def _counted(table: Table, size: int) -> tuple[int | None, bool]:
    """Rows of the file, and whether that is no guess from the length of the first ones."""
    if table.total is not None or table.next is None:
        return table.total if table.total is not None else len(table.rows), True
    read = table.next.byte
    return (round(size * len(table.rows) / read), False) if read else (None, False)


def _media(paths: list[str], rows: int) -> dict[str, Any]:
    """Pictures or sounds, whose folder is their label."""
    kind = "image" if splits.has_suffix(paths[0], splits.PICTURES) else "audio"
    shown = tuple((path, path.split("/")[-2] if "/" in path else "") for path in paths[:rows])
    return {"columns": (Column(kind, "text"), Column("label", "text")), "rows": shown, "total": len(paths)}


def _no_files(configs: dict[str, tuple[str, ...]], config: str, split: str) -> str:
    asked = " ".join(part for part in (config, split) if part) or "data"
    there = "; ".join(" ".join(filter(None, (name, ", ".join(found)))) for name, found in configs.items() if found)
    return f"The data set has no files for {asked}." + (f" It has: {there}." if there else "")
