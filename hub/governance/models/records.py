"""What is stated of a revision: numbered versions that never change, carried on by later revisions until replaced."""

from typing import ClassVar

from django.db import models

from hub.catalog.models import Repo
from hub.core import clock


class Record(models.Model):
    """A version of one record of a repository. `sha256` is over the canonical JSON (RFC 8785) of `body`.

    Each `Revision` names the versions that hold for it; a change makes a new version, never an edit.
    """

    class Kind(models.TextChoices):
        LICENCE = "licence", "Licence"
        DATA = "data", "Training data"
        USE = "use", "Intended use"

    repo = models.ForeignKey(Repo, on_delete=models.CASCADE, related_name="records")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    number = models.PositiveIntegerField()
    body = models.JSONField()
    sha256 = models.CharField(max_length=64)
    # User name of who stated it; `system` for what was read from the files.
    by = models.CharField(max_length=96)
    at = models.DateTimeField(default=clock.now)
    # Where it was taken from: form, card, croissant, json, system.
    source = models.CharField(max_length=16)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["repo", "kind", "number"], name="record_once")]

    def __str__(self) -> str:
        return f"{self.kind} record {self.number} of {self.repo_id}"


class DataUse(models.Model):
    """The reverse index: this repository's current data record names that data set, by its key on this hub or by the
    name of one elsewhere."""

    repo = models.ForeignKey(Repo, on_delete=models.CASCADE, related_name="data_uses")
    key = models.CharField(max_length=200)
    stage = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["repo", "key", "stage"], name="data_use_once")]
        indexes: ClassVar = [models.Index(fields=["key"], name="data_use_by_key")]

    def __str__(self) -> str:
        return f"{self.repo_id} uses {self.key}"
