"""Who may review, who may set up governance, who decides on access, and for whom one speaks."""

from hub.accounts.errors import NotAllowed
from hub.accounts.models import AccessToken, Namespace, Organisation, Role, User
from hub.accounts.viewer import Viewer
from hub.catalog import services as catalog
from hub.catalog.models import Repo
from hub.core.errors import NotSignedIn
from hub.governance.errors import NotAReviewer
from hub.governance.models import Domain, Reviewer


def domains_of(viewer: Viewer) -> frozenset[str]:
    """The domains that the viewer may decide on; all of them for an administrator of the hub.

    A token reviews only with the scope admin and for all repositories: a decision is a person's, not a script's.
    """
    if viewer.user is None or not viewer.has_full_powers:
        return frozenset()
    if viewer.is_admin:
        return frozenset(Domain.values)
    return frozenset(Reviewer.objects.filter(user=viewer.user).values_list("domain", flat=True))


def check_reviewer(viewer: Viewer, domain: str | None = None) -> None:
    """Raises `NotSignedIn`, or `NotAReviewer` unless the viewer reviews that domain (None: any)."""
    if viewer.user is None:
        raise NotSignedIn("Sign in to review.")
    has = domains_of(viewer)
    if not has or (domain and domain not in has):
        raise NotAReviewer(
            f"Only a reviewer of {Domain(domain).label.lower() if domain else 'some domain'} may do this. "
            "An administrator of this hub can make you one."
        )


def may_file(viewer: Viewer, repo: Repo) -> bool:
    """Whether the viewer may file and change findings of it at all."""
    return catalog.may_write(viewer, repo) or Domain.BIAS in domains_of(viewer)


def check_governor(viewer: Viewer, deed: str, *, also: str = "") -> None:
    """Raises unless the viewer administers the hub: rules, licences, reviewers, recalls. `also`: who else may."""
    if viewer.user is None:
        raise NotSignedIn(f"Sign in to {deed}.")
    if not viewer.is_admin:
        raise NotAReviewer(f"To {deed} takes an administrator of this hub{also}.")


def check_decides_access(viewer: Viewer, repo: Repo) -> None:
    """Who may push to a gated repository decides who reads it, as on other hubs."""
    catalog.check_write(viewer, repo)


def check_speaks(viewer: Viewer, organisation: Organisation | None, deed: str) -> tuple[User, Namespace]:
    """Who speaks, and for which name: their own, or an organisation's that they administer."""
    if viewer.user is None:
        raise NotSignedIn(f"Sign in, or send an access token, to {deed}.")
    if organisation is None:
        if not viewer.scope_includes(AccessToken.Scope.WRITE):
            raise NotAllowed(f"Your token may only read. To {deed}, sign in on the site or use one of write scope.")
        return viewer.user, viewer.user.namespace
    if viewer.role_in(organisation.namespace_id) != Role.ADMIN or not viewer.has_full_powers:
        raise NotAllowed(
            f"To {deed} for {organisation} takes an admin of it, signed in or with a token of admin scope."
        )
    return viewer.user, organisation.namespace
