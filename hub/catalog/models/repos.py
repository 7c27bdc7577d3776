"""Repositories and their history: git objects that never change, and refs that do."""

from typing import ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q

from hub.accounts.models import Namespace, Role, User, validate_name
from hub.accounts.viewer import Viewer
from hub.core import clock
from hub.core.ids import new_object_id
from hub.core.text import storable
from hub.storage.models import Scope

MAIN = "refs/heads/main"


class RepoKind(models.TextChoices):
    MODEL = "model", "Model"
    DATASET = "dataset", "Data set"


class ReviewState(models.TextChoices):
    """Where the review of main's head stands."""

    UNREVIEWED = "unreviewed", "Not reviewed"
    IN_REVIEW = "in-review", "In review"
    APPROVED = "approved", "Approved"
    CONDITIONAL = "conditional", "Approved with conditions"
    REJECTED = "rejected", "Rejected"
    SUSPENDED = "suspended", "Suspended"
    EXPIRED = "expired", "Approval expired"
    REVOKED = "revoked", "Revoked"
    QUARANTINED = "quarantined", "Quarantined"


class Severity(models.TextChoices):
    NONE = "", "No open finding"
    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"
    CRITICAL = "critical", "Critical"


def key_of(owner: str, name: str) -> str:
    """What `Repo.key` is for these names. No text breaks the database: what can't be stored is never found."""
    return storable(f"{owner}/{name}".lower())


class RepoQuerySet(models.QuerySet["Repo"]):
    def visible_to(self, viewer: Viewer) -> "RepoQuerySet":
        """What this viewer may see: public repositories, and private ones of the names they belong to.

        A token for single repositories opens of the private ones only those, and never more than its user has.
        """
        if viewer.is_admin:
            return self
        return self.filter(Q(visibility=Repo.Visibility.PUBLIC) | _opened_by(viewer))

    def pullable_by(self, viewer: Viewer) -> "RepoQuerySet":
        """Those of the visible ones whose files the viewer may read: not disabled, and not gated for them."""
        found = self.visible_to(viewer).filter(is_disabled=False)
        if viewer.is_admin:
            return found
        return found.filter(Q(gate=Repo.Gate.NONE) | _opened_by(viewer) | _admits(viewer))

    def named(self, kind: str, owner: str, name: str) -> "RepoQuerySet":
        """The repository of that name, in any case."""
        return self.filter(kind=kind, key=key_of(owner, name))


def _opened_by(viewer: Viewer) -> Q:
    """Where the viewer has a role, as `Repo.role_of` says it."""
    opened = Q(owner_id__in=list(viewer.roles))
    return opened if viewer.only_repositories is None else opened & Q(public_id__in=viewer.only_repositories)


def _admits(viewer: Viewer) -> Q:
    """Where the viewer was let through the gate."""
    from hub.catalog.models.readers import Reader  # it points to Repo

    return Q(Exists(Reader.objects.admitting(viewer).filter(repo=OuterRef("pk"))))


