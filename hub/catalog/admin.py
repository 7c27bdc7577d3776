"""Repositories and their history in the admin: to look at. Settings change on the wire, history never."""

from typing import ClassVar

from django.contrib import admin

from hub.audit.admin import ReadOnly
from hub.catalog.models import Commit, GitObject, Ref, Repo


@admin.register(Repo)
class RepoAdmin(ReadOnly):
    list_display: ClassVar = ("key", "kind", "visibility", "gate", "downloads", "updated_at")
    list_filter: ClassVar = ("kind", "visibility", "gate")
    search_fields: ClassVar = ("key",)


@admin.register(Ref)
class RefAdmin(ReadOnly):
    list_display: ClassVar = ("repo", "name", "target", "updated_at")
    list_select_related: ClassVar = ("repo__owner",)
    search_fields: ClassVar = ("repo__key", "name")


@admin.register(Commit)
class CommitAdmin(ReadOnly):
    list_display: ClassVar = ("oid", "repo", "title", "author_name", "committed_at")
    list_select_related: ClassVar = ("repo__owner",)
    search_fields: ClassVar = ("oid", "repo__key", "title")


@admin.register(GitObject)
class GitObjectAdmin(ReadOnly):
    exclude: ClassVar = ("data",)
    list_display: ClassVar = ("oid", "kind", "size")
    list_filter: ClassVar = ("kind",)
    search_fields: ClassVar = ("oid",)
