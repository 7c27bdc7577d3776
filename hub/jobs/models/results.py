"""What jobs measured, for leaderboards and reviews."""

from typing import ClassVar

from django.db import models

from hub.catalog.models import Repo
from hub.core import clock
from hub.core.fields import OrderedJSON
from hub.core.ids import new_object_id
from hub.jobs.models.jobs import Job


class EvaluationResult(models.Model):
    """One number that a job of this hub measured: of a model at a commit, on a data set at a commit.

    It never changes and is never taken away with its job; `catalog.ReportedResult` is what others only say.
    """

    public_id = models.CharField(max_length=24, unique=True, default=new_object_id, editable=False)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="measured")
    job_id_text = models.CharField(max_length=28)
    repo = models.ForeignKey(Repo, on_delete=models.CASCADE, related_name="measured")
    commit = models.CharField(max_length=40)
    # Names are copied, so that a result outlives its data set; the key is there while the data set is.
    dataset = models.ForeignKey(Repo, on_delete=models.SET_NULL, null=True, blank=True, related_name="measured_on")
    dataset_name = models.CharField(max_length=200, blank=True)
    dataset_commit = models.CharField(max_length=40, blank=True)
    dataset_config = models.CharField(max_length=200, blank=True)
    split = models.CharField(max_length=200, blank=True)
    task = models.CharField(max_length=100, blank=True)
    # Empty for a recipe's own metrics.
    suite = models.CharField(max_length=60, blank=True)
    suite_version = models.CharField(max_length=20, blank=True)
    recipe = models.CharField(max_length=60, blank=True)
    recipe_version = models.CharField(max_length=20, blank=True)
    metric = models.CharField(max_length=100)
    # None: too few to say, with the reason in `note`.
    value = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    n = models.PositiveBigIntegerField()
    slice = OrderedJSON(default=dict)
    # `axis=value` parts of the slice, sorted: what two results are compared by. Empty: all of the data.
    slice_key = models.CharField(max_length=300, blank=True)
    higher_is_better = models.BooleanField(default=True)
    unit = models.CharField(max_length=20, blank=True)
    seed = models.BigIntegerField(default=0)
    method = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=300, blank=True)
    environment = OrderedJSON(default=dict)
    # Of predictions.parquet in the job's storage: with equal ones, two results can be compared pair by pair.
    predictions_sha256 = models.CharField(max_length=64, blank=True)
    measured_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["dataset", "metric", "slice_key"], name="measured_by_dataset"),
            models.Index(fields=["repo", "commit"], name="measured_by_commit"),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.value}"
