"""Profiles that a viewer finds, and which tokens speak for them."""

from collections.abc import Iterable

from django.db.models import QuerySet

from hub.accounts.viewer import Viewer
from hub.governance.errors import NoSuchProfile
from hub.governance.models import Profile, TokenProfile


def profiles_for(viewer: Viewer) -> QuerySet[Profile]:
    """Those of the hub, and of the viewer's organisations (all, for administrators of the hub)."""
    found = Profile.objects.select_related("organisation__namespace").order_by("organisation__namespace__name", "name")
    if viewer.is_admin:
        return found
    return found.filter(organisation=None) | found.filter(organisation__namespace__in=list(viewer.roles))


def profiles_of_tokens(tokens: Iterable[int]) -> dict[int, str]:
    """Names of the profiles that these tokens speak for, where they don't speak for the default one."""
    rows = TokenProfile.objects.filter(token__in=list(tokens)).values_list("token_id", "profile__name")
    return dict(rows)


def profile_named(name: str) -> Profile:
    """A profile of the hub by its name, of an organisation as organisation/name."""
    organisation, _, last = name.rpartition("/")
    found = Profile.objects.filter(name=last)
    found = found.filter(organisation__namespace__name__iexact=organisation) if organisation else found
    if not organisation:
        found = found.filter(organisation=None)
    profile = found.first()
    if profile is None:
        raise NoSuchProfile(f"There is no profile called {name[:100]!r}. They are listed at /governance/profiles.")
    return profile
