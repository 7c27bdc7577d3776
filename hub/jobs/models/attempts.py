"""Each attempt at a job, and how much device time an account may take."""

from typing import ClassVar

from django.db import models

from hub.accounts.models import Namespace
from hub.core import clock
from hub.core.fields import OrderedJSON
from hub.jobs.models.jobs import Job
from hub.jobs.models.workers import DEVICE_CLASSES, Worker


class Attempt(models.Model):
    """One try of one worker at a job, under one lease token."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="tries")
    token = models.PositiveBigIntegerField()
    worker = models.ForeignKey(Worker, on_delete=models.SET_NULL, null=True, related_name="tries")
    worker_name = models.CharField(max_length=96)
    # The AccessToken made for it (its public id), which ends with it.
    access_token = models.CharField(max_length=24, blank=True)
    started_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    # succeeded, failed, cancelled, lost or released; empty while it runs.
    outcome = models.CharField(max_length=10, blank=True)
    error = OrderedJSON(default=dict)
    # The step of the checkpoint that it went on from, and the last that it reported.
    first_step = models.PositiveBigIntegerField(default=0)
    last_step = models.PositiveBigIntegerField(default=0)
    # Highest `seq` of its events that was taken.
    last_seq = models.PositiveBigIntegerField(default=0)
    # The branch that its result was pushed to.
    branch = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["job", "token"], name="attempt_once")]

    def __str__(self) -> str:
        return f"{self.job_id} attempt {self.token}"


class Budget(models.Model):
    """How many device seconds an account may take in thirty days on a device class; no row: as the settings say."""

    owner = models.ForeignKey(Namespace, on_delete=models.CASCADE, related_name="budgets")
    device_class = models.CharField(max_length=8, choices=DEVICE_CLASSES)
    seconds = models.PositiveBigIntegerField()
    set_by = models.CharField(max_length=96)
    set_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["owner", "device_class"], name="budget_once")]

    def __str__(self) -> str:
        return f"{self.owner_id}: {self.seconds} s on {self.device_class}"
