"""What a job said while it ran."""

from typing import ClassVar

from django.db import models

from hub.core import clock
from hub.core.fields import OrderedJSON
from hub.jobs.models.jobs import Job


class JobEvent(models.Model):
    """Something that happened, numbered inside its job: a stable stream that anybody may replay from any number.

    `kind` and `data` as `contract.JobEvent` has them; log lines come many to an event. `attempt` is the lease token of
    the attempt that said it; 0: the hub itself.
    """

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveBigIntegerField()
    attempt = models.PositiveBigIntegerField(default=0)
    at = models.DateTimeField(default=clock.now)
    kind = models.CharField(max_length=10)
    data = OrderedJSON(default=dict)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["job", "seq"], name="job_event_once")]

    def __str__(self) -> str:
        return f"{self.job_id} #{self.seq} {self.kind}"


class Metric(models.Model):
    """A point of a curve. A resumed attempt that says a step again writes it over."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="metrics")
    name = models.CharField(max_length=100)
    split = models.CharField(max_length=20, blank=True)
    step = models.PositiveBigIntegerField()
    value = models.FloatField()
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "name", "split", "step"], name="metric_point_once")
        ]

    def __str__(self) -> str:
        return f"{self.name}@{self.step}: {self.value}"


class Checkpoint(models.Model):
    """A checkpoint that lies in the hub, whole: the newest is what the next attempt goes on from."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="checkpoints")
    attempt = models.PositiveBigIntegerField()
    step = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    saved_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["job", "step"], name="checkpoint_once")]

    def __str__(self) -> str:
        return f"{self.job_id} at step {self.step}"
