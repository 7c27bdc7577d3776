"""Set up, move and delete a repository, each with what it means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.forms import Form

from hub.accounts import selectors as accounts
from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog import services
from hub.community import selectors as community
from hub.core.errors import HubError
from hub.governance.errors import RecallNotFound
from hub.governance.selectors import recalls
from hub.governance.services.recalls import advise, lift
from hub.web.pages import links, repo, words
from hub.web.pages.links import Link
from hub.web.recall_forms import AdvisoryForm
from hub.web.repo_forms import DeleteRepoForm, GateForm, MoveForm, VisibilityForm


@dataclass(frozen=True)
class Advised:
    """What whoever pulls it hears now; `may_lift`: a recall is lifted by the hub's administrators, on its own page."""

    key: str
    words: str
    reason: str
    replacement: str
    may_lift: bool


@dataclass(frozen=True)
class SettingsPage:
    title: str
    banner: repo.Banner
    full_name: str
    old_url: str
    owners: tuple[str, ...]
    move: Form
    visibility: Form
    sight: tuple[str, ...]
    gate: Form
    advisory: Form
    advisories: tuple[Advised, ...]
    requests_url: str
    delete: Form
    freed: str
    dependents: tuple[Link, ...]
    dependents_words: str
    others: tuple[str, ...]


@dataclass(frozen=True)
class Done:
    """What was done, in words, and where to go on."""

    words: str
    url: str


def place_of(viewer: Viewer, address: repo.Address) -> repo.Place:
    place = repo.find(viewer, address)
    services.check_admin(viewer, place.repo)
    return place


def forms_of(place: repo.Place, action: str, data: Any) -> dict[str, Form]:
    """All forms of the page; the one that was sent has what was filled in."""
    it = place.repo
    made: dict[str, Callable[[Any], Form]] = {
        "move": lambda sent: MoveForm(sent, initial={"owner": it.owner.name, "name": it.name}),
        "visibility": lambda sent: VisibilityForm(sent, initial={"visibility": it.visibility}),
        "gate": lambda sent: GateForm(sent, initial={"gate": it.gate}),
        "advisory": AdvisoryForm,
        "delete": lambda sent: DeleteRepoForm(sent, full_name=it.full_name),
    }
    return {name: make(data if name == action else None) for name, make in made.items()}


def act(viewer: Viewer, place: repo.Place, action: str, form: Form) -> Done | None:
    """Do what was sent; None when the form says what is wrong with it."""
    if not form.is_valid():
        return None
    try:
        return _ACTS[action](viewer, place, form.cleaned_data)
    except HubError as error:
        form.add_error(None, error.message)
        return None


def build(viewer: Viewer, place: repo.Place, forms: Mapping[str, Form]) -> SettingsPage:
    effects = catalog.effects_of_deletion(viewer, place.repo)
    shown = tuple(Link(each.full_name, links.repo_url(each.kind, each.full_name)) for each in effects.dependents)
    watchers = community.count_watchers(place.repo)
    more = effects.dependent_count - len(shown)
    return SettingsPage(
        title=f"Settings · {place.repo.full_name}",
        banner=repo.banner(place, "settings"),
        full_name=place.repo.full_name,
        old_url=links.repo_url(place.repo.kind, place.repo.full_name),
        owners=tuple(accounts.owners_for(viewer)),
        move=forms["move"],
        visibility=forms["visibility"],
        sight=_sight(place.repo, watchers),
        gate=forms["gate"],
        advisory=forms["advisory"],
        advisories=tuple(_advised(one) for one in recalls.advisories_on(place.repo)),
        requests_url=links.access_settings_url(place.repo.kind, place.repo.full_name),
        delete=forms["delete"],
        freed=_freed(effects.bytes, effects.own_bytes),
        dependents=shown,
        dependents_words=f"and {more:,} more" if more else "",
        others=_others(effects.pulls, community.count_collections_with(viewer, place.repo), watchers, place.repo.likes),
    )


