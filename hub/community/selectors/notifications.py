"""What somebody is told. Visibility is asked anew at each reading."""

from django.db.models import F, QuerySet

from hub.accounts.viewer import Viewer
from hub.community.models import Notification

MOST_COUNTED = 100


def notifications_of(viewer: Viewer) -> QuerySet[Notification]:
    """The viewer's own about what they may see, unread first, then the newest."""
    if viewer.user is None:
        return Notification.objects.none()
    found = Notification.objects.visible_to(viewer).select_related("repo__owner", "base__owner")
    return found.order_by(F("read_at").desc(nulls_first=True), "-at", "-pk")


def unread_count(viewer: Viewer) -> int:
    """How many wait to be read; counts no further than `MOST_COUNTED`. One query, for somebody signed in."""
    if viewer.user is None:
        return 0
    waiting = Notification.objects.visible_to(viewer).filter(read_at__isnull=True)
    return waiting[:MOST_COUNTED].count()
