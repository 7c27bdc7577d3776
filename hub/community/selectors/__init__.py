"""What can be asked about likes, collections, watches and notifications. Interfaces import from here."""

from hub.community.permissions import may_edit
from hub.community.selectors.collections import (
    CollectionInfo,
    CollectionPage,
    Item,
    count_collections_with,
    editable_collections,
    find_collection,
    list_collections,
    read_collection,
)
from hub.community.selectors.likes import Stance, likers_of, likes_of, stance
from hub.community.selectors.notifications import MOST_COUNTED, notifications_of, unread_count
from hub.community.selectors.watches import count_watchers, is_watching, owners_watched_by, watchers_of, watches_of

__all__ = [
    "MOST_COUNTED",
    "CollectionInfo",
    "CollectionPage",
    "Item",
    "Stance",
    "count_collections_with",
    "count_watchers",
    "editable_collections",
    "find_collection",
    "is_watching",
    "likers_of",
    "likes_of",
    "list_collections",
    "may_edit",
    "notifications_of",
    "owners_watched_by",
    "read_collection",
    "stance",
    "unread_count",
    "watchers_of",
    "watches_of",
]
