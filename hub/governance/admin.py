"""Governance in the admin: to look at. Decisions, rules, waivers and licences change on the site, where who may do what
and what follows from it are checked; each table here is history, or rests on some."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Model

from hub.audit.admin import ReadOnly
from hub.governance import models


class Linked(ReadOnly):
    """With a way to the page of the site where it is changed."""

    page = "/governance"

    def view_on_site(self, obj: Model) -> str:
        return self.page


class LicenceVersionAdmin(Linked):
    def view_on_site(self, obj: Model) -> str:
        return f"/governance/licences/{obj.licence}"  # type: ignore[attr-defined]


def _look(
    model: type[Model],
    *columns: str,
    filters: Sequence[str] = (),
    search: Sequence[str] = (),
    related: Sequence[str] = (),
    shown_by: type[ReadOnly] = ReadOnly,
    **more: Any,
) -> None:
    """Register a table with these columns; `related` are read with each list."""
    options = {"list_display": columns, "list_filter": filters, "search_fields": search, "ordering": ("-pk",)}
    joined = tuple(related) or False
    admin.site.register(model, shown_by, list_select_related=joined, show_full_result_count=False, **options, **more)


_REPO, _REVISION = ("repo__owner",), ("revision__repo__owner",)
_KEY = ("repo__key",)

# Licences, reviewers, rules: changed on the site.
_look(
    models.LicenceVersion,
    *("licence", "number", "by", "at", "reason"),
    search=("licence",),
    shown_by=LicenceVersionAdmin,
)
_look(
    models.Reviewer,
    *("user", "domain", "granted_by", "granted_at"),
    filters=("domain",),
    search=("user__username",),
    related=("user",),
    shown_by=Linked,
    page="/governance/reviewers",
)
_RULES: dict[str, Any] = {"shown_by": Linked, "page": "/governance/rules", "search": ("code",)}
_look(models.Rule, "code", "number", "title", "by", "at", **_RULES)
_look(models.RuleMode, "code", "mode", **_RULES)
_look(
    models.Profile,
    *("name", "organisation", "environment", "is_default", "tier", "clearance"),
    filters=("environment",),
    related=("organisation__namespace",),
    shown_by=Linked,
    page="/governance/profiles",
)
_look(models.TokenProfile, "token", "profile", related=("token", "profile"))
_look(
    models.Waiver,
    *("rule", "repo", "requested_by", "approved_by", "expires_at", "ended_at"),
    search=("rule", *_KEY),
    related=_REPO,
    shown_by=Linked,
    page="/governance/waivers",
)

# Reviews.
_look(
    models.Revision,
    *("repo", "commit", "state", "tier", "uploader"),
    filters=("state", "tier"),
    search=(*_KEY, "commit"),
    related=_REPO,
)
_look(models.DomainReview, "revision", "domain", "state", "by", "at", filters=("domain", "state"), related=_REVISION)
_look(models.Decision, "revision", "domain", "state", "by", "at", filters=("domain", "state"), related=_REVISION)
_look(models.ReviewEvent, "revision", "kind", "domain", "before", "after", "by", "at", related=_REVISION)
_look(models.ChangePlan, "title", "revision", "proposed_by", "approved_by", "expires_at", related=_REVISION)

# What is known.
_look(models.Record, "repo", "kind", "number", filters=("kind",), search=_KEY, related=_REPO)
_look(models.DataUse, "repo", search=_KEY, related=_REPO)
_look(models.Finding, "repo", "number", "title", "kind", "severity", "status", search=("title", *_KEY), related=_REPO)
_look(models.FindingVersion, "finding", "number", "by", "at", related=("finding",))
_look(models.SeverityThresholds, "number", "by", "at", "reason")
_look(models.FileVerdict, "content", "kind", "verdict", "rules", "at", filters=("verdict",), search=("content",))
_look(models.Scan, "revision", "worst", "rules", "started_at", "finished_at", filters=("worst",), related=_REVISION)
_look(models.Signature, "repo", "commit", "key_id", "at", search=_KEY, related=_REPO)
_look(
    models.SuiteRun, "repo", "commit", "suite", "version", "job", "at", filters=("suite",), search=_KEY, related=_REPO
)
_look(models.Statement, "decision", "key_id", "at", related=("decision",))

# What reached whom.
_look(
    models.AccessRequest,
    *("repo", "reader", "status", "asked_at", "decided_by", "expires_at", "replaced_at"),
    filters=("status",),
    search=(*_KEY, "reader__name"),
    related=(*_REPO, "reader"),
)
_look(models.AccessPeriod, "repo", "days", related=_REPO)
_look(
    models.Acceptance,
    *("licence", "user", "organisation", "accepted_at", "expires_at", "ended_at"),
    search=("licence", "user__username", "text_sha256"),
    related=("user", "organisation__namespace"),
)
_look(models.PolicyChange, "kind", "subject", "by", "at", "reason", filters=("kind",), search=("subject", "by"))
_look(models.ContentDigest, "oid", "sha256", search=("oid", "sha256"))
_look(
    models.PullRecord, "at", "by", "repo_name", "outcome", "purpose", filters=("outcome",), search=("by", "repo_name")
)
_look(models.Advisory, "repo", "kind", "by", "at", "lifted_at", filters=("kind",), search=_KEY, related=_REPO)
_look(models.RecallNotice, "advisory", "user", "told_at", "acknowledged_at", related=("advisory", "user"))
