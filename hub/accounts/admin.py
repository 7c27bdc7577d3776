"""Accounts in the admin. People and organisations are made on the command line, tokens by their users."""

from typing import Any

from axes.models import AccessFailureLog, AccessLog
from django.contrib import admin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest

from hub.accounts.models import AccessToken, Membership, Organisation, User
from hub.accounts.services import revoke_token
from hub.accounts.viewer import Viewer
from hub.audit.admin import Audited, ReadOnly

# Roles in organisations decide here; groups would be a second way that nothing reads.
admin.site.unregister(Group)
# Who signed in, and who couldn't: history. Attempts alone may be deleted, which lets a locked-out person try again.
admin.site.unregister([AccessLog, AccessFailureLog])


@admin.register(AccessLog, AccessFailureLog)
class SignInAdmin(ReadOnly):
    list_display = ("username", "ip_address", "attempt_time")
    search_fields = ("username", "ip_address")


@admin.register(User)
class UserAdmin(Audited):
    fields = (
        *("username", "kind", "joined_at", "last_login"),
        *("full_name", "email", "is_active", "must_change_password", "is_staff", "is_superuser"),
    )
    readonly_fields = ("username", "kind", "joined_at", "last_login")
    list_display = ("username", "full_name", "kind", "is_active", "is_staff", "last_login")
    list_filter = ("kind", "is_active", "is_staff")
    search_fields = ("username", "full_name", "email")


class MembershipInline(admin.TabularInline):
    model = Membership
    extra = 0
    can_delete = False
    readonly_fields = ("user", "role", "joined_at")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Organisation)
class OrganisationAdmin(Audited):
    fields = ("namespace", "created_at", "full_name", "private_by_default")
    readonly_fields = ("namespace", "created_at")
    list_display = ("namespace", "full_name", "private_by_default", "created_at")
    list_select_related = ("namespace",)
    search_fields = ("namespace__name", "full_name")
    inlines = (MembershipInline,)


@admin.register(AccessToken)
class AccessTokenAdmin(ReadOnly):
    exclude = ("sha256",)
    list_display = (
        "label",
        "user",
        "scope",
        "hint",
        "created_at",
        "last_used_at",
        "expires_at",
        "revoked_at",
    )
    list_filter = ("scope",)
    list_select_related = ("user",)
    search_fields = ("label", "user__username")
    actions = ("revoke",)

    @admin.action(description="Revoke the selected tokens", permissions=["view"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[AccessToken]) -> None:
        for token in queryset.select_related("user"):
            revoke_token(by=Viewer(user=request.user), token=token)  # type: ignore[arg-type]
