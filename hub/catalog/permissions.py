"""Who may do what to a repository. What a viewer may not see looks as if it weren't there, everywhere."""

from collections.abc import Callable

from hub.accounts.errors import NotAllowed
from hub.accounts.models import AccessToken, Namespace, Role
from hub.accounts.viewer import Viewer
from hub.catalog.errors import GatedRepo, RepoDisabled, RepoNotFound
from hub.catalog.models import Reader, Repo
from hub.core.errors import HubError, NotSignedIn

Scope = AccessToken.Scope


def may_read(viewer: Viewer, repo: Repo) -> bool:
    """Whether the viewer may know that the repository is there."""
    return not repo.is_private or repo.role_of(viewer) is not None


def check_read(viewer: Viewer, repo: Repo) -> None:
    """Raises `RepoNotFound`, for private and missing alike."""
    if not may_read(viewer, repo):
        raise RepoNotFound


def check_read_content(viewer: Viewer, repo: Repo) -> None:
    """Beyond `check_read`: raises `GatedRepo` or `RepoDisabled` where the files may be listed but not pulled.

    One query more, for gated repositories alone. `GatedRepo` has in `detail["page"]` where to ask for access.
    """
    check_read(viewer, repo)
    if repo.is_disabled:
        raise RepoDisabled
    if not may_pass_gate(viewer, repo):
        page = f"{'/datasets/' if repo.kind == 'dataset' else '/'}{repo.full_name}/access"
        raise GatedRepo(
            f"Access to {repo.kind} {repo.full_name} is restricted and you are not in the authorized list. "
            f"Ask for it at {page} and send a token of the account that has it.",
            page=page,
        )


def may_pass_gate(viewer: Viewer, repo: Repo) -> bool:
    """Whether there is no gate, or the viewer has a role here, or was let through."""
    if not repo.gate or repo.role_of(viewer) is not None:
        return True
    return viewer.user is not None and Reader.objects.admitting(viewer).filter(repo=repo).exists()


def check_write(viewer: Viewer, repo: Repo) -> None:
    """Raises `RepoNotFound`, `NotSignedIn` or `NotAllowed` unless the viewer may push to the repository."""
    _check(viewer, repo, Role.WRITE, Scope.WRITE, "push to")
    if repo.is_disabled:
        raise RepoDisabled


def check_admin(viewer: Viewer, repo: Repo) -> None:
    """Raises `RepoNotFound`, `NotSignedIn` or `NotAllowed` unless the viewer may move, delete and set it up."""
    _check(viewer, repo, Role.ADMIN, Scope.ADMIN, "change settings of, move or delete")


def may_write(viewer: Viewer, repo: Repo) -> bool:
    """Whether `check_write` lets the viewer pass."""
    return _may(check_write, viewer, repo)


def may_administer(viewer: Viewer, repo: Repo) -> bool:
    """Whether `check_admin` lets the viewer pass."""
    return _may(check_admin, viewer, repo)


def check_create(viewer: Viewer, owner: Namespace) -> None:
    """Raises `NotSignedIn` or `NotAllowed` unless the viewer may make repositories under that name."""
    _check_scope(viewer, Scope.WRITE, f"create a repository of {owner.name}")
    if viewer.only_repositories is not None:
        raise NotAllowed("Your token is limited to single repositories, so it can't create one. Use another token.")
    role = viewer.role_in(owner.pk)
    if role is None or not role.includes(Role.CONTRIBUTE):
        raise NotAllowed(
            f"You don't have the rights to create a repository under the namespace {owner.name!r}. "
            "Use your own name, or ask an admin of the organisation for the role contribute."
        )


def _may(check: Callable[[Viewer, Repo], None], viewer: Viewer, repo: Repo) -> bool:
    try:
        check(viewer, repo)
    except HubError:
        return False
    return True


def _check(viewer: Viewer, repo: Repo, role: Role, scope: AccessToken.Scope, deed: str) -> None:
    check_read(viewer, repo)
    _check_scope(viewer, scope, f"{deed} {repo.full_name}")
    has = repo.role_of(viewer)
    if has is None or not has.includes(role):
        raise NotAllowed(
            f"You may not {deed} {repo.full_name}: that takes the role {role.value} "
            f"{'for it' if has is None else f'and you have {has.value}'}. Ask an admin of {repo.owner.name}."
        )


def _check_scope(viewer: Viewer, scope: AccessToken.Scope, deed: str) -> None:
    """The command line (an administrator without a user) has every scope."""
    if viewer.user is None and not viewer.is_admin:
        raise NotSignedIn(f"Sign in, or send an access token, to {deed}.")
    if viewer.user is not None and not viewer.scope_includes(scope):
        raise NotAllowed(f"Your token has the scope {viewer.token.scope}; to {deed} it takes {scope.value}.")  # type: ignore[union-attr]
