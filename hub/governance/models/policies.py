"""Rules of who may pull what for which purpose, and what became of each pull."""

from typing import ClassVar

from django.db import models

from hub.accounts.models import AccessToken, Organisation
from hub.catalog.models import Repo
from hub.core import clock


class Environment(models.TextChoices):
    SANDBOX = "sandbox", "Sandbox"
    DEVELOPMENT = "development", "Development"
    PRODUCTION = "production", "Production"


class Profile(models.Model):
    """Who consumes models, where and for what: the `team` and `env` of the rules. Tokens name one.

    `organisation` None: a profile of the whole hub. The one with `is_default` stands for whoever names none.
    """

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, null=True, blank=True, related_name="profiles"
    )
    name = models.CharField(max_length=100)
    environment = models.CharField(max_length=11, choices=Environment.choices, default=Environment.DEVELOPMENT)
    is_default = models.BooleanField(default=False)
    is_commercial = models.BooleanField(default=False)
    # Offers it to others over a network (SaaS).
    is_service = models.BooleanField(default=False)
    # ISO 3166-1 codes and the groups EU, EEA; empty: not stated.
    regions = models.JSONField(default=list, blank=True)
    monthly_users = models.PositiveBigIntegerField(null=True, blank=True)
    revenue_usd = models.PositiveBigIntegerField(null=True, blank=True)
    tier = models.PositiveSmallIntegerField(default=1)
    # Codes of declared uses: RAIL a-m, Annex III areas.
    use_codes = models.JSONField(default=list, blank=True)
    # The purposes that may be named at a pull, and the one that holds where none is; empty: any.
    purposes = models.JSONField(default=list, blank=True)
    default_purpose = models.CharField(max_length=100, blank=True)
    # none, indirect or direct: the personal data that it may handle.
    clearance = models.CharField(max_length=8, default="none")
    created_by = models.CharField(max_length=96)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["organisation", "name"], name="profile_once"),
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(organisation__isnull=True), name="profile_of_hub_once"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TokenProfile(models.Model):
    """The profile that a token speaks for."""

    token = models.OneToOneField(AccessToken, on_delete=models.CASCADE, primary_key=True, related_name="+")
    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="tokens")

    def __str__(self) -> str:
        return f"{self.token_id}: {self.profile_id}"


class Rule(models.Model):
    """One version of a rule: denies when its CEL `expression` is true. The newest version of a `code` holds."""

    class Stage(models.TextChoices):
        PULL = "pull", "When pulled"
        PUBLISH = "publish", "When published"
        APPROVE = "approve", "When approved"

    code = models.CharField(max_length=32)
    number = models.PositiveIntegerField()
    stage = models.CharField(max_length=7, choices=Stage.choices, default=Stage.PULL)
    title = models.CharField(max_length=200)
    expression = models.TextField()
    # What the person denied reads: why, and what would mend it.
    message = models.TextField()
    mend = models.TextField()
    by = models.CharField(max_length=96)
    at = models.DateTimeField(default=clock.now)
    reason = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "number"], name="rule_once")]

    def __str__(self) -> str:
        return f"{self.code} version {self.number}"


class RuleMode(models.Model):
    """Whether a rule only watches, warns, or denies: for an environment, or for one profile (which goes first)."""

    class Mode(models.TextChoices):
        OFF = "off", "Off"
        MONITOR = "monitor", "Record only"
        WARN = "warn", "Warn"
        ENFORCE = "enforce", "Deny"

    code = models.CharField(max_length=32)
    environment = models.CharField(max_length=11, choices=Environment.choices, blank=True)
    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, null=True, blank=True, related_name="modes")
    mode = models.CharField(max_length=7, choices=Mode.choices)
    by = models.CharField(max_length=96)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["code", "environment"], condition=models.Q(profile__isnull=True), name="rule_mode_once"
            ),
            models.UniqueConstraint(fields=["code", "profile"], name="rule_mode_of_profile_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.mode}"


class PolicyChange(models.Model):
    """The trail of what decides on pulls: whoever keeps rules or facts in memory looks at its end. Append-only."""

    class Kind(models.TextChoices):
        RULE = "rule", "Rule"
        MODE = "mode", "Mode"
        PROFILE = "profile", "Profile"
        WAIVER = "waiver", "Waiver"
        ADVISORY = "advisory", "Advisory"
        EVIDENCE = "evidence", "Evidence"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    # The rule's code, the profile's name, the repository's.
    subject = models.CharField(max_length=250, blank=True)
    before = models.CharField(max_length=100, blank=True)
    after = models.CharField(max_length=100, blank=True)
    reason = models.TextField(blank=True)
    by = models.CharField(max_length=96, blank=True)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "subject"], name="policy_change_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"


class Waiver(models.Model):
    """An exception from one rule, for a time. Asked for by one person, granted by another."""

    rule = models.CharField(max_length=32)
    repo = models.ForeignKey(Repo, on_delete=models.CASCADE, related_name="waivers")
    # Empty: every revision of the repository.
    commit = models.CharField(max_length=40, blank=True)
    # None: for everyone.
    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, null=True, blank=True, related_name="waivers")
    reason = models.TextField()
    conditions = models.JSONField(default=list)
    requested_by = models.CharField(max_length=96)
    requested_at = models.DateTimeField(default=clock.now)
    approved_by = models.CharField(max_length=96, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField()
    # The revision's binding when it was granted: it ends when that changes.
    binding = models.CharField(max_length=64, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["repo", "rule"], name="waiver_by_repo")]

    def __str__(self) -> str:
        return f"{self.rule} waived for {self.repo_id}"


class PullRecord(models.Model):
    """A pull and what was decided on it: names as text, so that it outlives what it names. Files of one pull add up.

    Read by the reverse index (who has this model?) and by dry runs (whom would this rule have stopped?).
    """

    class Outcome(models.TextChoices):
        ALLOW = "allow", "Allowed"
        CONDITIONS = "conditions", "Allowed with conditions"
        DENY = "deny", "Denied"

    at = models.DateTimeField(default=clock.now)
    by = models.CharField(max_length=96, blank=True)
    # Id of the repository, which may be gone; its kind and name when it was pulled.
    repo_id = models.BigIntegerField()
    repo_kind = models.CharField(max_length=7)
    repo_name = models.CharField(max_length=193)
    commit = models.CharField(max_length=40)
    # The branch, tag or commit that was asked for.
    asked = models.CharField(max_length=255, blank=True)
    profile_id = models.BigIntegerField(null=True)
    profile_name = models.CharField(max_length=100, blank=True)
    environment = models.CharField(max_length=11, blank=True)
    purpose = models.CharField(max_length=100, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    # Codes of the rules that denied or warned.
    rules = models.JSONField(default=list)
    client = models.CharField(max_length=100, blank=True)
    files = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["repo_id", "-at"], name="pull_by_repo"),
            models.Index(fields=["by", "-at"], name="pull_by_person"),
            models.Index(fields=["-at"], name="pull_by_time"),
        ]

    def __str__(self) -> str:
        return f"{self.by or 'somebody'} pulled {self.repo_name}: {self.outcome}"
