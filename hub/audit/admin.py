"""The admin's view of the log, and the two ways in which the admin may show anything else."""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from hub.audit.models import AuditEvent, DailyRoot
from hub.audit.services import record


class ReadOnly(admin.ModelAdmin):
    """History and derived data: to look at, never to change here."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class Audited(admin.ModelAdmin):
    """A few fields may be changed; each change is recorded. Rows are made and ended by services alone."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        kind = obj._meta.model_name
        record(by=request.user.get_username(), action=f"admin.{kind}", subject=str(obj), changed=form.changed_data)


@admin.register(AuditEvent)
class AuditEventAdmin(ReadOnly):
    list_display = ("number", "at", "actor", "action", "subject")
    list_filter = ("action",)
    search_fields = ("actor", "subject")
    ordering = ("-number",)


@admin.register(DailyRoot)
class DailyRootAdmin(ReadOnly):
    list_display = ("day", "first", "count", "root")
    ordering = ("-day",)
