"""What scanners said of the files."""

from typing import ClassVar

from django.db import models

from hub.core import clock


class Verdict(models.TextChoices):
    """From best to worst; error and unsupported never count as clean."""

    CLEAN = "clean", "Clean"
    SUSPICIOUS = "suspicious", "Suspicious"
    UNSUPPORTED = "unsupported", "Not understood"
    ERROR = "error", "Scan failed"
    MALICIOUS = "malicious", "Malicious"


class FileVerdict(models.Model):
    """What one version of the scanners said of one content under one kind of name: shared by all repositories.

    `content` is the sha256 of the bytes, or the git id of a small file. `kind` is the extension in lower case: the
    same bytes may be fine as a text and a mismatch as weights.
    """

    content = models.CharField(max_length=64)
    kind = models.CharField(max_length=32, blank=True)
    rules = models.CharField(max_length=32)
    verdict = models.CharField(max_length=11, choices=Verdict.choices)
    # [{"scanner", "version", "verdict", "reason"}]
    opinions = models.JSONField(default=list)
    # {"read": bytes, "of": bytes, "format": "safetensors", "is_pickle": bool, "is_code": bool, "members": n};
    # of malicious bytes, "also": their other id, where git-lfs keeps them or doesn't.
    coverage = models.JSONField(default=dict)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["content", "kind", "rules"], name="file_verdict_once")]

    def __str__(self) -> str:
        return f"{self.content[:12]}: {self.verdict}"


class Scan(models.Model):
    """The scan of one revision: every file of the commit has a verdict once it is done."""

    revision = models.ForeignKey("governance.Revision", on_delete=models.CASCADE, related_name="scans")
    rules = models.CharField(max_length=32)
    # The worst verdict; empty while files are still to be read.
    worst = models.CharField(max_length=11, choices=Verdict.choices, blank=True)
    # {path: [verdict, content, reason]} of what is not clean, and counts: {"files", "clean", "pickle", "code"}.
    files = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)
    started_at = models.DateTimeField(default=clock.now)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["revision", "-started_at"], name="scan_newest")]

    def __str__(self) -> str:
        return f"scan of {self.revision_id}: {self.worst or 'running'}"
