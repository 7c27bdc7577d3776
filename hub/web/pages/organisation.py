"""Members, roles and settings of an organisation."""

from dataclasses import dataclass
from typing import Any

from django import forms

from hub.accounts import selectors, services
from hub.accounts.errors import NoSuchAccount
from hub.accounts.viewer import Viewer
from hub.core.errors import HubError
from hub.web.pages.owner import Role, split_role
from hub.web.pages.session import user_of


class MemberForm(forms.Form):
    user = forms.CharField(label="User name", max_length=96, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    role = forms.ChoiceField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = services.Role.choices  # type: ignore[attr-defined]


class OrganisationSettingsForm(forms.Form):
    full_name = forms.CharField(label="Full name", required=False, max_length=200)
    private_by_default = forms.BooleanField(
        label="New repositories are private unless somebody says otherwise", required=False
    )


@dataclass(frozen=True)
class MemberRow:
    name: str
    full_name: str
    role: str
    role_name: str
    is_self: bool


@dataclass(frozen=True)
class OrganisationPage:
    title: str
    name: str
    members: tuple[MemberRow, ...]
    choices: tuple[tuple[str, str], ...]
    roles: tuple[Role, ...]
    may_manage: bool
    form: forms.Form
    settings: forms.Form


@dataclass(frozen=True)
class Done:
    """What was done; `is_out` when the viewer doesn't belong to it any more."""

    words: str
    is_out: bool = False


def find(viewer: Viewer, name: str) -> Any:
    """Members (and administrators of the hub) find it; for all others there is no such page."""
    organisation = selectors.find_organisation(name)
    if viewer.role_in(organisation.namespace_id) is None:
        raise NoSuchAccount(f"There is no organisation called {name!r} that you belong to.")
    return organisation


def member_form(data: Any, *, is_sent: bool) -> MemberForm:
    return MemberForm(data if is_sent else None, initial={"role": "read"})


def settings_form(organisation: Any, data: Any, *, is_sent: bool) -> OrganisationSettingsForm:
    now = {"full_name": organisation.full_name, "private_by_default": organisation.private_by_default}
    return OrganisationSettingsForm(data if is_sent else None, initial=now)


def build(viewer: Viewer, organisation: Any, *, form: forms.Form, settings: forms.Form) -> OrganisationPage:
    name, me = organisation.namespace.name, user_of(viewer)
    members = selectors.members_of(viewer, organisation)
    return OrganisationPage(
        title=f"Members of {name}",
        name=name,
        members=tuple(
            MemberRow(
                name=member.user.username,
                full_name=member.user.full_name,
                role=member.role,
                role_name=split_role(member.get_role_display()).name,
                is_self=member.user == me,
            )
            for member in members
        ),
        choices=tuple((value, split_role(str(label)).name) for value, label in services.Role.choices),
        roles=tuple(split_role(label) for label in selectors.role_labels()),
        may_manage=viewer.role_in(organisation.namespace_id) == services.Role.ADMIN,
        form=form,
        settings=settings,
    )


def add(viewer: Viewer, organisation: Any, form: forms.Form) -> Done | None:
    """Give somebody a role; None when the form says what is wrong."""
    if not form.is_valid():
        return None
    try:
        return set_role(viewer, organisation, form.cleaned_data["user"].strip(), form.cleaned_data["role"])
    except HubError as error:
        form.add_error("user" if error.status == 404 else None, error.message)
        return None


def set_role(viewer: Viewer, organisation: Any, name: str, role: str) -> Done:
    user = selectors.find_user(name)
    member = services.set_membership(by=viewer, organisation=organisation, user=user, role=services.Role(role))
    return Done(f"{user.username} has the role {member.role} in {organisation} now.")


def remove(viewer: Viewer, organisation: Any, name: str) -> Done:
    user = selectors.find_user(name)
    services.remove_member(by=viewer, organisation=organisation, user=user)
    if user == viewer.user:
        return Done(f"You don't belong to {organisation} any more.", is_out=not viewer.is_admin)
    return Done(f"{user.username} doesn't belong to {organisation} any more.")


def update(viewer: Viewer, organisation: Any, form: forms.Form) -> Done | None:
    if not form.is_valid():
        return None
    services.update_organisation(by=viewer, organisation=organisation, **form.cleaned_data)
    return Done("The settings are saved.")
