"""Stored bytes in the admin: to look at. Commands move and check them."""

from django.contrib import admin

from hub.audit.admin import ReadOnly
from hub.storage.models import Blob, Upload, Xorb


@admin.register(Blob)
class BlobAdmin(ReadOnly):
    list_display = ("sha256", "size", "is_whole", "condition", "checked_at", "created_at")
    list_filter = ("condition", "is_whole")
    search_fields = ("sha256",)


@admin.register(Upload)
class UploadAdmin(ReadOnly):
    list_display = ("public_id", "sha256", "size", "created_at", "active_at")
    search_fields = ("sha256",)


@admin.register(Xorb)
class XorbAdmin(ReadOnly):
    exclude = ("index",)
    list_display = ("hash", "chunk_count", "raw_size", "disk_size", "condition", "checked_at")
    list_filter = ("condition",)
    search_fields = ("hash",)
