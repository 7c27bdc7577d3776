"""What can be done with likes, collections, watches and notifications. Interfaces import from here."""

from hub.community.permissions import check_edit
from hub.community.services.collections import (
    add_item,
    create_collection,
    delete_collection,
    remove_item,
    update_collection,
    update_item,
)
from hub.community.services.likes import like, unlike
from hub.community.services.notifications import (
    forget_read,
    mark_read,
    tell_of_access,
    tell_of_change,
    tell_of_licence,
    tell_of_like,
    tell_of_request,
    tell_of_review,
)
from hub.community.services.watches import unwatch_owner, unwatch_repo, watch_owner, watch_repo

__all__ = [
    "add_item",
    "check_edit",
    "create_collection",
    "delete_collection",
    "forget_read",
    "like",
    "mark_read",
    "remove_item",
    "tell_of_access",
    "tell_of_change",
    "tell_of_licence",
    "tell_of_like",
    "tell_of_request",
    "tell_of_review",
    "unlike",
    "unwatch_owner",
    "unwatch_repo",
    "update_collection",
    "update_item",
    "watch_owner",
    "watch_repo",
]
