"""Addresses of likes, collections, notifications, profiles and feeds."""

from typing import Any

from django.urls import URLPattern, path

from hub.web.http import page
from hub.web.views import collections, feeds, notifications, profile, social

_POST = ("GET", "HEAD", "POST")
_COLLECTION = "collections/<seg:owner>/<seg:slug>"


def of_repository(at: str, told: dict[str, Any]) -> list[URLPattern]:
    """What people do with one repository. `at` is its address, `told` its kind."""
    kind = told["kind"]
    return [
        path(f"{at}/like", page(social.like, methods=("POST",), signed_in=True), told, name=f"{kind}_like"),
        path(f"{at}/watch", page(social.watch, methods=("POST",), signed_in=True), told, name=f"{kind}_watch"),
        path(f"{at}/likers", page(social.likers), told, name=f"{kind}_likers"),
        path(f"{at}/collect", page(collections.collect, methods=_POST, signed_in=True), told, name=f"{kind}_collect"),
    ]


urlpatterns = [
    path("likes", page(social.likes, signed_in=True), name="likes"),
    path("watch/<seg:name>", page(social.watch_owner, methods=("POST",), signed_in=True), name="watch_owner"),
    path("collections", page(collections.collections), name="collections"),
    path("collections/new", page(collections.new, methods=_POST, signed_in=True), name="new_collection"),
    path(_COLLECTION, page(collections.collection), name="collection"),
    path(f"{_COLLECTION}/edit", page(collections.edit, methods=_POST, signed_in=True), name="edit_collection"),
    path(f"{_COLLECTION}/delete", page(collections.delete, methods=("POST",), signed_in=True), name="drop_collection"),
    path(
        f"{_COLLECTION}/items/<seg:item>",
        page(collections.item, methods=("POST",), signed_in=True),
        name="collection_item",
    ),
    path("notifications", page(notifications.notifications, methods=_POST, signed_in=True), name="notifications"),
    path("settings", page(profile.index, signed_in=True), name="settings"),
    path("settings/profile", page(profile.profile, methods=_POST, signed_in=True), name="profile"),
    path(
        "settings/organisations/<seg:name>/profile",
        page(profile.organisation, methods=_POST, signed_in=True),
        name="organisation_profile",
    ),
    path("feeds/<seg:name>.atom", page(feeds.feed), name="feed"),
]
