"""OpenSSF model signatures: a Sigstore bundle around an in-toto Statement that names every file with its digest."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from proofs import dsse
from proofs.keys import BadProof, pem_of
from proofs.statements import read_statement, statement

PREDICATE = "https://model_signing/signature/v1.0"
MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json"


@dataclass(frozen=True)
class Manifest:
    """All files of a commit, by path with their sha256. `name` says of what: `models/owner/name@commit`."""

    name: str
    files: Mapping[str, str]

    @property
    def digest(self) -> str:
        """The one digest of all: sha256 over the files' digests, by path."""
        return hashlib.sha256(b"".join(bytes.fromhex(self.files[path]) for path in sorted(self.files))).hexdigest()

    @property
    def subject(self) -> dict[str, Any]:
        return {"name": self.name, "digest": {"sha256": self.digest}}


def bundle(manifest: Manifest, private: ec.EllipticCurvePrivateKey) -> dict[str, Any]:
    """The signature over the manifest, in the form that `model_signing verify key` reads."""
    resources = [
        {"name": path, "algorithm": "sha256", "digest": manifest.files[path]} for path in sorted(manifest.files)
    ]
    # Links are followed: caches of clients consist of them.
    how = {"method": "files", "hash_type": "sha256", "allow_symlinks": True, "ignore_paths": []}
    payload = statement(manifest.subject, PREDICATE, {"serialization": how, "resources": resources})
    # The hint is how the official tool knows keys: sha256 of the PEM text.
    hint = hashlib.sha256(pem_of(private.public_key()).encode()).hexdigest()
    return {
        "mediaType": MEDIA_TYPE,
        "verificationMaterial": {"publicKey": {"hint": hint}, "tlogEntries": []},
        "dsseEnvelope": dsse.sign(private, payload),
    }


def read_bundle(signature: Any, public: ec.EllipticCurvePublicKey) -> Manifest:
    """What the key signed; raises `BadProof` when it didn't, or when what it signed is not about files."""
    if not isinstance(signature, dict) or not isinstance(signature.get("dsseEnvelope"), dict):
        raise BadProof("It is not a Sigstore bundle with a DSSE envelope.")
    told = read_statement(signature["dsseEnvelope"], public, PREDICATE)
    try:
        files = {each["name"]: each["digest"] for each in told["predicate"]["resources"]}
        manifest = Manifest(told["subject"][0]["name"], files)
        is_whole = len(files) == len(told["predicate"]["resources"])
        if not is_whole or told["subject"][0]["digest"]["sha256"] != manifest.digest:
            raise BadProof("Its files are not those that its one digest is over.")
    except (KeyError, TypeError, IndexError, ValueError) as error:
        raise error if isinstance(error, BadProof) else BadProof("It doesn't list files as it should.") from error
    return manifest
