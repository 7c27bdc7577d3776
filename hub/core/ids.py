"""Identifiers and secrets."""

import secrets
import time


def new_object_id() -> str:
    """24 hex digits, sortable by second of creation: the `_id` that hub clients know."""
    return f"{int(time.time()):08x}{secrets.token_hex(8)}"


def new_secret() -> str:
    """A URL-safe secret of 256 bits."""
    return secrets.token_urlsafe(32)
