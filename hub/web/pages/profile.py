"""Settings: where each is, what somebody says of themselves, what an organisation says of itself."""

from dataclasses import dataclass
from typing import Any

from django.forms import Form

from hub.accounts import selectors, services
from hub.accounts.errors import NotAllowed
from hub.accounts.viewer import Viewer
from hub.web.pages import job_links, links
from hub.web.pages.session import user_of


@dataclass(frozen=True)
class Setting:
    label: str
    url: str
    about: str


@dataclass(frozen=True)
class Belonging:
    name: str
    url: str
    role: str
    members_url: str
    budget_url: str
    edit_url: str


@dataclass(frozen=True)
class SettingsPage:
    settings: tuple[Setting, ...]
    organisations: tuple[Belonging, ...]
    title: str = "Settings"


@dataclass(frozen=True)
class ProfilePage:
    title: str
    about: str
    form: Form
    back_url: str


def build_index(viewer: Viewer) -> SettingsPage:
    user = user_of(viewer)
    rows = (
        Setting("Profile", "/settings/profile", "Your name, a few words about you, a web address."),
        Setting("Password", "/settings/password", "Choose another one."),
        Setting("Access tokens", "/settings/tokens", "Let programs act as you, with no more than they need."),
        Setting("Agreements", links.agreements_url(), "Licence texts that you and your organisations accepted."),
        Setting("Budget", job_links.budget_url(user.username), "How much device time your jobs may take, and took."),
        Setting("Notifications", "/notifications", "What happened to what you watch, and what you watch."),
        Setting("Likes", "/likes", "The models and data sets that you like."),
        Setting("Collections", links.collections_of_url(user.username), "What you put together."),
    )
    return SettingsPage(rows, tuple(_belonging(row) for row in selectors.memberships_of(user)))


def build_profile(viewer: Viewer, form: Form) -> ProfilePage:
    about = "Everyone who reaches this hub sees it on your page. All of it may stay empty."
    return ProfilePage("Your profile", about, form, links.owner_url(user_of(viewer).username))


def build_organisation(organisation: Any, form: Form) -> ProfilePage:
    name = organisation.namespace.name
    about = "Everyone who reaches this hub sees it on the organisation's page."
    return ProfilePage(f"Describe {name}", about, form, links.owner_url(name))


def initial(viewer: Viewer) -> dict[str, str]:
    user = user_of(viewer)
    return {"full_name": user.full_name, "bio": user.bio, "homepage": user.homepage}


def save(viewer: Viewer, given: dict[str, str]) -> None:
    services.update_profile(by=viewer, user=user_of(viewer), **given)


def own_organisation(viewer: Viewer, name: str) -> Any:
    """The organisation, where the viewer is its admin."""
    organisation = selectors.find_organisation(name)
    if viewer.role_in(organisation.namespace_id) != "admin":
        raise NotAllowed(f"Only an admin of {name} can describe it.")
    return organisation


def _belonging(row: Any) -> Belonging:
    name = row.organisation.namespace.name
    edit = links.organisation_profile_url(name) if row.role == "admin" else ""
    role = row.get_role_display().partition(":")[0]
    members, budget = links.organisation_url(name), job_links.budget_url(name)
    return Belonging(name, links.owner_url(name), role, members, budget, edit)
