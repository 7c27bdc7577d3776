"""DSSE: a signature over bytes and what they are. ECDSA on P-256 with SHA-256, as OpenSSF Model Signing uses it."""

import base64
import binascii
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from proofs.keys import BadProof, key_id

IN_TOTO = "application/vnd.in-toto+json"
_ECDSA = ec.ECDSA(hashes.SHA256())


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


def _holds(public: ec.EllipticCurvePublicKey, signature: bytes, data: bytes) -> bool:
    try:
        public.verify(signature, data, _ECDSA)
    except InvalidSignature:
        return False
    return True
