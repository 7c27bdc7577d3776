"""Bias findings: a claim, its evidence, and where it stands."""

from typing import ClassVar

from django.db import models

from hub.catalog.models import Repo, Severity
from hub.core import clock


class Finding(models.Model):
    """One bias finding of a repository, stable across its revisions. What it says is in its versions; the columns
    repeat the newest one, for filters. Models made from the repository inherit it until a measurement refutes it.
    """

    class Kind(models.TextChoices):
        MEASURED = "measured", "Measured"
        REPORTED = "reported", "Reported"
        LITERATURE = "literature", "From the literature"
        SUSPECTED = "suspected", "Suspected"

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        TRIAGED = "triaged", "Triaged"
        MITIGATED = "mitigated", "Mitigated"
        ACCEPTED = "accepted", "Accepted risk"
        REFUTED = "refuted", "Refuted"
        DUPLICATE = "duplicate", "Duplicate"

    repo = models.ForeignKey(Repo, on_delete=models.CASCADE, related_name="findings")
    # Shown as BN-0042.
    number = models.PositiveIntegerField()
    # The commit that it was found at; it holds from there on.
    commit = models.CharField(max_length=40, blank=True)
    title = models.CharField(max_length=300)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    severity = models.CharField(max_length=8, choices=[("info", "Info"), *Severity.choices[1:]])
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.OPEN)
    # For a measurement on a derived model that refutes an inherited finding: that finding.
    refutes = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="refuted_by")
    owner = models.CharField(max_length=96, blank=True)
    review_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["repo", "number"], name="finding_once")]
        indexes: ClassVar = [models.Index(fields=["repo", "status", "severity"], name="finding_open")]

    def __str__(self) -> str:
        return f"BN-{self.number:04}: {self.title}"


class FindingVersion(models.Model):
    """What a finding says, as of one change: the whole note as JSON (schema in `governance.records.finding`)."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    body = models.JSONField()
    sha256 = models.CharField(max_length=64)
    by = models.CharField(max_length=96)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["finding", "number"], name="finding_version_once")]

    def __str__(self) -> str:
        return f"version {self.number} of finding {self.finding_id}"


class SeverityThresholds(models.Model):
    """From which measured difference on a finding is how grave: numbered versions, the newest one holds. Without any,
    the defaults of `governance.records.severity` do."""

    number = models.PositiveIntegerField(unique=True)
    body = models.JSONField()
    by = models.CharField(max_length=96)
    at = models.DateTimeField(default=clock.now)
    reason = models.TextField(blank=True)

    class Meta:
        verbose_name_plural = "severity thresholds"

    def __str__(self) -> str:
        return f"severity thresholds {self.number}"
