"""Signatures: whether what was pulled is what the hub's key signed, and whether that key is the one known here."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from proofs import manifest
from proofs.keys import BadProof, key_id, read_public
from proofs.manifest import Manifest
from proofs.statements import read_statement
from sdk import _config, _hashes
from sdk._cache import RepoCache
from sdk._client import Client
from sdk._errors import AuthError, HubUnavailableError, IntegrityError, NotFoundError, TrustError
from sdk._files import write_whole
from sdk._models import FileInfo, Kind, Review, Signature
from sdk._trust import HubKey

REVIEW = "https://headstart.dev/review/v1"


def announced(client: Client) -> HubKey | None:
    """The key that the hub says it signs with; None for a hub that doesn't sign."""
    try:
        about = client.about()
    except (NotFoundError, AuthError):
        return None
    keys = about.get("keys")
    if not keys:
        return None
    try:
        pem = str(keys[0]["pem"])
        return HubKey(client.config.hub, key_id(read_public(pem)), pem)
    except (BadProof, KeyError, TypeError, IndexError) as error:
        raise TrustError(f"{client.config.hub} announces a key that is none. Tell its administrator.") from error


def known(hub: str) -> str | None:
    """The fingerprint that this machine expects of that hub; None if it never saw one."""
    pinned = _config.hub_key()
    if pinned is None:
        return known_hubs().get(hub, {}).get("id")
    if len(pinned) == 64 and all(digit in "0123456789abcdef" for digit in pinned.lower()):
        return pinned.lower()
    try:
        return key_id(read_public(Path(pinned).expanduser().read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, BadProof) as error:
        raise TrustError(
            f"HEADSTART_HUB_KEY is {pinned!r}: neither a fingerprint (64 hex digits) nor a file with a public key."
        ) from error


def believed(client: Client) -> HubKey | None:
    """The hub's key, if it is the one that this machine knows; at first sight it becomes that one."""
    found, expected = announced(client), known(client.config.hub)
    hub = client.config.hub
    if found is None and expected is not None:
        raise TrustError(
            f"{hub} signed with the key {expected[:16]} before and announces none now. Ask its administrator why;"
            " to pull without its signature, use verify=False."
        )
    if found is not None and expected is not None and found.id != expected:
        raise TrustError(
            f"{hub} signs with the key {found.id}, but this machine knows it by {expected}. It may be another machine"
            f" that pretends to be this hub. Ask its administrator for the fingerprint; if it is the new one, run:"
            f" headstart trust --hub {hub} --key {found.id}"
        )
    if found is not None and expected is None:
        remember(found)
    return found


class Signed:
    """The signature over one commit, and its comparison with what lies here."""

    def __init__(self, client: Client, cache: RepoCache, name: str, kind: Kind, commit: str) -> None:
        self.client, self.cache, self.name, self.kind, self.commit = client, cache, name, kind, commit

    def check(self, listed: Iterable[FileInfo], pulled: Iterable[FileInfo], *, was_here: bool) -> Signature | None:
        """Raises unless the hub's key signed exactly the files that are listed for the commit, and those that were
        pulled are what it signed: IntegrityError naming the file, TrustError for the key or the signature.

        A signature that was kept is enough where its key is still the known one. A hub without a key signs nothing:
        then there is nothing to check, as offline where nothing was kept. Digests of large files are known from the
        pull; only small ones are read again, and those not if nothing was fetched (`was_here`) since they were.
        """
        if (kept := self._kept()) is not None:
            note, key = kept
        elif (found := self._asked(was_here)) is not None:
            note, key = found
        else:
            return None
        signed, reviews = self._read(note, key)
        good = note.get("good", {}) if was_here else {}
        seen = self._compare(signed.files, listed, pulled, good)
        self.cache.remember_signature(self.commit, {**note, "good": {**note.get("good", {}), **seen}})
        return Signature(note["key"], signed.digest, reviews)

    def check_again(self, listed: Iterable[FileInfo], held: Iterable[FileInfo]) -> Signature | None:
        """As `check`, by the kept signature alone and reading every small file; None where none was kept."""
        if (kept := self._kept()) is None:
            return None
        signed, reviews = self._read(*kept)
        self._compare(signed.files, listed, held, {})
        return Signature(kept[0]["key"], signed.digest, reviews)

    def _kept(self) -> tuple[dict[str, Any], ec.EllipticCurvePublicKey] | None:
        """The signature of an earlier pull, if it is by the key that this machine knows."""
        note, hub = self.cache.signature_of(self.commit), self.client.config.hub
        remembered = known_hubs().get(hub, {})
        if note is None or not note["key"] == known(hub) == remembered.get("id"):
            return None
        return note, read_public(remembered["pem"])

    def _asked(self, was_here: bool) -> tuple[dict[str, Any], ec.EllipticCurvePublicKey] | None:
        """The signature as the hub gives it; None where the hub signs nothing, or can't be asked of what is here."""
        if self.client.config.offline or (was_here and known(self.client.config.hub) is None):
            return None
        try:
            key = believed(self.client)
            return None if key is None else ({"key": key.id, **self._fetch()}, read_public(key.pem))
        except HubUnavailableError:
            if was_here:
                return None
            raise

    def _fetch(self) -> dict[str, Any]:
        asked = f"the signature of {self.name} at {self.commit[:12]}"
        address = f"{self.kind}s/{self.name}/signature/{self.commit}"
        try:
            found = self.client.own_json(address, asked=asked, has=("bundle", "statements"))
        except NotFoundError as error:
            raise TrustError(
                f"{self.client.config.hub} announces a key but gives no signature of {self.name} at"
                f" {self.commit[:12]} ({error}) Ask its administrator, or pull unsigned with verify=False."
            ) from error
        return {"bundle": found["bundle"], "statements": found["statements"]}

    def _read(self, note: Mapping[str, Any], key: ec.EllipticCurvePublicKey) -> tuple[Manifest, tuple[Review, ...]]:
        """What was signed, if it was by this key, of this commit, and all statements are about the same files."""
        try:
            signed = manifest.read_bundle(note["bundle"], key)
            if not signed.name.endswith(f"@{self.commit}"):
                raise BadProof(f"It is of {signed.name[:120]!r}.")
            reviews = tuple(_review(envelope, key, signed) for envelope in note["statements"])
        except BadProof as error:
            raise TrustError(
                f"The signature of {self.name} at {self.commit[:12]} doesn't hold: {error} Nothing of it is trusted."
            ) from error
        return signed, reviews

    def _compare(
        self,
        signed: Mapping[str, str],
        listed: Iterable[FileInfo],
        pulled: Iterable[FileInfo],
        good: Mapping[str, str],
    ) -> dict[str, str]:
        """The sha256 of the small files that were pulled, by git id; `good` are those that are known."""
        paths = {file.path for file in listed}
        for path in sorted(paths ^ set(signed)):
            how = "is listed but not signed" if path in paths else "is signed but not listed"
            raise _differs(self.name, path, how, signed.get(path, ""), "")
        seen: dict[str, str] = {}
        for file in pulled:
            got = file.sha256 or good.get(file.oid) or self._read_again(file)
            if got != signed[file.path]:
                self.cache.drop(file, self.commit)
                raise _differs(self.name, file.path, "is not what the hub signed", signed[file.path], got)
            if not file.sha256:
                seen[file.oid] = got
        return seen

    def _read_again(self, file: FileInfo) -> str:
        return _hashes.hash_file(self.cache.blob(file), _hashes.sha256_hasher())


def _review(envelope: Any, key: ec.EllipticCurvePublicKey, signed: Manifest) -> Review:
    """What a statement says, if the key signed it and it is on these files."""
    told = read_statement(envelope, key, REVIEW)
    try:
        if told["subject"][0]["digest"]["sha256"] != signed.digest:
            raise BadProof("A review statement is of other files.")
        said = told["predicate"]
        domain, state, by, at, reason = (str(said[name]) for name in ("domain", "state", "by", "at", "reason"))
        return Review(domain, state, by, at, reason, tuple(map(str, said["conditions"])))
    except (KeyError, TypeError, IndexError) as error:
        raise BadProof("A review statement doesn't say what it should.") from error


def _differs(name: str, path: str, how: str, expected: str, got: str) -> IntegrityError:
    message = f"{path} of {name} {how}. Don't use it: somebody changed it on the hub or on its way."
    return IntegrityError(message, file=path, expected=expected, got=got)


def known_hubs() -> dict[str, dict[str, str]]:
    path = _config.known_hubs_path()
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise TrustError(f"{path} can't be read ({error}). Mend or delete it, then run headstart trust.") from error
    return dict(found)


def remember(key: HubKey) -> None:
    hubs = {**known_hubs(), key.hub: {"id": key.id, "pem": key.pem}}
    write_whole(_config.known_hubs_path(), json.dumps(hubs, indent=1, sort_keys=True), mode=0o600)
