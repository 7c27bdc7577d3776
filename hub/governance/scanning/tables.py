"""Parquet and Arrow: columns of numbers and texts, and what their schema may make a loader do (CVE-2023-47248)."""

import base64

from hub.governance.scanning.limits import MIB
from hub.governance.scanning.source import Source

_TYPE = b"arrow.py_extension_type"
# A schema lies in Parquet's footer as Base64: the same text in each of three places of a group of letters.
_WRITTEN = (_TYPE, *(base64.b64encode(b"." * at + _TYPE)[4 if at else 0 : -4] for at in range(3)))


def has_python_types(source: Source) -> bool:
    """Whether its schema, at the beginning or the end, names types that are pickles."""
    return any(mark in part for part in (source.head(MIB), source.tail(MIB)) for mark in _WRITTEN)
