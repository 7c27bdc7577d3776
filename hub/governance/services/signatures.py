"""The hub signs: all files of a commit (OpenSSF Model Signing), and each decision on it, over the same digest.

From digests that the hub has: nothing large is read. Made when first asked for, then kept.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog import trees
from hub.catalog.models import GitObject, Repo
from hub.catalog.permissions import check_read_content
from hub.catalog.selectors import Revision as At
from hub.catalog.selectors import find_repo, revision_of
from hub.core import signing
from hub.core.errors import HubError
from hub.core.transactions import write_transaction
from hub.governance.models import ContentDigest, Decision, Signature, Statement
from proofs import keys, manifest
from proofs.chain import written
from proofs.manifest import Manifest
from proofs.statements import statement

REVIEW = "https://headstart.dev/review/v1"
_BATCH = 200
MOST_FILES = 100_000


class TooManyFiles(HubError):
    """A manifest of so many files would weigh on every pull."""

    code = "too_many_files"
    status = 422


@dataclass(frozen=True)
class Signed:
    """What the hub vouches for at one commit: its files, and what was decided on it, oldest first."""

    commit: str
    key_id: str
    public_key: str
    subject_sha256: str
    bundle: dict[str, Any]
    statements: tuple[dict[str, Any], ...]


def signed(*, by: Viewer, kind: str, owner: str, name: str, revision: str) -> Signed:
    """Signature and statements of a commit, made where they are missing or of a key that is retired.

    Raises as a pull does: `RepoNotFound`, `RepoMoved`, `GatedRepo`, `RepoDisabled`, `RevisionNotFound`.
    """
    repo = find_repo(by, kind, owner, name)
    check_read_content(by, repo)
    at = revision_of(repo, revision)
    made = sign(repo, at.commit)
    decisions = Decision.objects.filter(revision__repo=repo, revision__commit=at.commit)
    for decision in decisions.exclude(statement__key_id=made.key_id).select_related("revision"):
        sign_decision(decision)
    kept = Statement.objects.filter(decision__in=decisions).order_by("decision_id")
    key = signing.public_keys()[0]
    envelopes = tuple(kept.values_list("envelope", flat=True))
    return Signed(at.commit, key.id, key.pem, made.subject_sha256, made.bundle, envelopes)


def sign(repo: Repo, commit: str) -> Signature:
    """The signature over all files of that commit by the key of now."""
    private = signing.private_key()
    key_id = keys.key_id(private.public_key())
    if kept := Signature.objects.filter(repo=repo, commit=commit, key_id=key_id).first():
        return kept
    over = manifest_of(repo, commit)
    bundle = manifest.bundle(over, private)
    with write_transaction():
        made, _ = Signature.objects.get_or_create(
            repo=repo, commit=commit, key_id=key_id, defaults={"subject_sha256": over.digest, "bundle": bundle}
        )
    return made


def manifest_of(repo: Repo, commit: str) -> Manifest:
    """All files of the commit with their sha256."""
    at: At = revision_of(repo, commit)
    files = dict(islice(trees.files(at.tree), MOST_FILES + 1))
    if len(files) > MOST_FILES:
        raise TooManyFiles(
            f"{repo.full_name} has more than {MOST_FILES:,} files, and so many are not signed. Pack them into archives"
            " or Parquet files; until then pull with verify=False."
        )
    small = _small({entry.oid for entry in files.values() if not (entry.lfs or entry.stored)})
    digests = {path: entry.lfs or entry.stored or small[entry.oid] for path, entry in files.items()}
    return Manifest(f"{repo.kind}s/{repo.full_name}@{at.commit}", digests)


def statement_of(decision: Decision) -> bytes:
    """The in-toto Statement of a decision, over the digest of the very files that were decided on."""
    revision = decision.revision
    told = {
        "repository": f"{revision.repo.kind}s/{revision.repo.full_name}",
        "commit": revision.commit,
        "domain": decision.domain or "owner",
        "state": decision.state,
        "by": decision.by,
        "at": written(decision.at),
        "reason": decision.reason,
        "conditions": decision.conditions,
        "binding": decision.binding,
        "tier": revision.tier,
        "carriedFrom": decision.carried_from_id,
    }
    return statement(manifest_of(revision.repo, revision.commit).subject, REVIEW, told)


def sign_decision(decision: Decision) -> Statement:
    """The signed statement of a decision, by the key of now."""
    kept = Statement.objects.filter(decision=decision).first()
    key_id = signing.key_id()
    if kept and kept.key_id == key_id:
        return kept
    envelope = signing.sign(statement_of(decision))
    with write_transaction():
        made, _ = Statement.objects.update_or_create(
            decision=decision, defaults={"key_id": key_id, "envelope": envelope}
        )
    return made


def _small(oids: Iterable[str]) -> dict[str, str]:
    """The sha256 of small files by git id; those not known yet are read, and then known."""
    wanted = sorted(set(oids))
    found: dict[str, str] = {}
    for start in range(0, len(wanted), _BATCH):
        part = wanted[start : start + _BATCH]
        found |= dict(ContentDigest.objects.filter(oid__in=part).values_list("oid", "sha256"))
        missing = [oid for oid in part if oid not in found]
        rows = GitObject.objects.filter(oid__in=missing, kind=GitObject.Kind.BLOB).values_list("oid", "data")
        read = {oid: hashlib.sha256(bytes(data or b"")).hexdigest() for oid, data in rows.iterator(chunk_size=20)}
        with write_transaction():
            made = [ContentDigest(oid=oid, sha256=sha256) for oid, sha256 in read.items()]
            ContentDigest.objects.bulk_create(made, ignore_conflicts=True)
        found |= read
    return found
