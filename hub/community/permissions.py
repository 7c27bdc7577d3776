"""Who may like, collect and watch."""

from hub.accounts.errors import NotAllowed
from hub.accounts.models import AccessToken, Namespace, Role, User
from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo
from hub.catalog.permissions import check_read
from hub.community.models import Collection
from hub.core.errors import NotSignedIn


def check_person(by: Viewer, deed: str) -> User:
    """The user who acts; raises `NotSignedIn`, or `NotAllowed` for a token without write scope."""
    if by.user is None:
        raise NotSignedIn(f"Sign in, or send an access token, to {deed}.")
    if not by.scope_includes(AccessToken.Scope.WRITE):
        raise NotAllowed(f"Your token has the scope read; to {deed} it takes write.")
    return by.user


def check_person_at(by: Viewer, repo: Repo, deed: str) -> User:
    """`check_person` for one repository: `RepoNotFound` first, and a limited token acts on what it names alone."""
    check_read(by, repo)
    user = check_person(by, f"{deed} {repo.full_name}")
    if by.only_repositories is not None and repo.public_id not in by.only_repositories:
        raise NotAllowed(f"Your token is limited to other repositories. To {deed} {repo.full_name}, use another.")
    return user


def check_unlimited(by: Viewer, deed: str) -> User:
    """`check_person`, and a token for single repositories doesn't do."""
    user = check_person(by, deed)
    if by.only_repositories is not None:
        raise NotAllowed(f"Your token is limited to single repositories. To {deed}, use another.")
    return user


def check_collect(by: Viewer, owner: Namespace) -> User:
    """Unless the viewer may make collections under that name, raises `NotSignedIn` or `NotAllowed`."""
    user = check_unlimited(by, f"make a collection of {owner.name}")
    role = by.role_in(owner.pk)
    if role is None or not role.includes(Role.CONTRIBUTE):
        raise NotAllowed(
            f"You don't have the rights to make a collection under the name {owner.name!r}. "
            "Use your own name, or ask an admin of the organisation for the role contribute."
        )
    return user


def may_edit(by: Viewer, collection: Collection) -> bool:
    """Whoever may write for its owner, and whoever made it while they may contribute there."""
    if by.user is None or by.only_repositories is not None or not by.scope_includes(AccessToken.Scope.WRITE):
        return False
    role = by.role_in(collection.owner_id)
    needed = Role.CONTRIBUTE if collection.created_by_id == by.user.pk else Role.WRITE
    return role is not None and role.includes(needed)


def check_edit(by: Viewer, collection: Collection) -> None:
    """Raises `NotSignedIn` or `NotAllowed`; whoever calls has found the collection through a selector."""
    check_unlimited(by, "change a collection")
    if not may_edit(by, collection):
        raise NotAllowed(
            f"You may not change {collection.title!r}: that takes the role write. Ask an admin of its owner."
        )
