"""In-toto Statements: what a signature says of a subject."""

import json
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from proofs import dsse
from proofs.canonical import canonical
from proofs.dsse import BadProof

STATEMENT = "https://in-toto.io/Statement/v1"


def statement(subject: Mapping[str, Any], predicate_type: str, predicate: Mapping[str, Any]) -> bytes:
    """An in-toto Statement v1, in canonical form."""
    told = {"_type": STATEMENT, "subject": [subject], "predicateType": predicate_type, "predicate": predicate}
    return canonical(told)


def read_statement(envelope: Any, public: ec.EllipticCurvePublicKey, predicate_type: str) -> dict[str, Any]:
    """An in-toto Statement of that sort which the key signed; raises `BadProof` otherwise."""
    try:
        told = json.loads(dsse.opened(envelope, public))
    except UnicodeDecodeError as error:
        raise BadProof("It is not JSON.") from error
    if not isinstance(told, dict) or (told.get("_type"), told.get("predicateType")) != (STATEMENT, predicate_type):
        raise BadProof(f"It is not a statement of {predicate_type}.")
    return told
