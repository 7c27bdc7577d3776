"""The matrix: who sees and does what, through a session and through tokens."""

from collections.abc import Callable

import pytest

from hub.accounts.errors import NotAllowed
from hub.accounts.models import Membership, User
from hub.accounts.services import SYSTEM
from hub.accounts.viewer import ANONYMOUS, Viewer
from hub.catalog import services
from hub.catalog.errors import RepoNotFound
from hub.catalog.models import Repo
from hub.catalog.operations import AddInline
from hub.catalog.query import SearchQuery
from hub.catalog.selectors import find_file, find_repo, may_read_content, search
from hub.core.errors import HubError, NotSignedIn
from hub.storage import services as storage
from tests.factories import make_org, make_repo, make_user, viewer_of

pytestmark = pytest.mark.django_db
SEES, HIDDEN = True, False


class House:
    """An organisation with one member of each role, a hub administrator and a stranger."""

    def __init__(self) -> None:
        self.people: dict[str, User] = {role: make_user() for role in ("read", "contribute", "write", "admin")}
        self.org = make_org(**self.people)
        self.people |= {"stranger": make_user(), "hub_admin": make_user(is_admin=True)}
        name = self.org.namespace.name
        self.repos = {
            sort: make_repo(owner=name, private=sort == "private", files={"a": b"1"}) for sort in ("public", "private")
        }
        self.repos["other"] = make_repo(owner=name, private=True)

    def viewer(self, who: str) -> Viewer:
        """`read`, `anonymous`, `read:read` with a token of that scope, `admin:write:private` limited to that one."""
        name, *rest = who.split(":")
        if name in {"anonymous", "system"}:
            return ANONYMOUS if name == "anonymous" else SYSTEM
        limit = [self.repos[rest[1]].public_id] if len(rest) > 1 else []
        return viewer_of(self.people[name], rest[0], repositories=limit) if rest else viewer_of(self.people[name])


@pytest.fixture
def house() -> House:
    return House()


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("anonymous", HIDDEN),
        ("stranger", HIDDEN),
        ("stranger:admin", HIDDEN),
        ("stranger:read:private", HIDDEN),  # a list of repositories gives nothing by itself
        ("read", SEES),
        ("read:read", SEES),
        ("read:read:private", SEES),
        ("read:admin:public", HIDDEN),
        ("admin:admin:other", HIDDEN),
        ("hub_admin", SEES),
        ("hub_admin:admin", SEES),
        ("hub_admin:write", HIDDEN),  # the powers over the whole hub take a session or a token of admin scope
        ("hub_admin:read:private", HIDDEN),
        ("hub_admin:admin:private", HIDDEN),
        ("hub_admin:admin:public", HIDDEN),
        ("system", SEES),
    ],
)
def test_private_repositories_are_seen_by_members_only(house: House, who: str, sees: bool) -> None:
    viewer, repo, public = house.viewer(who), house.repos["private"], house.repos["public"]
    blob = storage.store_bytes(scope=repo.scope, data=b"secret")
    storage.keep(scope=repo.scope, sha256s=[blob.sha256])
    at = (repo.kind, repo.owner.name, repo.name)
    listed = [hit.repo for hit in search(viewer, SearchQuery()).hits]
    assert (repo in listed) == sees and public in listed
    assert (repo in Repo.objects.visible_to(viewer)) == sees
    assert may_read_content(viewer, [blob.sha256]) == ({blob.sha256} if sees else set())
    assert find_file(viewer, "model", public.owner.name, public.name, "main", "a").data == b"1"
    if sees:
        assert find_repo(viewer, *at) == repo and find_file(viewer, *at, "main", "a").data == b"1"
        return
    for call in (
        lambda: find_repo(viewer, *at),
        lambda: find_file(viewer, *at, "main", "a"),
        lambda: services.check_read(viewer, repo),
        lambda: services.begin_upload(by=viewer, repo=repo, sha256="0" * 64, size=1),
        lambda: services.delete_repo(by=viewer, repo=repo),
    ):
        with pytest.raises(RepoNotFound):
            call()


