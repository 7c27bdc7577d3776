"""What the hub signed."""

from typing import ClassVar

from django.db import models

from hub.catalog.models import Repo
from hub.core import clock


class ContentDigest(models.Model):
    """The sha256 of a small file that lies in git, by its git id: read once, then known for every commit."""

    oid = models.CharField(max_length=40, primary_key=True)
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.oid[:12]} is {self.sha256[:12]}"


class Signature(models.Model):
    """The hub's OpenSSF model signature over all files of a commit (weights and card): a Sigstore bundle."""

    repo = models.ForeignKey(Repo, on_delete=models.CASCADE, related_name="signatures")
    commit = models.CharField(max_length=40)
    # sha256 of the public key (DER), and the one digest of the in-toto subject.
    key_id = models.CharField(max_length=64)
    subject_sha256 = models.CharField(max_length=64)
    bundle = models.JSONField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["repo", "commit", "key_id"], name="signature_once")]

    def __str__(self) -> str:
        return f"signature of {self.repo_id}@{self.commit[:12]}"


class Statement(models.Model):
    """A signed review statement (DSSE envelope around an in-toto Statement) over the same subject digest."""

    decision = models.OneToOneField("governance.Decision", on_delete=models.CASCADE, related_name="statement")
    key_id = models.CharField(max_length=64)
    envelope = models.JSONField()
    at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"statement on decision {self.decision_id}"
