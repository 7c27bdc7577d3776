"""The governance record of one revision: its state, the state of its five domains, and every decision."""

from typing import ClassVar

from django.db import models

from hub.accounts.models import User
from hub.catalog.models import Repo
from hub.core import clock
from hub.governance.models.people import Domain
from hub.governance.models.records import Record


class State(models.TextChoices):
    """Where the review of a revision stands; who may move it how is the table in `governance.states`."""

    DRAFT = "draft", "Draft"
    SCANNING = "scanning", "Scanning"
    QUARANTINED = "quarantined", "Quarantined"
    INTAKE = "intake", "Not reviewed"
    NEEDS_INFO = "needs-info", "Needs information"
    IN_REVIEW = "in-review", "In review"
    APPROVED = "approved", "Approved"
    CONDITIONAL = "conditional", "Approved with conditions"
    REJECTED = "rejected", "Rejected"
    WITHDRAWN = "withdrawn", "Withdrawn"
    SUSPENDED = "suspended", "Suspended"
    EXPIRED = "expired", "Expired"
    SUPERSEDED = "superseded", "Superseded"
    REVOKED = "revoked", "Revoked"
    RETIRED = "retired", "Retired"


class DomainState(models.TextChoices):
    PENDING = "pending", "Pending"
    AUTO_PASS = "auto-pass", "Passed by itself"
    CHANGES_REQUESTED = "changes-requested", "Changes requested"
    APPROVED = "approved", "Approved"
    CONDITIONAL = "conditional", "Approved with conditions"
    WAIVED = "waived", "Waived"
    REJECTED = "rejected", "Rejected"
    NOT_APPLICABLE = "not-applicable", "Not applicable"
    STALE = "stale", "Stale"


class Revision(models.Model):
    """One commit of a repository, as reviewed. Made for each commit that `main` moves to, and when one is asked for.

    `state` and the domains change by conditional updates only, each with a `ReviewEvent`.
    """

    repo = models.ForeignKey(Repo, on_delete=models.CASCADE, related_name="revisions")
    commit = models.CharField(max_length=40)
    # The revision before it on main: what the change matrix compares with.
    previous = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    state = models.CharField(max_length=12, choices=State.choices, default=State.SCANNING)
    # 1 experiment, 2 internal tool, 3 customer-facing or about people, 4 consequential decisions; None: not set yet.
    tier = models.PositiveSmallIntegerField(null=True, blank=True)
    uploader = models.CharField(max_length=96)
    licence_record = models.ForeignKey(Record, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    data_record = models.ForeignKey(Record, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    use_record = models.ForeignKey(Record, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    assigned_to = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    # What an approval holds for, its conditions, and the digest that it is bound to.
    purposes = models.JSONField(default=list)
    conditions = models.JSONField(default=list)
    binding = models.CharField(max_length=64, blank=True)
    # The sha256 of each part of the binding (licence, data, bias, use, scan …), so that a change names its part.
    binding_parts = models.JSONField(default=dict)
    # Why it stands where it stands, where somebody gave a reason (suspension, rejection, quarantine).
    reason = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    # Days before the end at which the last reminder went out; None: none did.
    reminded_at_days = models.PositiveSmallIntegerField(null=True, blank=True)
    # When the examination of its files and card was finished.
    examined_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["repo", "commit"], name="revision_once")]
        indexes: ClassVar = [models.Index(fields=["state", "submitted_at"], name="revision_queue")]

    def __str__(self) -> str:
        return f"{self.repo_id}@{self.commit[:12]}: {self.state}"


class DomainReview(models.Model):
    """Where one domain of a revision stands."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="domains")
    domain = models.CharField(max_length=8, choices=Domain.choices)
    state = models.CharField(max_length=17, choices=DomainState.choices, default=DomainState.PENDING)
    # User name of who decided last, or `system`.
    by = models.CharField(max_length=96, blank=True)
    at = models.DateTimeField(default=clock.now)
    # What is in the way, in words: empty once it is closed.
    blocking = models.JSONField(default=list)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["revision", "domain"], name="domain_once")]

    def __str__(self) -> str:
        return f"{self.domain} of {self.revision_id}: {self.state}"


class Decision(models.Model):
    """What somebody decided on a domain (or, with `domain` empty, the owner's sign-off), bound to what they saw.

    Never changed. `carried_from` is the earlier decision that still holds, with `evidence` naming the files compared.
    """

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="decisions")
    domain = models.CharField(max_length=8, choices=Domain.choices, blank=True)
    state = models.CharField(max_length=17, choices=DomainState.choices)
    by = models.CharField(max_length=96)
    at = models.DateTimeField(default=clock.now)
    reason = models.TextField()
    conditions = models.JSONField(default=list)
    binding = models.CharField(max_length=64)
    evidence = models.JSONField(default=dict)
    carried_from = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["revision", "domain", "at"], name="decision_in_order")]

    def __str__(self) -> str:
        return f"{self.by}: {self.domain or 'owner'} {self.state}"


class ReviewEvent(models.Model):
    """A step in a revision's history: a transition of the whole, of a domain, an assignment, a comment. Append-only."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField(default=clock.now)
    by = models.CharField(max_length=96)
    # transition, domain, comment, assign, tier, plan …
    kind = models.CharField(max_length=16)
    domain = models.CharField(max_length=8, choices=Domain.choices, blank=True)
    before = models.CharField(max_length=17, blank=True)
    after = models.CharField(max_length=17, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["revision", "at"], name="review_event_in_order")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.revision_id} by {self.by}"


class ChangePlan(models.Model):
    """Changes that a reviewer approved beforehand: revisions that measurably stay inside are approved by themselves.

    `envelope`: {"relations": […], "changes": […], "licence": "same", "suite", "max_drop", "max_gap_growth",
    "security": "auto-pass"}.
    """

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="change_plans")
    title = models.CharField(max_length=200)
    envelope = models.JSONField()
    proposed_by = models.CharField(max_length=96)
    approved_by = models.CharField(max_length=96, blank=True)
    created_at = models.DateTimeField(default=clock.now)
    approved_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.title
