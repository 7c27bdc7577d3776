"""Who may review, and who may set up governance."""

from hub.accounts.viewer import Viewer
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


def check_governor(viewer: Viewer, deed: str) -> None:
    """Raises unless the viewer administers the hub: rules, licences, reviewers, recalls."""
    if viewer.user is None:
        raise NotSignedIn(f"Sign in to {deed}.")
    if not viewer.is_admin:
        raise NotAReviewer(f"To {deed} takes an administrator of this hub.")
