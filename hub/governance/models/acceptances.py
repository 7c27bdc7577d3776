"""Which licence texts were accepted."""

from typing import ClassVar

from django.db import models

from hub.accounts.models import Organisation, User
from hub.core import clock
from hub.core.ids import new_object_id


class Acceptance(models.Model):
    """Somebody accepted a licence text, by its hash, for themselves or for an organisation. Ends, never changes."""

    public_id = models.CharField(max_length=24, unique=True, default=new_object_id, editable=False)
    licence = models.CharField(max_length=100)
    # sha256 of the text's bytes as it was shown; the text is in the repository's file, or in the table of licences.
    text_sha256 = models.CharField(max_length=64)
    # Where it was shown: owner/name, datasets/owner/name; empty: elsewhere.
    shown_at = models.CharField(max_length=202, blank=True)
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
