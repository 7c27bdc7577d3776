"""The append-only log. No foreign keys: it copies names as text, so history outlives what it describes."""

from typing import ClassVar

from django.db import models

from proofs import chain

GENESIS = chain.GENESIS


class AuditEvent(models.Model):
    """One thing that somebody did. `hash` covers every other field and `previous_hash`, so a changed row shows.

    Written once: triggers of the database refuse to change or delete it.
    """

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=200)
    action = models.CharField(max_length=100)
    subject = models.CharField(max_length=400)
    detail = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)
    # How the hash was made, see `proofs.chain`.
    version = models.PositiveSmallIntegerField(default=chain.FIRST, db_default=chain.FIRST)

    class Meta:
        ordering: ClassVar = ["number"]
        indexes: ClassVar = [
            models.Index(fields=["subject", "number"], name="audit_subject"),
            models.Index(fields=["at"], name="audit_at"),
            models.Index(fields=["actor", "number"], name="audit_actor"),
            models.Index(fields=["action", "number"], name="audit_action"),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.actor} {self.action} {self.subject}"

    @property
    def proof(self) -> chain.Event:
        """The event as it is hashed, exported and checked."""
        return chain.Event(
            number=self.number,
            at=self.at,
            actor=self.actor,
            action=self.action,
            subject=self.subject,
            detail=self.detail,
            previous_hash=self.previous_hash,
            hash=self.hash,
            version=self.version,
        )


class AuditHead(models.Model):
    """The single row that holds the chain's end; locked while events are appended."""

    number = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS)

    def __str__(self) -> str:
        return f"head at {self.number}"


class DailyRoot(models.Model):
    """What the hub signed at the end of a UTC day: the Merkle root over the day's events, and the chain's head.

    The days follow each other without a gap, and so do the events: `count` of them from number `first` on. Written
    once, as events are.
    """

    day = models.DateField(unique=True)
    first = models.PositiveBigIntegerField()
    count = models.PositiveIntegerField()
    root = models.CharField(max_length=64)
    head = models.CharField(max_length=64)
    envelope = models.JSONField()

    class Meta:
        ordering: ClassVar = ["day"]

    def __str__(self) -> str:
        return f"{self.day}: {self.count} events"

    @property
    def last(self) -> int:
        return self.first + self.count - 1
