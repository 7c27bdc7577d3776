"""Make a repository or an organisation."""

from dataclasses import dataclass
from typing import Any

from django.forms import Form

from hub.accounts import selectors as accounts
from hub.accounts import services as account_services
from hub.accounts.viewer import Viewer
from hub.catalog import services
from hub.core.errors import HubError
from hub.web.pages import links
from hub.web.pages.repo import Tab
from hub.web.repo_forms import NewRepoForm, OrganisationForm

_ABOUT = {
    "model": "A repository for weights and what belongs to them. It begins with a card that says what you choose here.",
    "dataset": "A repository for data and what belongs to them. It begins with a card that says what you choose here.",
    "organisation": "A name that several people share, each with a role. You become its admin.",
}
_WORDS = {"model": "model", "dataset": "data set", "organisation": "organisation"}


@dataclass(frozen=True)
class NewPage:
    title: str
    tabs: tuple[Tab, ...]
    about: str
    verb: str
    form: Form


def build(kind: str, *, form: Form) -> NewPage:
    return NewPage(
        title=f"New {_WORDS[kind]}",
        tabs=tuple(Tab(word.capitalize(), f"/new/{each}", each == kind) for each, word in _WORDS.items()),
        about=_ABOUT[kind],
        verb=f"Make the {_WORDS[kind]}",
        form=form,
    )


def repo_form(viewer: Viewer, kind: str, data: Any, owner: str = "") -> NewRepoForm:
    """`owner` is who it is proposed for. What is filled in so far is checked."""
    owners = accounts.owners_for(viewer)
    initial = {"owner": owner if owner in owners else owners[0], "visibility": "private"}
    form = NewRepoForm(data or None, owners=owners, initial=initial)
    chosen, name = form.data.get("owner"), form.data.get("name", "").strip()
    if name and chosen in owners and "name" not in form.errors:
        try:
            services.check_new(by=viewer, kind=kind, owner=chosen, name=name)
        except HubError as error:
            form.add_error("name", error.message)
    return form


def make_repo(viewer: Viewer, kind: str, told: dict[str, Any]) -> str:
    """Where to go on: its upload page."""
    repo = services.start_repo(
        by=viewer,
        kind=kind,
        owner=told["owner"],
        name=told["name"],
        private=told["visibility"] == "private",
        licence=told["licence"],
        purpose=told["purpose"],
    )
    return links.upload_url(kind, repo.full_name, "main")


def organisation_form(data: Any) -> OrganisationForm:
    form = OrganisationForm(data or None)
    name = form.data.get("name", "").strip()
    if name and "name" not in form.errors:
        try:
            account_services.check_new_name(name)
        except HubError as error:
            form.add_error("name", error.message)
    return form


def make_organisation(viewer: Viewer, told: dict[str, Any]) -> str:
    """Where to go on: its members."""
    made = account_services.create_organisation(by=viewer, **told)
    return links.organisation_url(made.namespace.name)


def forget_empty(form: Form) -> Form:
    """While it is filled in, nobody is told that a field is still empty."""
    for name in [name for name in form.errors if not form.data.get(name)]:
        del form.errors[name]
    return form
