"""Revisions under review, examined as the hub examines them: licence, records, findings, scan, and what follows."""

import json
import struct
from typing import Any

from hub.accounts.models import User
from hub.accounts.services import SYSTEM
from hub.accounts.viewer import Viewer
from hub.catalog import services as catalog
from hub.catalog.models import Repo
from hub.catalog.operations import AddInline, DeleteFile, Operation
from hub.catalog.selectors import revision_of
from hub.governance.models import Domain, DomainReview, Record, Revision
from hub.governance.selectors import reviews as selectors
from hub.governance.services import data, examination, people, reviews, scans, uses
from hub.governance.states import CLOSED
from tests.factories.accounts import make_user
from tests.factories.catalog import make_repo
from tests.factories.scans import newer_rules, scanned_here
from tests.unit.governance.scanning.streams import protocol_0

CARD = b"---\nlicense: mit\n---\n# A model\n"
USE = {"intended": ["triage"], "out_of_scope": ["diagnosis"]}
SOURCE = {
    "external": {"name": "ward notes", "url": "https://example.org/notes", "accessed": "2026-01-05"},
    "usage": {"stage": "pretrain", "share_pct": 100},
    "kind": "licensed",
    "modality": "tabular",
    "size": {"records": 9_000},
    "consent": {"basis": "contract", "evidence": "contract 7"},
    "people": {"has_persons": False, "pii": "none"},
    "licence": {"declared": "cc0-1.0", "source_url": "https://example.org/terms"},
    "contamination": {"unknown": "no test set is published"},
}


def weights(values: bytes = b"abc") -> bytes:
    """A safetensors file of one tensor."""
    tensor = {"dtype": "U8", "shape": [len(values)], "data_offsets": [0, len(values)]}
    header = json.dumps({"layer.weight": tensor}).encode()
    return struct.pack("<Q", len(header)) + header + values


FILES = {"README.md": CARD, "model.safetensors": weights()}
# With it, a person has to look at security.
CODE = {"train.py": b"print(1)\n"}
MALWARE = {"model.pkl": protocol_0("os", "system")}


def make_reviewer(*domains: str, name: str = "") -> User:
    """A person who reviews these domains; without any, all."""
    user = make_user(name)
    for domain in domains or Domain.values:
        people.grant_reviewer(by=SYSTEM, user=user, domain=domain)
    return user


def state_data(repo: Repo, *, by: User | None = None, **changes: Any) -> Record:
    """The owner (or `by`) states of main's head what it was made from; `changes` of its one source."""
    known = {name: value for name, value in SOURCE.items() if repo.kind == "model" or name != "usage"}
    body = {"training_data": [{**known, **changes}]}
    return data.record(by=_author(repo, by), repo=repo, body=body)


def state_use(repo: Repo, *, by: User | None = None, **changes: Any) -> Record:
    """The same of what it is for."""
    return uses.record(by=_author(repo, by), repo=repo, body={**USE, **changes})


def state_rest(revision: Revision, *, by: User) -> None:
    """What only people can tell, beside what the job that made it put on record."""
    told = revision.data_record.body["training_data"][0]
    known = {name: value for name, value in SOURCE.items() if name not in ("external", "usage")}
    source = {**known, **told, "licence": {**SOURCE["licence"], **told["licence"]}}
    data.record(by=_author(revision.repo, by), repo=revision.repo, body={"training_data": [source]})
    state_use(revision.repo, by=by)


def push_files(repo: Repo, files: dict[str, bytes], *, by: User | None = None, delete: tuple[str, ...] = ()) -> str:
    """Commit to main; the commit."""
    operations: list[Operation] = [AddInline(path=path, data=data) for path, data in files.items()]
    operations += [DeleteFile(path=path) for path in delete]
    return catalog.commit(by=_author(repo, by), repo=repo, revision="main", operations=operations, title="Change").oid


def examined(repo: Repo, *, by: str = "", is_stated: bool = True) -> Revision:
    """The revision of main's head after its examination. The owner states data and use of the first one before."""
    uploader = by or (repo.created_by.username if repo.created_by else "")
    made = examination.made(repo_id=repo.pk, commit=revision_of(repo, "main").commit, by=uploader)
    assert made is not None
    if is_stated and not Record.objects.filter(repo=repo, kind=Record.Kind.DATA).exists():
        state_data(repo)
        state_use(repo)
    with scanned_here():
        examination.examine(made.pk)
    return selectors.fresh(made.pk)


def rescanned(revision: Revision, verdict: str = "", **coverage: object) -> None:
    """Scan it by newer rules that say this of each file ("": what they said before), and let the review follow."""
    with newer_rules(verdict, **coverage):
        scans.examine(revision)
    followed(revision)


def followed(revision: Revision, *, by: str = "ada", what: str = "Something changed.") -> tuple[str, ...]:
    """As the task does after evidence changed; the domains that opened."""
    return reviews.evidence_changed(revision_id=revision.pk, by=by, what=what)


def make_revision(
    owner: User | None = None, *, tier: int = 1, files: dict[str, bytes] | None = None, has_code: bool = False
) -> Revision:
    """A new model in intake, with all that a submission takes."""
    repo = make_repo(owner=owner or make_user(), files={**(files or FILES), **(CODE if has_code else {})})
    revision = examined(repo)
    return reviews.set_tier(by=Viewer(user=repo.created_by), revision=revision, tier=tier)


def submitted(owner: User | None = None, **fields: Any) -> Revision:
    """A revision in review."""
    revision = make_revision(owner, **fields)
    return reviews.submit(by=Viewer(user=revision.repo.created_by), revision=revision)


def decide(revision: Revision, by: User, *domains: str, state: str = "approved", **fields: Any) -> Revision:
    """Decide these domains, or all that are open, on what is there now; the revision afterwards."""
    rows = DomainReview.objects.filter(revision=revision).exclude(state__in=CLOSED)
    for domain in domains or list(rows.values_list("domain", flat=True)):
        revision = selectors.fresh(revision.pk)
        reviews.decide(
            by=Viewer(user=by),
            revision=revision,
            domain=domain,
            state=state,
            reason="Looked at it.",
            binding=selectors.binding_of(revision).sha256,
            **fields,
        )
    return selectors.fresh(revision.pk)


def approved(owner: User | None = None, *, reviewer: User | None = None, **fields: Any) -> Revision:
    """An approved revision of tier 1 or 2."""
    return decide(submitted(owner, **fields), reviewer or make_reviewer())


def _author(repo: Repo, by: User | None) -> Viewer:
    user = by or repo.created_by
    return Viewer(user=user) if user else SYSTEM
