"""Data sets for jobs that go well, and for those that can't."""

import numpy as np

CARD = b"---\nlicense: cc0-1.0\n---\n# Rows\n"
HEAD = "size,weight,label\n"


def _table(rows: int = 300) -> bytes:
    """A class that is a matter of two numbers."""
    random = np.random.default_rng(0)
    numbers = random.normal(size=(rows, 2))
    lines = (f"{a:.4f},{b:.4f},{'yes' if a + b > 0 else 'no'}" for a, b in numbers)
    return (HEAD + "\n".join(lines) + "\n").encode()


TABLE = _table()
FILES = {
    "table": {"train.csv": TABLE},
    "other": {"train.csv": TABLE, "test.csv": TABLE.replace(b",label", b",verdict")},
    "empty": {"train.csv": TABLE, "test.csv": HEAD.encode()},
    "nan": {"train.csv": TABLE.replace(b",yes", b",nan").replace(b",no", b",nan")},
    "infinite": {"train.csv": TABLE.replace(b",yes", b",inf").replace(b",no", b",0.5")},
    "unknown": {"test.csv": TABLE.replace(b",yes", b",maybe")},
    "torn": {"train.parquet": b"PAR1" + bytes(200)},
}
DATA = {name: {"README.md": CARD, **files} for name, files in FILES.items()}
