"""Jobs and workers in the admin: to look at. They change on the site, by the API and by their workers."""

from typing import Any

from django.contrib import admin
from django.db.models import Model

from hub.audit.admin import ReadOnly
from hub.jobs import models


def _look(model: type[Model], *columns: str, related: tuple[str, ...] = (), **more: Any) -> None:
    """Register a table with these columns; `related` are read with each list."""
    options = {"list_display": columns, "ordering": ("-pk",), "list_select_related": related or False}
    admin.site.register(model, ReadOnly, show_full_result_count=False, **options, **more)


_look(
    models.Job,
    *("public_id", "kind", "state", "title", "owner", "worker", "ordered_at", "ended_at"),
    related=("owner", "worker"),
    list_filter=("state", "kind", "device_class"),
    search_fields=("public_id", "title"),
)
_look(models.Attempt, "job", "token", "worker_name", "started_at", "ended_at", "outcome", related=("job",))
_look(models.JobEvent, "job", "seq", "attempt", "at", "kind", related=("job",))
_look(models.Metric, "job", "name", "split", "step", "value", related=("job",))
_look(models.Checkpoint, "job", "step", "attempt", "size", "saved_at", related=("job",))
_look(
    models.Worker,
    "name",
    "device",
    "device_class",
    "slots",
    "heard_at",
    "is_draining",
    "revoked_at",
    exclude=("sha256",),
)
_look(models.Offer, "kind", "name", "version", "seen_at")
_look(models.Budget, "owner", "device_class", "seconds", "set_by", "set_at", related=("owner",))
_look(
    models.EvaluationResult,
    *("repo", "metric", "value", "dataset_name", "slice_key", "measured_at"),
    related=("repo__owner",),
    search_fields=("job_id_text", "dataset_name", "metric"),
)
