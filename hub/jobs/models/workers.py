"""The workers that joined, and what they offer."""

from typing import ClassVar

from django.db import models

from hub.core import clock
from hub.core.fields import OrderedJSON
from hub.core.ids import new_object_id
from workers.contract import DeviceClass

DEVICE_CLASSES = [(each.value, each.value) for each in DeviceClass]


class Worker(models.Model):
    """A program on some machine that runs jobs: it has a token of its own, and no other access to the hub."""

    public_id = models.CharField(max_length=24, unique=True, default=new_object_id, editable=False)
    name = models.CharField(max_length=96, unique=True)
    # Of its secret, of which only this is kept.
    sha256 = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)
    added_by = models.CharField(max_length=96)
    added_at = models.DateTimeField(default=clock.now)
    revoked_at = models.DateTimeField(null=True, blank=True)
    # What it said when it joined last; empty before.
    device = models.CharField(max_length=40, blank=True)
    device_class = models.CharField(max_length=8, choices=DEVICE_CLASSES, blank=True)
    slots = models.PositiveSmallIntegerField(default=0)
    # Devices that one job may have at once.
    spread = models.PositiveSmallIntegerField(default=1)
    memory_bytes = models.PositiveBigIntegerField(default=0)
    gpu_memory_bytes = models.PositiveBigIntegerField(default=0)
    hardware = OrderedJSON(default=dict)
    versions = OrderedJSON(default=dict)
    # name@version of what it offers, as `Offer.key` has them.
    offers = models.JSONField(default=list)
    kill = models.CharField(max_length=40, blank=True)
    joined_at = models.DateTimeField(null=True, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    # Takes no new jobs, and gives back what it has.
    is_draining = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name


class Offer(models.Model):
    """A version of a recipe, a suite or a ranking, as the worker that brought it described it (`contract.Offer`)."""

    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=60)
    version = models.CharField(max_length=20)
    body = OrderedJSON()
    seen_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["kind", "name", "version"], name="offer_once")]

    def __str__(self) -> str:
        return self.key

    @property
    def key(self) -> str:
        return f"{self.kind}/{self.name}@{self.version}"
