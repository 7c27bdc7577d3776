"""Suites of measurements that jobs of this hub ran: what a use of some tier asks for."""

from typing import ClassVar

from django.db import models

from hub.catalog.models import Repo
from hub.core import clock


class SuiteRun(models.Model):
    """A job ran a suite on a commit of a model, whatever it found. Names are copied, so that it outlives job and data.

    `files_sha256` is over the files that a measurement rests on: the run counts for each commit that has the same.
    """

    repo = models.ForeignKey(Repo, on_delete=models.CASCADE, related_name="suite_runs")
    commit = models.CharField(max_length=40)
    files_sha256 = models.CharField(max_length=64)
    suite = models.CharField(max_length=60)
    version = models.CharField(max_length=20, blank=True)
    job = models.CharField(max_length=28)
    dataset = models.CharField(max_length=200, blank=True)
    dataset_commit = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["repo", "job", "suite"], name="suite_run_once")]

    def __str__(self) -> str:
        return f"{self.suite} of {self.repo_id}@{self.commit[:12]} by {self.job}"
