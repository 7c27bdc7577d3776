"""The hub's own key: what it signs is the ledger's days, the files of a commit, and what reviewers decided.

The private key lies in one file that only its owner can read, made when it is first needed. The public keys that it
had before lie beside it: what they signed still verifies.
"""

import contextlib
import json
import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings

from hub.core import clock
from hub.core.errors import HubError
from proofs import dsse, keys


class UnusableKey(HubError):
    """The hub's signing key can't be read."""

    code = "unusable_key"
    status = 500


@dataclass(frozen=True)
class PublicKey:
    """`id` is the sha256 of the key (DER); `retired_at` (ISO 8601) is empty for the one that signs now."""

    id: str
    pem: str
    retired_at: str = ""


def sign(payload: bytes, payload_type: str = dsse.IN_TOTO) -> dict[str, Any]:
    """The DSSE envelope around these bytes, by the key of now."""
    return dsse.sign(private_key(), payload, payload_type)


def private_key() -> ec.EllipticCurvePrivateKey:
    """The key of now; made, whole and once however many ask at once, where there is none."""
    path = _path()
    if not path.exists():
        _make(path)
    found = path.stat()
    return _read(str(path), found.st_mtime_ns, found.st_ino)


def key_id() -> str:
    return keys.key_id(private_key().public_key())


def public_keys() -> list[PublicKey]:
    """The key of now, then those before it, the newest first."""
    public = private_key().public_key()
    return [PublicKey(keys.key_id(public), keys.pem_of(public)), *_retired()]


def public_key(id: str) -> PublicKey | None:
    return next((key for key in public_keys() if key.id == id), None)


def rotate() -> PublicKey:
    """Retire the key of now for a new one. Clients that pinned the old one must be told the new fingerprint."""
    path = _path()
    now = public_keys()[0]
    kept = [PublicKey(now.id, now.pem, clock.now().isoformat(timespec="seconds")), *_retired()]
    # First listed, then replaced: a crash between leaves a key that is listed twice, never one that is lost.
    listed = {key.id: vars(key) for key in reversed(kept)}
    _write(_retired_path(), json.dumps(list(reversed(listed.values())), indent=1).encode())
    _write(path, _fresh())
    return public_keys()[0]


def _path() -> Path:
    return Path(settings.SIGNING_KEY)


def _retired_path() -> Path:
    return _path().with_name(f"{_path().name}.retired.json")


def _retired() -> list[PublicKey]:
    try:
        return [PublicKey(**each) for each in json.loads(_retired_path().read_text())]
    except FileNotFoundError:
        return []
    except (ValueError, TypeError) as error:
        raise UnusableKey(f"{_retired_path()} can't be read: {error}. Restore it from a backup.") from error


@lru_cache(maxsize=4)
def _read(path: str, _changed_at: int, _inode: int) -> ec.EllipticCurvePrivateKey:
    """Kept until the file is another one."""
    try:
        key = serialization.load_pem_private_key(Path(path).read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise UnusableKey(f"{path} is no private key in PEM form: {error}. Restore it from a backup.") from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or not isinstance(key.curve, ec.SECP256R1):
        raise UnusableKey(f"{path} is no EC key on P-256. Name one by HEADSTART_SIGNING_KEY, or let the hub make one.")
    return key


def _make(path: Path) -> None:
    """A link fails where the name is taken: of several that make a key at once, one wins and all use it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = _part(path, _fresh())
    try:
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(part)
    finally:
        part.unlink()


def _fresh() -> bytes:
    return ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, data: bytes) -> None:
    _part(path, data).replace(path)


def _part(path: Path, data: bytes) -> Path:
    """The bytes, safe on the disk, in a file beside its place that only its owner can read."""
    part = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    return part
