"""Public keys: EC on P-256, in PEM form, and the fingerprint that names one."""

import hashlib
from collections.abc import Mapping

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec


class BadProof(ValueError):
    """The proof doesn't hold, or is none."""


def key_id(public: ec.EllipticCurvePublicKey) -> str:
    """sha256 of the public key (DER), as 64 hex digits: its fingerprint."""
    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()


def pem_of(public: ec.EllipticCurvePublicKey) -> str:
    form = serialization.PublicFormat.SubjectPublicKeyInfo
    return public.public_bytes(serialization.Encoding.PEM, form).decode()


def read_public(pem: str) -> ec.EllipticCurvePublicKey:
    """The public key of a PEM text; raises `BadProof` unless it is one on P-256."""
    try:
        key = serialization.load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadProof("That is not a public key in PEM form.") from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise BadProof("That is not an EC key on P-256.")
    return key


def keys_by_id(pems: Mapping[str, str] | list[str]) -> dict[str, ec.EllipticCurvePublicKey]:
    """Public keys by the fingerprint that they really have."""
    keys = [read_public(pem) for pem in (pems.values() if isinstance(pems, Mapping) else pems)]
    return {key_id(key): key for key in keys}
