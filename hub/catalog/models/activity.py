"""What happened to repositories: the trail that the search index follows, and their use."""

from typing import ClassVar

from django.db import models

from hub.catalog.models.repos import Repo


class CatalogEvent(models.Model):
    """Something about this repository changed, was made or went away. Indexers read on from the last `seq` they know.

    Appended inside the transaction of the change by `services.events.changed`, which sees to it that events become
    visible in the order of `seq`. `repo_id` is no foreign key: the event outlives what it names.
    """

    seq = models.BigAutoField(primary_key=True)
    repo_id = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.seq}: {self.repo_id}"


class PullDay(models.Model):
    """How often a repository was pulled by somebody on a day (UTC). `by` is a user name, empty for nobody known."""

    repo = models.ForeignKey(Repo, on_delete=models.CASCADE, related_name="pull_days")
    day = models.DateField()
    by = models.CharField(max_length=96, blank=True)
    count = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["repo", "day", "by"], name="pull_day_once")]
        indexes: ClassVar = [models.Index(fields=["day"], name="pull_day_by_day")]

    def __str__(self) -> str:
        return f"{self.count} pulls on {self.day}"
