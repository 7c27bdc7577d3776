"""Trust: whose signature a pull believes, and whether what was pulled is what was signed.

A hub's key is kept when it is first seen (as ssh keeps a host's), in `known_hubs.json` beside the configuration file.
From then on that hub signs with that key, or nothing is pulled from it until somebody says `headstart trust`.
`HEADSTART_HUB_KEY` (a PEM file, or a fingerprint) says it beforehand, for machines that nobody asks.
"""

from dataclasses import dataclass

from sdk import _config
from sdk._client import Client
from sdk._errors import TrustError


@dataclass(frozen=True)
class HubKey:
    """A hub's public key; `id` is its fingerprint, sha256 of its DER form."""

    hub: str
    id: str
    pem: str


def trust(hub: str | None = None, *, key: str | None = None) -> HubKey:
    """Believe the key that the hub announces now, in place of any known before. With `key` (the fingerprint that its
    administrator told you) only that one. Raises TrustError where the hub announces none, or another."""
    from sdk._signed import announced, remember

    client = Client(_config.resolve(hub))
    with client.closing():
        found = announced(client)
    if found is None:
        raise TrustError(f"{client.config.hub} announces no key. It signs nothing, so there is nothing to trust.")
    if key is not None and found.id != key.strip().lower():
        raise TrustError(f"{found.hub} announces the key {found.id}, not {key}. Nothing was changed.")
    remember(found)
    return found
