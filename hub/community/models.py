"""What people do with the catalog: like, collect, watch, and what they are told about it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from hub.accounts.models import Namespace, User
from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo, seen_by
from hub.core import clock
from hub.core.ids import new_object_id


class Like(models.Model):
    """A person likes a repository. How many do stands in `Repo.likes` too."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="likes")
    repo = models.ForeignKey(Repo, on_delete=models.CASCADE, related_name="liked_by")
    liked_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "repo"], name="like_once")]
        indexes: ClassVar = [models.Index(fields=["repo", "-liked_at"], name="like_by_repo")]

    def __str__(self) -> str:
        return f"{self.user_id} likes {self.repo_id}"


class CollectionQuerySet(models.QuerySet["Collection"]):
    def visible_to(self, viewer: Viewer) -> "CollectionQuerySet":
        """Public ones, and those of the names that the viewer belongs to; a token for single repositories opens no
        private one."""
        if viewer.is_admin:
            return self
        public = Q(visibility=Collection.Visibility.PUBLIC)
        if viewer.only_repositories is not None:
            return self.filter(public)
        return self.filter(public | Q(owner_id__in=list(viewer.roles)))


class Collection(models.Model):
    """Repositories that somebody put together, in an order, each with a note."""

    class Visibility(models.TextChoices):
        PUBLIC = "public", "Public: everyone sees it, and in it what they may see anyway"
        PRIVATE = "private", "Private: only its owner, or the members of the organisation that owns it"

    public_id = models.CharField(max_length=24, unique=True, default=new_object_id, editable=False)
    owner = models.ForeignKey(Namespace, on_delete=models.PROTECT, related_name="collections")
    title = models.CharField(max_length=100)
    # The title as it stands in an address, where the public id follows it.
    slug = models.CharField(max_length=100)
    description = models.TextField(blank=True)
    visibility = models.CharField(max_length=7, choices=Visibility.choices, default=Visibility.PUBLIC)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(default=clock.now)
    # When something changed that everyone who sees the collection may see.
    updated_at = models.DateTimeField(default=clock.now)

    objects: ClassVar = CollectionQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("owner", Lower("title"), name="collection_title_once")]
        indexes: ClassVar = [models.Index(fields=["-updated_at"], name="collection_by_update")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_private(self) -> bool:
        return self.visibility == self.Visibility.PRIVATE

    @property
    def address(self) -> str:
        """`title-in-short-<id>`: the last 24 digits find it, whatever it is called meanwhile."""
        return f"{self.slug}-{self.public_id}" if self.slug else self.public_id


class CollectionItem(models.Model):
    public_id = models.CharField(max_length=24, unique=True, default=new_object_id, editable=False)
    collection = models.ForeignKey(Collection, on_delete=models.CASCADE, related_name="items")
    repo = models.ForeignKey(Repo, on_delete=models.CASCADE, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["collection", "repo"], name="collection_item_once")]
        indexes: ClassVar = [models.Index(fields=["collection", "position"], name="collection_in_order")]

    def __str__(self) -> str:
        return f"{self.repo_id} in {self.collection_id}"


class Watch(models.Model):
    """Somebody wants to know what happens to a repository, or to all that an owner has: one of the two is set."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="watches")
    repo = models.ForeignKey(Repo, on_delete=models.CASCADE, null=True, blank=True, related_name="watched_by")
    owner = models.ForeignKey(Namespace, on_delete=models.CASCADE, null=True, blank=True, related_name="watched_by")
    since = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "repo"], name="watch_repo_once"),
            models.UniqueConstraint(fields=["user", "owner"], name="watch_owner_once"),
            models.CheckConstraint(
                condition=Q(repo__isnull=True, owner__isnull=False) | Q(repo__isnull=False, owner__isnull=True),
                name="watch_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} watches {self.repo_id or self.owner_id}"


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, viewer: Viewer) -> "NotificationQuerySet":
        """The viewer's own, about repositories that they may see now: what turned private tells nothing any more."""
        about = self.filter(seen_by(viewer), user=viewer.user)
        return about.filter(Q(base__isnull=True) | seen_by(viewer, "base"))


class Notification(models.Model):
    """Something happened to a repository, told to one person. Alike ones add up in `count` until they are read."""

    class Kind(models.TextChoices):
        COMMIT = "commit", "New commits on main"
        TAG = "tag", "A new version tag"
        CREATED = "created", "A new repository of somebody watched"
        VISIBILITY = "visibility", "Visibility changed"
        MOVED = "moved", "A new name"
        LIKED = "liked", "Somebody likes one's own repository"
        MADE_FROM = "made-from", "Somebody made something from one's own repository"
        FREER = "freer", "Something made from one's own repository has a licence that it may not have"
        ASSIGNED = "assigned", "A review was assigned to one"
        DECIDED = "decided", "A review came to a decision"
        SUSPENDED = "suspended", "An approval was suspended or revoked"
        EXPIRING = "expiring", "An approval ends soon, or has ended"
        ASKED = "asked", "Somebody asks for access to one's own repository"
        ACCESS = "access", "What became of a request for access"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    repo = models.ForeignKey(Repo, on_delete=models.CASCADE, related_name="+")
    # For "made from": one's own repository, while `repo` is what was made.
    base = models.ForeignKey(Repo, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    # The tag, for "tag"; for "decided" and "suspended" the state, for "expiring" the days left or `expired`; accepted,
    # pending, rejected or expired, for "access"; the name of one's own repository, for "freer".
    word = models.CharField(max_length=255, blank=True)
    # User name of who did it last.
    by = models.CharField(max_length=96, blank=True)
    count = models.PositiveIntegerField(default=1)
    first_at = models.DateTimeField(default=clock.now)
    at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = NotificationQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "repo", "kind", "word"],
                condition=Q(read_at__isnull=True, base__isnull=True),
                name="notification_adds_up",
            ),
            models.UniqueConstraint(
                fields=["user", "repo", "base"], condition=Q(base__isnull=False), name="notification_of_base_once"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["user", "read_at", "-at"], name="notification_by_user")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.repo_id} for {self.user_id}"
