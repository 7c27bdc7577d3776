"""A column of numbers that a model shall tell."""

from typing import TYPE_CHECKING

import numpy as np

from workers.contract import Code
from workers.lib.session import Trouble

if TYPE_CHECKING:
    import pandas as pd


def read(told: "pd.Series", role: str = "label") -> np.ndarray:
    """The column as float64. Raises Trouble naming the first row that has no number."""
    import pandas as pd

    found = np.asarray(pd.to_numeric(told, errors="coerce"), dtype="float64")
    if np.isfinite(found).all():
        return found
    row = int(np.flatnonzero(~np.isfinite(found))[0])
    raise Trouble(
        Code.DATASET_BAD_VALUE,
        f"The {role} of row {row} is no number: {str(told.iloc[row])[:40]}.",
        "Leave such rows out of the data set, or map another column.",
        f"columns.{role}",
    )
