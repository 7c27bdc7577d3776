"""Repositories and their history in the admin: to look at. Settings change on the wire, history never."""

from django.contrib import admin

from hub.audit.admin import ReadOnly
from hub.catalog.models import Commit, GitObject, Reader, Ref, Repo


@admin.register(Repo)
class RepoAdmin(ReadOnly):
    list_display = ("key", "kind", "is_private", "is_gated", "downloads", "updated_at")
    list_filter = ("kind", "visibility", "gate")
    search_fields = ("key",)

    @admin.display(boolean=True, description="private")
    def is_private(self, repo: Repo) -> bool:
        return repo.is_private

    @admin.display(boolean=True, description="gated")
    def is_gated(self, repo: Repo) -> bool:
        return bool(repo.gate)


@admin.register(Ref)
class RefAdmin(ReadOnly):
    list_display = ("repo", "name", "target", "updated_at")
    list_select_related = ("repo__owner",)
    search_fields = ("repo__key", "name")


@admin.register(Commit)
class CommitAdmin(ReadOnly):
    list_display = ("oid", "repo", "title", "author_name", "committed_at")
    list_select_related = ("repo__owner",)
    search_fields = ("oid", "repo__key", "title")


@admin.register(GitObject)
class GitObjectAdmin(ReadOnly):
    exclude = ("data",)
    list_display = ("oid", "kind", "size")
    list_filter = ("kind",)
    search_fields = ("oid",)


@admin.register(Reader)
class ReaderAdmin(ReadOnly):
    """Who passed a gate. Owners decide on requests, on the site."""

    list_display = ("repo", "reader", "expires_at")
    list_select_related = ("repo__owner", "reader")
    search_fields = ("repo__key", "reader__name")
