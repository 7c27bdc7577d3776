"""Data sets for jobs that go well, and for those that can't."""

import numpy as np

CARD = b"---\nlicense: cc0-1.0\n---\n# Rows\n"


def _table(rows: int = 300) -> bytes:
    """A class that is a matter of two numbers."""
    random = np.random.default_rng(0)
    numbers = random.normal(size=(rows, 2))
    lines = (f"{a:.4f},{b:.4f},{'yes' if a + b > 0 else 'no'}" for a, b in numbers)
    return ("size,weight,label\n" + "\n".join(lines) + "\n").encode()


def _no_numbers(table: bytes) -> bytes:
    """Numbers so large that their squares are none any more."""
    head, *lines = table.decode().splitlines()
    return "\n".join([head, *(f"1e308,{line.partition(',')[2]}" for line in lines)]).encode()


TABLE = _table()
DATA = {
    name: {"README.md": CARD, **files}
    for name, files in {
        "table": {"train.csv": TABLE},
        "empty": {"train.csv": TABLE, "test.csv": b"size,weight,label\n"},
    }.items()
}
