"""What a recipe can't do without."""

from pathlib import Path

from workers.contract import Code
from workers.lib.session import Table, Trouble


def rows(table: Table | None) -> Table:
    """The table. Raises Trouble where there is none or it is empty."""
    if table is None or not len(table):
        raise Trouble(Code.DATASET_EMPTY, "There are no rows to learn from.", "Choose another split.", "datasets")
    return table


def base(folder: Path | None) -> Path:
    """The base's files. Raises Trouble where there is none."""
    if folder is None:
        raise Trouble(Code.BAD_SPEC, "This recipe tunes a model, and none was named.", "Name a base model.", "base")
    return folder