def _others(pulls: int, collections: int, watchers: int, likes: int) -> tuple[str, ...]:
    """Who else would notice its end."""
    said = {
        f"It was pulled {words.plural(pulls, 'time')} in the last 30 days.": pulls,
        f"It is in {words.plural(collections, 'collection')} that you can see.": collections,
        f"It is watched by {words.plural(watchers, 'person', 'people')}; nobody is told of its end.": watchers,
        f"It has {words.plural(likes, 'like')}.": likes,
    }
    return tuple(text for text, count in said.items() if count)


def _sight(repo_: Any, watchers: int) -> tuple[str, ...]:
    """What a change of its visibility means, for whom."""
    owner, members = repo_.owner, accounts.count_members(repo_.owner)
    inside = owner.name if owner.kind == "user" else f"the {words.plural(members, 'member')} of {owner.name}"
    if repo_.is_private:
        return (
            f"Only {inside} and the hub's administrators see it now.",
            "Made public, everyone who reaches this hub sees it, with every version that it ever had.",
        )
    lost = [
        f"Made private, it is seen by {inside} and the hub's administrators alone.",
        "Everybody else loses it from lists, search, lineage, collections and likes at once; pulls of theirs end with "
        "“not found”, and what they pulled before stays with them.",
    ]
    if watchers:
        lost.append(
            f"It is watched by {words.plural(watchers, 'person', 'people')}; who loses sight of it hears no more of it."
        )
    return tuple(lost)


def _freed(held: int, own: int) -> str:
    if not held:
        return "It holds no large files: next to no space is freed."
    kept = f" {words.size(held - own)} stay, since other repositories hold the same files." if held > own else ""
    if not own:
        return f"No space is freed.{kept}"
    return (
        f"{words.size(own)} that nobody else holds are freed, once {settings.PROTECTION_DAYS} days have passed "
        f"since they were uploaded.{kept}"
    )


def _move(viewer: Viewer, place: repo.Place, told: dict[str, Any]) -> Done:
    moved = services.move_repo(by=viewer, repo=place.repo, to_owner=told["owner"].strip(), to_name=told["name"].strip())
    kept = services.may_administer(viewer, moved)
    url = links.settings_url if kept else links.repo_url
    return Done(f"It is called {moved.full_name} now. Its old name leads here.", url(moved.kind, moved.full_name))


def _show(viewer: Viewer, place: repo.Place, told: dict[str, Any]) -> Done:
    private = told["visibility"] == "private"
    services.update_settings(by=viewer, repo=place.repo, private=private)
    return _settings(place, f"It is {told['visibility']} now.")


def _gate(viewer: Viewer, place: repo.Place, told: dict[str, Any]) -> Done:
    services.update_settings(by=viewer, repo=place.repo, gated=told["gate"])
    return _settings(place, "It is gated now." if told["gate"] else "It is not gated any more.")


def _advise(viewer: Viewer, place: repo.Place, told: dict[str, Any]) -> Done:
    advise(by=viewer, repo=place.repo, **told)
    return _settings(place, "Whoever pulls it hears that from now on.")


def lift_advisory(viewer: Viewer, place: repo.Place, key: str) -> Done:
    for one in recalls.advisories_on(place.repo):
        if str(one.pk) == key:
            lift(by=viewer, advisory=one)
            return _settings(place, "It is lifted: pulls go on without it.")
    raise RecallNotFound


def _advised(one: Any) -> Advised:
    return Advised(str(one.pk), one.get_kind_display(), one.reason, one.replacement, one.kind != "recalled")


def _delete(viewer: Viewer, place: repo.Place, _told: dict[str, Any]) -> Done:
    full_name, owner = place.repo.full_name, place.repo.owner.name
    services.delete_repo(by=viewer, repo=place.repo)
    return Done(f"{full_name} is deleted.", f"/{owner}")


def _settings(place: repo.Place, said: str) -> Done:
    return Done(said, links.settings_url(place.repo.kind, place.repo.full_name))


_ACTS = {"move": _move, "visibility": _show, "gate": _gate, "advisory": _advise, "delete": _delete}
