"""The append-only log. No foreign keys: it copies names as text, so history outlives what it describes."""

from typing import ClassVar

from django.db import models

GENESIS = "0" * 64


class AuditEvent(models.Model):
    """One thing that somebody did. `hash` covers every other field and `previous_hash`, so a changed row shows."""

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    action = models.CharField(max_length=100)
    subject = models.CharField(max_length=400)
    detail = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering: ClassVar = ["number"]
        indexes: ClassVar = [models.Index(fields=["subject", "number"], name="audit_subject")]

    def __str__(self) -> str:
        return f"{self.number}: {self.actor} {self.action} {self.subject}"


class AuditHead(models.Model):
    """The single row that holds the chain's end; locked while an event is appended."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS)

    def __str__(self) -> str:
        return f"head at {self.number}"
