"""One revision as its review sees it: what was decided, what happened, and what was approved before."""

from dataclasses import dataclass

from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo
from hub.governance.errors import RevisionNotReviewed
from hub.governance.models import ChangePlan, Decision, ReviewEvent, Revision, Scan, Signature
from hub.governance.permissions import domains_of
from hub.governance.selectors.plans import plans_of
from hub.governance.selectors.reviews import ReviewPicture, picture_of, revision_of

_MOST_EVENTS = 200


@dataclass(frozen=True)
class Screen:
    """`domains` are those that the viewer reviews. `is_inside`: a reviewer, the uploader, or somebody of the
    repository's owner, who read the comments too; everybody else reads the states, decisions and conditions."""

    revision: Revision
    picture: ReviewPicture
    baseline: Revision | None
    decisions: tuple[Decision, ...]
    events: tuple[ReviewEvent, ...]
    scan: Scan | None
    signature: Signature | None
    plans: tuple[ChangePlan, ...]
    domains: frozenset[str]
    is_inside: bool


def screen_of(viewer: Viewer, repo: Repo, commit: str) -> Screen:
    """Raises `RepoNotFound`, or `RevisionNotReviewed` where the commit has no record (yet)."""
    revision = revision_of(viewer, repo, commit)
    picture = picture_of(viewer, revision)
    domains = domains_of(viewer)
    is_inside = bool(domains) or repo.role_of(viewer) is not None or revision.uploader == viewer.name != ""
    events = [each for each in reversed(picture.events) if is_inside or each.kind != "comment"]
    return Screen(
        revision=revision,
        picture=picture,
        baseline=picture.last_approved,
        decisions=tuple(revision.decisions.select_related("carried_from__revision").order_by("-pk")),
        events=tuple(events[:_MOST_EVENTS]),
        scan=revision.scans.order_by("-started_at", "-pk").first(),
        signature=Signature.objects.filter(repo=repo, commit=revision.commit).order_by("-pk").first(),
        plans=tuple(plans_of(revision).filter(ended_at=None)),
        domains=domains,
        is_inside=is_inside,
    )


def revision_by_id(viewer: Viewer, pk: int) -> Revision:
    """Raises `RevisionNotReviewed` for one that isn't there, or that the viewer may not see."""
    seen = Revision.objects.filter(repo__in=Repo.objects.visible_to(viewer))
    found = seen.select_related("repo__owner").filter(pk=pk).first()
    if found is None:
        raise RevisionNotReviewed("There is no such revision.")
    return found


def review_in_short(repo: Repo, commit: str) -> tuple[Revision | None, tuple[Decision, ...]]:
    """What a card says of its review: the revision, and the decisions of people that brought it where it stands."""
    revision = Revision.objects.filter(repo=repo, commit=commit).prefetch_related("domains").first()
    if revision is None:
        return None, ()
    return revision, tuple(revision.decisions.order_by("at", "pk"))
