"""One way to turn a value into bytes, and their digest: as proofs have it."""

from proofs.canonical import canonical, digest

__all__ = ["canonical", "digest"]
