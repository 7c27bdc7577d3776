"""Who asked for a gated repository, and which licence texts were accepted."""

from typing import ClassVar

from django.db import models

from hub.accounts.models import Organisation, User
from hub.catalog.models import Repo
from hub.core import clock
from hub.core.ids import new_object_id


class AccessRequest(models.Model):
    """One person's access to a gated repository, asked for or granted. A new try is a new row; the newest holds."""

    class Status(models.TextChoices):
        PENDING = "pending", "Waiting"
        ACCEPTED = "accepted", "Accepted"
        REJECTED = "rejected", "Rejected"

    public_id = models.CharField(max_length=24, unique=True, default=new_object_id, editable=False)
    repo = models.ForeignKey(Repo, on_delete=models.CASCADE, related_name="access_requests")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="access_requests")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.PENDING)
    # Answers to the gate's questions; empty for what an owner granted unasked.
    fields = models.JSONField(default=dict)
    is_granted = models.BooleanField(default=False)
    asked_at = models.DateTimeField(default=clock.now)
    decided_by = models.CharField(max_length=96, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    # A newer try of the same person took its place.
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["repo", "user"], condition=models.Q(replaced_at__isnull=True), name="access_current_once"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["repo", "status"], name="access_by_status")]

    def __str__(self) -> str:
        return f"{self.user_id} and {self.repo_id}: {self.status}"


class Acceptance(models.Model):
    """Somebody accepted a licence text, by its hash, for themselves or for an organisation. Ends, never changes."""

    licence = models.CharField(max_length=100)
    # sha256 of the text's bytes as it was shown; the text is in the repository's file, or in the table of licences.
    text_sha256 = models.CharField(max_length=64)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="acceptances")
    # None: for the person alone.
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="acceptances"
    )
    # Number of the agreement (data use agreement, IRB …), where there is one.
    reference = models.CharField(max_length=200, blank=True)
    accepted_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=96, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["text_sha256"], name="acceptance_by_text")]

    def __str__(self) -> str:
        return f"{self.licence} accepted by {self.user_id}"
