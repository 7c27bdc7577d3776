"""Merkle tree heads as RFC 6962 makes them: a leaf is hashed behind 0x00, a pair of nodes behind 0x01."""

import hashlib
from collections.abc import Iterable


def root(hashes: Iterable[str]) -> str:
    """The tree head over events, given by their hashes (64 hex digits each) in order; of none, that of the empty tree.

    The subtrees are kept as they grow: for n leaves log n hashes are in memory.
    """
    whole: list[tuple[int, bytes]] = []
    for text in hashes:
        size, node = 1, _sha256(b"\x00" + bytes.fromhex(text))
        while whole and whole[-1][0] == size:
            size, node = 2 * size, _sha256(b"\x01" + whole.pop()[1] + node)
        whole.append((size, node))
    if not whole:
        return _sha256(b"").hex()
    _, top = whole.pop()
    while whole:
        top = _sha256(b"\x01" + whole.pop()[1] + top)
    return top.hex()


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()
