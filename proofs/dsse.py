"""DSSE: a signature over bytes and what they are. ECDSA on P-256 with SHA-256, as OpenSSF Model Signing uses it."""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

IN_TOTO = "application/vnd.in-toto+json"
_ECDSA = ec.ECDSA(hashes.SHA256())


class BadProof(ValueError):
    """The proof doesn't hold, or is none."""


def sign(private: ec.EllipticCurvePrivateKey, payload: bytes, payload_type: str = IN_TOTO) -> dict[str, Any]:
    """The envelope around the payload; its `keyid` names the key."""
    signature = private.sign(encoded(payload_type, payload), _ECDSA)
    return {
        "payload": base64.b64encode(payload).decode(),
        "payloadType": payload_type,
        "signatures": [{"sig": base64.b64encode(signature).decode(), "keyid": key_id(private.public_key())}],
    }


def opened(envelope: Any, public: ec.EllipticCurvePublicKey, payload_type: str = IN_TOTO) -> bytes:
    """The payload of an envelope that this key signed; raises `BadProof` for every other."""
    try:
        payload = base64.b64decode(envelope["payload"], validate=True)
        signatures = [base64.b64decode(each["sig"], validate=True) for each in envelope["signatures"]]
        if envelope["payloadType"] != payload_type:
            raise BadProof(f"It signs {str(envelope['payloadType'])[:60]!r}, not {payload_type!r}.")
    except (KeyError, TypeError, binascii.Error) as error:
        raise BadProof("It is not a DSSE envelope.") from error
    if not any(_holds(public, signature, encoded(payload_type, payload)) for signature in signatures):
        raise BadProof(f"It is not signed by the key {key_id(public)[:16]}.")
    return payload


def encoded(payload_type: str, payload: bytes) -> bytes:
    """What is signed: DSSE's pre-authentication encoding."""
    return b"DSSEv1 %d %s %d %s" % (len(payload_type.encode()), payload_type.encode(), len(payload), payload)


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


def _holds(public: ec.EllipticCurvePublicKey, signature: bytes, data: bytes) -> bool:
    try:
        public.verify(signature, data, _ECDSA)
    except InvalidSignature:
        return False
    return True
