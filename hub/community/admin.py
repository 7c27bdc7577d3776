"""Collections in the admin, to look at. What people like, watch and are told is theirs."""

from django.contrib import admin

from hub.audit.admin import ReadOnly
from hub.community.models import Collection


@admin.register(Collection)
class CollectionAdmin(ReadOnly):
    list_display = ("title", "owner", "visibility", "updated_at")
    list_filter = ("visibility",)
    list_select_related = ("owner",)
    search_fields = ("title", "owner__name")