def write(by: Viewer, repo: Repo) -> object:
    return services.commit(by=by, repo=repo, revision="main", operations=[AddInline("b", b"2")], title="b")


def upload(by: Viewer, repo: Repo) -> object:
    return services.begin_upload(by=by, repo=repo, sha256="0" * 64, size=1)


def branch(by: Viewer, repo: Repo) -> object:
    return services.create_branch(by=by, repo=repo, name="b")


@pytest.mark.parametrize("deed", [write, upload, branch])
@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("anonymous", NotSignedIn),
        ("stranger", NotAllowed),
        ("read", NotAllowed),
        ("contribute", NotAllowed),
        ("write", None),
        ("write:write", None),
        ("write:read", NotAllowed),
        ("write:write:public", None),
        ("write:write:private", NotAllowed),
        ("admin", None),
        ("hub_admin", None),
        ("hub_admin:read", NotAllowed),
        ("hub_admin:write:private", NotAllowed),
        ("system", None),
    ],
)
def test_who_may_push(house: House, deed: Callable, who: str, error: type[HubError] | None) -> None:
    by, repo = house.viewer(who), house.repos["public"]
    if error is None:
        assert deed(by, repo)
        return
    with pytest.raises(error):
        deed(by, repo)


def move(by: Viewer, repo: Repo) -> object:
    return services.move_repo(by=by, repo=repo, to_owner=repo.owner.name, to_name="moved")


def delete(by: Viewer, repo: Repo) -> object:
    services.delete_repo(by=by, repo=repo)
    return True


def hide(by: Viewer, repo: Repo) -> object:
    return services.update_settings(by=by, repo=repo, private=True)


@pytest.mark.parametrize("deed", [move, delete, hide])
@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("anonymous", NotSignedIn),
        ("stranger", NotAllowed),
        ("write", NotAllowed),
        ("admin", None),
        ("admin:write", NotAllowed),
        ("admin:admin", None),
        ("hub_admin", None),
        ("system", None),
    ],
)
def test_who_may_change_it(house: House, deed: Callable, who: str, error: type[HubError] | None) -> None:
    by, repo = house.viewer(who), house.repos["public"]
    if error is None:
        assert deed(by, repo)
        return
    with pytest.raises(error):
        deed(by, repo)


@pytest.mark.parametrize(
    ("who", "error"),
    [
        ("anonymous", NotSignedIn),
        ("stranger", NotAllowed),
        ("read", NotAllowed),
        ("contribute", None),
        ("contribute:read", NotAllowed),
        ("contribute:write", None),
        ("admin:admin:public", NotAllowed),
        ("hub_admin", None),
        ("system", None),
    ],
)
def test_who_may_create(house: House, who: str, error: type[HubError] | None) -> None:
    fields = {"by": house.viewer(who), "kind": "model", "owner": house.org.namespace.name, "name": "new"}
    if error is None:
        assert services.create_repo(**fields)
        return
    with pytest.raises(error):
        services.create_repo(**fields)


def test_contributors_push_to_what_they_made(house: House) -> None:
    by = house.viewer("contribute")
    repo = services.create_repo(by=by, kind="model", owner=house.org.namespace.name, name="mine")
    assert write(by, repo)
    with pytest.raises(NotAllowed, match="role admin"):
        delete(by, repo)


def test_who_left_the_organisation_sees_nothing_with_the_old_token(house: House) -> None:
    who = house.viewer("read:read:private")
    Membership.objects.all().delete()
    repo = house.repos["private"]
    with pytest.raises(RepoNotFound):
        find_repo(who, "model", repo.owner.name, repo.name)
    assert repo not in Repo.objects.visible_to(who)


def test_the_right_to_create_in_the_new_place_is_needed_to_move(house: House) -> None:
    repo = make_repo(owner=house.people["stranger"])
    with pytest.raises(NotAllowed):
        services.move_repo(by=house.viewer("stranger"), repo=repo, to_owner=house.org.namespace.name, to_name="x")
