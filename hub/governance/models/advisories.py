"""Words that reach whoever pulled or pulls: deprecations, warnings, recalls."""

from typing import ClassVar

from django.db import models

from hub.accounts.models import User
from hub.catalog.models import Repo
from hub.core import clock


class Advisory(models.Model):
    """Something that callers must hear of a repository, or of one commit of it, until it is lifted."""

    class Kind(models.TextChoices):
        DEPRECATED = "deprecated", "Deprecated"
        DO_NOT_USE = "do-not-use", "Do not use"
        RECALLED = "recalled", "Recalled"

    repo = models.ForeignKey(Repo, on_delete=models.CASCADE, related_name="advisories")
    # Empty: every revision.
    commit = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    reason = models.TextField()
    # `owner/name` or `owner/name@commit` of what to use instead.
    replacement = models.CharField(max_length=250, blank=True)
    # For a model derived from what was recalled: the recall that it comes from.
    cause = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="effects")
    by = models.CharField(max_length=96)
    at = models.DateTimeField(default=clock.now)
    lifted_by = models.CharField(max_length=96, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "advisories"
        indexes: ClassVar = [models.Index(fields=["repo", "lifted_at"], name="advisory_open")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.repo_id}"


class RecallNotice(models.Model):
    """A recall told to one person who pulled what is recalled, and their word that they acted on it."""

    advisory = models.ForeignKey(Advisory, on_delete=models.CASCADE, related_name="notices")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="recall_notices")
    pulls = models.PositiveIntegerField(default=1)
    last_pulled_at = models.DateTimeField()
    told_at = models.DateTimeField(default=clock.now)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["advisory", "user"], name="recall_notice_once")]

    def __str__(self) -> str:
        return f"recall {self.advisory_id} to {self.user_id}"
