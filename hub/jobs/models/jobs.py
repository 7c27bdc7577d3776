"""Jobs, and each attempt at one."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from hub.accounts.models import Namespace, User
from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo
from hub.core import clock
from hub.core.fields import OrderedJSON
from hub.jobs.models.words import FINAL, HELD, Kind, State, new_job_id
from hub.jobs.models.workers import DEVICE_CLASSES, Worker
from hub.storage.models import Scope


class JobQuerySet(models.QuerySet["Job"]):
    def visible_to(self, viewer: Viewer) -> "JobQuerySet":
        """Jobs of accounts that the viewer speaks for; an administrator sees all. Who ordered one for an organisation
        and left it since sees it no more: its log and its predictions may show what is private there."""
        if viewer.is_admin:
            return self
        if viewer.user is None:
            return self.none()
        own = self.filter(owner__in=list(viewer.roles))
        if viewer.only_repositories is None:
            return own
        seen = Repo.objects.visible_to(viewer)
        return own.filter(*(Q(**{name: None}) | Q(**{f"{name}__in": seen}) for name in ("base", "dataset", "out_repo")))

    def queued(self) -> "JobQuerySet":
        return self.filter(state=State.QUEUED, cancel_asked_at=None)

    def held(self) -> "JobQuerySet":
        return self.filter(state__in=HELD)

    def fenced(self, token: int) -> "JobQuerySet":
        """For a report: only while a worker has the job by this very token, and the lease holds."""
        return self.held().filter(lease_token=token, lease_ends_at__gt=clock.now())


class Job(models.Model):
    """What was ordered, and how it stands. `spec` never changes; `state` and the lease change only by conditional
    updates (`services.steps`), each written down as a `JobEvent`."""

    public_id = models.CharField(max_length=28, unique=True, default=new_job_id, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    title = models.CharField(max_length=200)
    # Words of the orderer's own to find it by (`labels`): what scripts group their runs by.
    labels = models.JSONField(default=dict, blank=True)
    # `contract.JobSpec` without its id; what the columns below repeat is for finding jobs.
    spec = OrderedJSON()
    recipe = models.CharField(max_length=60, blank=True)
    # Whose budget it takes, and whose members see it: the owner of `out`, or who ordered it.
    owner = models.ForeignKey(Namespace, on_delete=models.CASCADE, related_name="jobs")
    ordered_by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="jobs")
    ordered_at = models.DateTimeField(default=clock.now)
    # What it was made from and for. The name of `out` is in the spec; the repository is there once there is a result.
    base = models.ForeignKey(Repo, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    base_commit = models.CharField(max_length=40, blank=True)
    dataset = models.ForeignKey(Repo, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    out_repo = models.ForeignKey(Repo, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    # The job that asked for this one (the other half of a comparison, the evaluations after a fine-tune), or whose
    # result it repeats.
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="children")
    # What it needs.
    device_class = models.CharField(max_length=8, choices=DEVICE_CLASSES)
    # Of each GPU; of a machine without one all that the job's processes take together.
    memory_bytes = models.PositiveBigIntegerField(default=0)
    # How many devices it has at once: each of its seconds counts so many times.
    devices = models.PositiveSmallIntegerField(default=1)
    max_seconds = models.PositiveIntegerField()
    # Higher goes first.
    priority = models.SmallIntegerField(default=0)
    # The lease: who has it, until when, by which token. The token grows with each claim and each end of a lease.
    worker = models.ForeignKey(Worker, on_delete=models.SET_NULL, null=True, blank=True, related_name="jobs")
    lease_token = models.PositiveBigIntegerField(default=0)
    lease_ends_at = models.DateTimeField(null=True, blank=True)
    # Not claimed before this: a pause after a failed attempt.
    not_before = models.DateTimeField(null=True, blank=True)
    # When a door-bell for it was last sent.
    rung_at = models.DateTimeField(null=True, blank=True)
    cancel_asked_at = models.DateTimeField(null=True, blank=True)
    cancel_asked_by = models.CharField(max_length=96, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    # Attempts that ended by a fault of the job, and, since a checkpoint last got further, by a lost worker.
    failures = models.PositiveSmallIntegerField(default=0)
    losses = models.PositiveSmallIntegerField(default=0)
    batch_halvings = models.PositiveSmallIntegerField(default=0)
    # How far it is, as last reported.
    step = models.PositiveBigIntegerField(default=0)
    total_steps = models.PositiveBigIntegerField(default=0)
    seconds_left = models.FloatField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # Seconds that workers had it, over all ended attempts, times its devices: what counts against a budget.
    device_seconds = models.FloatField(default=0)
    # Why it failed, for people (`contract.Failure`).
    error = OrderedJSON(default=dict)
    # The commit that holds the result: written once, by the attempt that the hub took it from.
    result_commit = models.CharField(max_length=40, blank=True)
    # `contract.JobResult`, once it succeeded.
    result = models.JSONField(null=True, blank=True)
    # When governance had heard of all that it brought; None: not yet.
    followed_at = models.DateTimeField(null=True, blank=True)
    # Where checkpoints and predictions lie; dropped some time after the end.
    scope = models.ForeignKey(Scope, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    last_seq = models.PositiveBigIntegerField(default=0)

    objects: ClassVar = JobQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(state__in=HELD) | Q(lease_ends_at__isnull=False), name="held_job_has_a_lease"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=FINAL) | Q(ended_at__isnull=False), name="final_job_has_ended"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["state", "lease_ends_at"], name="job_by_state"),
            models.Index(fields=["owner", "-ordered_at"], name="job_by_owner"),
            models.Index(F("ordered_at").desc(), name="job_newest"),
        ]

    def __str__(self) -> str:
        return self.public_id
