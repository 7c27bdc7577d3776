"""Revisions under review, with the records that a review asks for."""

from typing import Any

from hub.accounts.models import AccessToken, User
from hub.accounts.services import SYSTEM
from hub.accounts.viewer import Viewer
from hub.catalog import services as catalog
from hub.catalog.models import Repo
from hub.catalog.operations import AddInline, DeleteFile, Operation
from hub.catalog.selectors import revision_of
from hub.core import clock
from hub.governance.canonical import digest
from hub.governance.models import Domain, DomainReview, Record, Revision, Scan
from hub.governance.selectors import reviews as selectors
from hub.governance.services import examination, people, reviews
from hub.governance.services.reviews.finishing import rebind
from hub.governance.states import CLOSED
from tests.factories.accounts import make_user
from tests.factories.catalog import make_repo

CARD = b"---\nlicense: mit\n---\n# A model\n"
USE = {"tier": None, "intended": ["triage"], "out_of_scope": ["diagnosis"], "do_not_use_for": []}


def make_reviewer(*domains: str, name: str = "") -> User:
    """A person who reviews these domains; without any, all."""
    user = make_user(name)
    for domain in domains or Domain.values:
        people.grant_reviewer(by=SYSTEM, user=user, domain=domain)
    return user


def make_record(repo: Repo, kind: str, body: dict[str, Any], *, by: str = "system") -> Record:
    """The next version of a record."""
    number = Record.objects.filter(repo=repo, kind=kind).count() + 1
    return Record.objects.create(
        repo=repo, kind=kind, number=number, body=body, sha256=digest(body), by=by, source="form"
    )


def scanned(revision: Revision, worst: str = "clean", **summary: object) -> Scan:
    """A scan of it that is done."""
    return Scan.objects.create(revision=revision, rules="1", worst=worst, summary=summary, finished_at=clock.now())


def push_files(repo: Repo, files: dict[str, bytes], *, by: User | None = None, delete: tuple[str, ...] = ()) -> str:
    """Commit to main; the commit."""
    operations: list[Operation] = [AddInline(path=path, data=data) for path, data in files.items()]
    operations += [DeleteFile(path=path) for path in delete]
    viewer = Viewer(user=by or repo.created_by)
    return catalog.commit(by=viewer, repo=repo, revision="main", operations=operations, title="Change").oid


def examined(repo: Repo, *, by: str = "", worst: str = "clean", records: bool = True, **summary: object) -> Revision:
    """The revision of main's head, with records (those before it, or new ones) and a scan, settled."""
    commit = revision_of(repo, "main").commit
    uploader = by or (repo.created_by.username if repo.created_by else "")
    made = examination.made(repo_id=repo.pk, commit=commit, by=uploader)
    assert made is not None
    if records:
        _take_records(made)
    scanned(made, worst, **summary)
    examination.examine(made.pk)
    return selectors.fresh(made.pk)


def make_revision(owner: User | None = None, *, tier: int = 1, files: dict[str, bytes] | None = None) -> Revision:
    """A new model in intake, with all that a submission takes."""
    repo = make_repo(owner=owner or make_user(), files=files or {"README.md": CARD, "pytorch_model.bin": b"weights"})
    revision = examined(repo)
    Revision.objects.filter(pk=revision.pk).update(tier=tier)
    revision = selectors.fresh(revision.pk)
    rebind(revision)
    return selectors.fresh(revision.pk)


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


def make_profile(name: str = "production", *, environment: str = "production", **fields: Any) -> Any:
    """A profile of the whole hub."""
    from hub.governance.models import PolicyChange, Profile

    profile = Profile.objects.create(name=name, environment=environment, created_by="root", **fields)
    PolicyChange.objects.create(kind=PolicyChange.Kind.PROFILE, subject=name)
    return profile


def speaking_for(user: User, profile: Any, scope: str = "read") -> Viewer:
    """The user through a token of that profile."""
    from hub.accounts import services
    from hub.governance.models import TokenProfile

    token, _ = services.issue_token(
        by=services.SYSTEM, user=user, label=f"for {profile}", scope=AccessToken.Scope(scope)
    )
    TokenProfile.objects.create(token=token, profile=profile)
    return Viewer(user=user, token=token)


def head_of(repo: Any) -> Any:
    """Where main stands."""
    from hub.catalog.selectors import revision_of

    return revision_of(repo, "main")


def pinned(repo: Any) -> Any:
    """The same commit, asked for by its id."""
    from hub.catalog.selectors import revision_of

    return revision_of(repo, head_of(repo).commit)


def head_revision(repo: Any, **fields: Any) -> Any:
    """The governance record of main's head; `fields` are set as they are (state="approved", …)."""
    from hub.governance.models import Revision
    from hub.governance.services import examination

    revision = examination.made(repo_id=repo.pk, commit=head_of(repo).commit, by="somebody")
    assert revision is not None
    fields.setdefault("examined_at", clock.now())
    Revision.objects.filter(pk=revision.pk).update(**fields)
    revision.refresh_from_db()
    return revision


def _take_records(revision: Revision) -> None:
    repo = revision.repo
    before = selectors.earlier(revision)
    if before:
        records = (before[0].licence_record, before[0].data_record, before[0].use_record)
    else:
        records = (
            make_record(repo, "licence", {"declared": "mit"}),
            make_record(repo, "data", {"training_data": []}),
            make_record(repo, "use", USE),
        )
    names = dict(zip(("licence_record", "data_record", "use_record"), records, strict=True))
    Revision.objects.filter(pk=revision.pk).update(**names)
