"""What the frame of every page needs."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from hub.community.selectors import MOST_COUNTED, unread_count
from hub.governance.selectors.desk import waiting_count
from hub.web.http import viewer_of


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class Site:
    name: str
    nav: tuple[NavItem, ...]
    search_url: str
    next: str
    unread: str
    # How many revisions wait for this reviewer; None for who reviews nothing.
    waiting: int | None


def site(request: HttpRequest) -> dict[str, Any]:
    """`site` for the templates: its name, the navigation, where a search goes."""
    return {"site": SimpleLazyObject(lambda: _site(request))}


def _site(request: HttpRequest) -> Site:
    path = request.path
    in_data = path == "/datasets" or path.startswith("/datasets/")
    nav = tuple(NavItem(label, url, path == url) for label, url in _places(request))
    return Site(
        name=settings.SITE_NAME,
        nav=nav,
        search_url="/datasets" if in_data else "/models",
        next=request.get_full_path() if request.method == "GET" else "/",
        unread=_unread(request),
        waiting=waiting_count(viewer_of(request)),
    )


def _places(request: HttpRequest) -> tuple[tuple[str, str], ...]:
    """Jobs are somebody's: who isn't signed in has none."""
    own = (("Jobs", "/jobs"),) if request.user.is_authenticated else ()
    return (("Models", "/models"), ("Data sets", "/datasets"), ("Governance", "/governance"), *own)


def _unread(request: HttpRequest) -> str:
    """How many notifications wait, as the masthead says it; nothing where none do."""
    count = unread_count(viewer_of(request))
    return f"{MOST_COUNTED - 1}+" if count >= MOST_COUNTED else str(count or "")
