"""Who was let through a gate."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from hub.accounts.models import Namespace
from hub.accounts.viewer import Viewer
from hub.catalog.models.repos import Repo
from hub.core import clock


class ReaderQuerySet(models.QuerySet["Reader"]):
    def admitting(self, viewer: Viewer) -> "ReaderQuerySet":
        """Those that let this viewer in now: by their own name, or by that of an organisation they belong to. A token
        for single repositories passes the gates of those alone."""
        found = self.filter(Q(expires_at=None) | Q(expires_at__gt=clock.now()), reader__in=list(viewer.roles))
        limit = viewer.only_repositories
        return found if limit is None else found.filter(repo__public_id__in=limit)


class Reader(models.Model):
    """A person, or an organisation with all its members, who may read the files of a gated repository.

    Written down here by those who decide on requests, so that a pull needn't ask them. Opens no private repository.
    """

    repo = models.ForeignKey(Repo, on_delete=models.CASCADE, related_name="readers")
    reader = models.ForeignKey(Namespace, on_delete=models.CASCADE, related_name="+")
    expires_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar = ReaderQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["repo", "reader"], name="reader_once")]

    def __str__(self) -> str:
        return f"{self.reader_id} may read {self.repo_id}"
