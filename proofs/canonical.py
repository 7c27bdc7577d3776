"""One way to turn a value into bytes, and their digest: RFC 8785 (JSON canonicalization scheme)."""

import hashlib
from typing import Any

import rfc8785


def canonical(value: Any) -> bytes:
    """JSON of `value` in the one form that every implementation of RFC 8785 gives. `ValueError` for what has none."""
    return rfc8785.dumps(value)


def digest(value: Any) -> str:
    """sha256 of the canonical form, as 64 hex digits."""
    return hashlib.sha256(canonical(value)).hexdigest()
