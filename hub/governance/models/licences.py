"""What administrators add to the shipped table of licences, with history."""

from typing import ClassVar

from django.db import models

from hub.core import clock


class LicenceVersion(models.Model):
    """A licence that was added or corrected here. The newest version of an id holds, before the shipped row.

    `properties` has the columns of `data/licences.csv`; `text_sha256` are normalised fingerprints of its text.
    """

    licence = models.CharField(max_length=100)
    number = models.PositiveIntegerField()
    properties = models.JSONField()
    text = models.TextField(blank=True)
    text_sha256 = models.CharField(max_length=64, blank=True, db_index=True)
    by = models.CharField(max_length=96)
    at = models.DateTimeField(default=clock.now)
    reason = models.TextField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["licence", "number"], name="licence_version_once")]

    def __str__(self) -> str:
        return f"{self.licence} version {self.number}"
