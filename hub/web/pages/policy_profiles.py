"""Consumer profiles: those of the hub, and of the viewer's organisations."""

from collections.abc import Mapping
from typing import Any

from django.forms import Form

from hub.accounts import selectors as accounts
from hub.accounts.viewer import Viewer
from hub.governance.errors import NoSuchProfile
from hub.governance.selectors.profiles import profiles_for
from hub.governance.services import profiles
from hub.web.pages.links import Link
from hub.web.pages.sheet import Action, Box, Cell, Done, SheetPage, Table, act
from hub.web.profile_forms import ProfileForm

URL = "/governance/profiles"
_HUB = ("", "This hub")
_LISTS = ("regions", "use_codes", "purposes")
_PLAIN = (
    "name", "environment", "is_default", "is_commercial", "is_service", "monthly_users", "revenue_usd", "tier",
    "default_purpose", "clearance",
)  # fmt: skip


def find(viewer: Viewer, key: str) -> Any:
    """A profile that the viewer may see."""
    for profile in profiles_for(viewer):
        if str(profile.pk) == key:
            return profile
    raise NoSuchProfile


def form_of(viewer: Viewer, data: Any, profile: Any = None) -> ProfileForm:
    if profile is None:
        return ProfileForm(data, owners=_owners(viewer))
    now = {name: getattr(profile, name) for name in _PLAIN}
    now |= {name: "\n".join(getattr(profile, name)) for name in _LISTS}
    return ProfileForm(data, owners=[], initial=now)


def save(viewer: Viewer, form: Form, profile: Any = None) -> Done | None:
    def do(told: Mapping[str, Any]) -> Done:
        given = dict(told)
        owner = given.pop("owner", "")
        organisation = accounts.find_organisation(owner) if owner else None
        made = profiles.save_profile(by=viewer, organisation=organisation, profile=profile, **given)
        return Done(f"The profile {made.name} is saved.", URL)

    return act(form, do)


def delete(viewer: Viewer, key: str) -> Done:
    profile = find(viewer, key)
    profiles.delete_profile(by=viewer, profile=profile)
    return Done(f"The profile {profile.name} is gone.", URL)


def build(viewer: Viewer, form: Form, profile: Any = None) -> SheetPage:
    if profile is not None:
        box = Box("Change it", form, "Save the profile", "save")
        boxes = (box,) if _may_change(viewer, profile) else ()
        link = Link("All profiles", URL)
        return SheetPage(title=f"Profile {profile.name}", links=(link,), facts=_facts(profile), boxes=boxes)
    rows = tuple(_row(viewer, one) for one in profiles_for(viewer))
    head = ("Name", "Environment", "Tier", "Purposes", "Whose", "")
    empty = "None yet: everybody pulls as “default”, in development."
    may_make = bool(_owners(viewer))
    return SheetPage(
        title="Profiles",
        lead="Who pulls, where and for what. A token speaks for one; the rules read it.",
        links=(Link("Rules", "/governance/rules"), Link("Your tokens", "/settings/tokens")),
        tables=(Table("Profiles", head, rows, empty=empty),),
        boxes=(Box("New profile", form, "Make the profile", "new"),) if may_make else (),
    )


def choices_for(viewer: Viewer) -> list[tuple[str, str]]:
    """For a select: key and name."""
    return [(str(one.pk), f"{one.organisation}: {one.name}" if one.organisation else one.name) for one in
            profiles_for(viewer)]  # fmt: skip


def _row(viewer: Viewer, one: Any) -> tuple[Cell, ...]:
    ends = (Action("Delete", one.name, "delete", str(one.pk), "danger"),) if _may_change(viewer, one) else ()
    return (
        Cell(one.name, url=f"{URL}/{one.pk}", more="stands for whoever names none" if one.is_default else ""),
        Cell(one.get_environment_display()),
        Cell(str(one.tier)),
        Cell(", ".join(one.purposes) or "any"),
        Cell(str(one.organisation or "this hub")),
        Cell(actions=ends),
    )


def _facts(one: Any) -> tuple[tuple[str, str], ...]:
    """What the rules read of it."""
    kinds = (("commercial", one.is_commercial), ("offered over a network", one.is_service))
    told = (
        ("Whose", str(one.organisation or "this hub")),
        ("Environment", one.get_environment_display()),
        ("Tier", str(one.tier)),
        ("Use", ", ".join(name for name, holds in kinds if holds)),
        ("Purposes", ", ".join(one.purposes) or "any"),
        ("Regions", ", ".join(one.regions)),
        ("Monthly users", f"{one.monthly_users:,}" if one.monthly_users is not None else ""),
        ("Yearly revenue", f"USD {one.revenue_usd:,}" if one.revenue_usd is not None else ""),
        ("Personal data", one.clearance),
        ("Made by", one.created_by),
    )
    return tuple((label, text) for label, text in told if text)


def _may_change(viewer: Viewer, profile: Any) -> bool:
    organisation = profile.organisation
    return viewer.is_admin or bool(organisation and viewer.role_in(organisation.namespace_id) == profiles.Role.ADMIN)


def _owners(viewer: Viewer) -> list[tuple[str, str]]:
    """Whose profiles the viewer may make."""
    memberships = accounts.memberships_of(viewer.user) if viewer.user else ()
    own = [str(one.organisation) for one in memberships if one.role == profiles.Role.ADMIN]
    return [*([_HUB] if viewer.is_admin else []), *((name, name) for name in own)]
