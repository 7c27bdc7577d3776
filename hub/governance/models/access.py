"""Who asked for a gated repository, and which licence texts were accepted."""

from typing import ClassVar

from django.db import models

from hub.accounts.models import Namespace, User
from hub.catalog.models import Repo
from hub.core import clock
from hub.core.fields import OrderedJSON
from hub.core.ids import new_object_id


class AccessRequest(models.Model):
    """Access to a gated repository, asked for or granted: for a person, or for an organisation with all its members.

    A new try is a new row; of those for one reader, the one without `replaced_at` holds.
    """

    class Status(models.TextChoices):
        PENDING = "pending", "Waiting"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"

    public_id = models.CharField(max_length=24, unique=True, default=new_object_id, editable=False)
    repo = models.ForeignKey(Repo, on_delete=models.CASCADE, related_name="access_requests")
    # Whose name it is for.
    reader = models.ForeignKey(Namespace, on_delete=models.CASCADE, related_name="access_requests")
    # None: an owner granted it unasked.
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="access_requests")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.PENDING)
    # Answers to the gate's questions, and what else the asker says.
    fields = OrderedJSON(default=dict)
    message = models.TextField(blank=True)
    is_granted = models.BooleanField(default=False)
    asked_at = models.DateTimeField(default=clock.now)
    decided_by = models.CharField(max_length=96, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    # Why it was rejected, or ended.
    reason = models.TextField(blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    # It ended: withdrawn, expired, or followed by a newer try.
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["repo", "reader"], condition=models.Q(replaced_at__isnull=True), name="access_current_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["repo", "status"], name="access_by_status"),
            models.Index(fields=["expires_at"], name="access_by_end"),
        ]

    def __str__(self) -> str:
        return f"{self.reader_id} and {self.repo_id}: {self.status}"


class AccessPeriod(models.Model):
    """For how many days access to a repository is given, where nobody says otherwise. No row: without an end."""

    repo = models.OneToOneField(Repo, on_delete=models.CASCADE, primary_key=True, related_name="access_period")
    days = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.days} days for {self.repo_id}"
