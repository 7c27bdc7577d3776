"""Who may decide on what."""

from typing import ClassVar

from django.db import models

from hub.accounts.models import User
from hub.core import clock


class Domain(models.TextChoices):
    """What is reviewed of a revision, each by itself."""

    SECURITY = "security", "Security"
    LICENCE = "licence", "Licence"
    DATA = "data", "Data"
    BIAS = "bias", "Bias"
    USE = "use", "Intended use"


class Reviewer(models.Model):
    """A person whom an administrator made a reviewer of one domain."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="review_domains")
    domain = models.CharField(max_length=8, choices=Domain.choices)
    granted_by = models.CharField(max_length=96)
    granted_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "domain"], name="reviewer_once")]

    def __str__(self) -> str:
        return f"{self.user_id} reviews {self.domain}"