class Repo(models.Model):
    """A model or a data set: a name, an owner, and a history."""

    class Visibility(models.TextChoices):
        PUBLIC = "public", "Public: everyone who reaches this hub can see and pull it"
        PRIVATE = "private", "Private: only its owner, or the members of the organisation that owns it"

    class Gate(models.TextChoices):
        NONE = "", "Not gated"
        AUTO = "auto", "Gated, access given on request"
        MANUAL = "manual", "Gated, access given by hand"

    public_id = models.CharField(max_length=24, unique=True, default=new_object_id, editable=False)
    kind = models.CharField(max_length=7, choices=RepoKind.choices)
    owner = models.ForeignKey(Namespace, on_delete=models.PROTECT, related_name="repos")
    name = models.CharField(max_length=96, validators=[validate_name])
    # "owner/name" in lower case: names are found in any case, and one key serves every lookup.
    key = models.CharField(max_length=193)
    visibility = models.CharField(max_length=7, choices=Visibility.choices, default=Visibility.PUBLIC)
    gate = models.CharField(max_length=6, choices=Gate.choices, default=Gate.NONE, blank=True)
    is_disabled = models.BooleanField(default=False)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    updated_at = models.DateTimeField(default=clock.now)
    downloads = models.PositiveBigIntegerField(default=0)
    likes = models.PositiveBigIntegerField(default=0)
    # How much it is pulled and liked these days; see `catalog.services.trends`.
    trending = models.FloatField(default=0)
    # Written here by those who review, so that lists and pulls needn't ask them.
    review_state = models.CharField(max_length=24, choices=ReviewState.choices, default=ReviewState.UNREVIEWED)
    # The worst open bias finding.
    bias_severity = models.CharField(max_length=8, choices=Severity.choices, default=Severity.NONE, blank=True)
    # What it was made as a copy of: the name that it had, and the commit.
    copied_from = models.CharField(max_length=193, blank=True)
    copied_commit = models.CharField(max_length=40, blank=True)
    scope = models.OneToOneField(Scope, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar = RepoQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key"], name="repo_name_unique"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["kind", "-updated_at"], name="repo_by_update"),
            models.Index(fields=["kind", "-downloads"], name="repo_by_downloads"),
            models.Index(fields=["kind", "-created_at"], name="repo_by_creation"),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        """`owner/name`, as its owner spells it (needs `owner` selected)."""
        return f"{self.owner.name}/{self.name}"

    @property
    def is_private(self) -> bool:
        return self.visibility == self.Visibility.PRIVATE

    def role_of(self, viewer: Viewer) -> Role | None:
        """What the viewer may do here, narrowed by their token's list of repositories; None for a stranger."""
        if viewer.only_repositories is not None and self.public_id not in viewer.only_repositories:
            return None
        role = viewer.role_in(self.owner_id)
        if role == Role.CONTRIBUTE and viewer.user and self.created_by_id == viewer.user.pk:
            return Role.WRITE
        return role


def seen_by(viewer: Viewer, field: str = "repo") -> Q:
    """Rows whose `field` names a repository that the viewer may see: asked row by row, as all that they may see can be
    a million."""
    return Q(Exists(Repo.objects.visible_to(viewer).filter(pk=OuterRef(field))))


class RepoRedirect(models.Model):
    """A name that a repository had. The name stays taken until somebody makes a new repository under it."""

    kind = models.CharField(max_length=7, choices=RepoKind.choices)
    key = models.CharField(max_length=193)
    repo = models.ForeignKey(Repo, on_delete=models.CASCADE, related_name="redirects")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "key"], name="redirect_once")]

    def __str__(self) -> str:
        return self.key


class GitObject(models.Model):
    """A git object by the id that git computes. Shared by all repositories, so never found by id alone:
    start from a Ref or a Commit of a repository that the viewer may see.

    `data` is the object's content without git's header. A regular file over `git.INLINE_LIMIT` keeps its bytes in
    storage instead, by `sha256`. For trees, `detail` adds what listings need of each file, {name: [size, lfs sha256 or
    null, sha256 in storage or null]}; for a weights file what its header says (`catalog.weights.Detail`).
    """

    class Kind(models.TextChoices):
        COMMIT = "commit", "Commit"
        TREE = "tree", "Tree"
        BLOB = "blob", "Blob"

    oid = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=6, choices=Kind.choices)
    size = models.PositiveBigIntegerField()
    data = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    detail = models.JSONField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(oid__regex=r"^[0-9a-f]{40}$"), name="git_oid_well_formed"),
            models.CheckConstraint(condition=Q(data__isnull=False) | ~Q(sha256=""), name="git_bytes_somewhere"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.oid}"


class Commit(models.Model):
    """A commit of one repository. What it says is in the git object; this row makes it findable there."""

    repo = models.ForeignKey(Repo, on_delete=models.CASCADE, related_name="commits")
    oid = models.CharField(max_length=40)
    tree = models.CharField(max_length=40)
    parent = models.CharField(max_length=40, blank=True)
    # The head in whose place it begins the history anew; git doesn't know of that.
    squashed = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=1000)
    message = models.TextField(blank=True)
    author_name = models.CharField(max_length=96)
    committed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["repo", "oid"], name="commit_once")]

    def __str__(self) -> str:
        return f"{self.oid[:7]} {self.title}"


class Ref(models.Model):
    """The only thing in a history that moves. Change `target` with a compare-and-set update, never by save()."""

    repo = models.ForeignKey(Repo, on_delete=models.CASCADE, related_name="refs")
    name = models.CharField(max_length=255)
    target = models.CharField(max_length=40)
    message = models.TextField(blank=True)
    updated_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["repo", "name"], name="ref_once")]

    def __str__(self) -> str:
        return self.name
