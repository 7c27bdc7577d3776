"""The review of one revision on one page: what it is, what changed, what speaks for and against, and the decision."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hub.accounts.viewer import Viewer
from hub.catalog import selectors as catalog
from hub.catalog.errors import RevisionNotFound
from hub.governance.errors import RevisionNotReviewed
from hub.governance.selectors import desk as desk_selectors
from hub.governance.selectors import review_words as said
from hub.governance.selectors.review_evidence import evidence_of
from hub.governance.selectors.review_screen import Screen, screen_of
from hub.governance.services.reviews import REASONS
from hub.web.pages import (
    dossier,
    governance_links,
    repo,
    review_blocks,
    review_changes,
    review_decide,
    review_head,
    review_past,
    review_policy,
    review_tiles,
)


@dataclass(frozen=True)
class ReviewPage:
    """`said` is what was wrong with the form that was sent, `kept` the words in it that no field shows again."""

    title: str
    banner: repo.Banner
    url: str
    head: review_head.Head
    tiles: tuple[review_tiles.Tile, ...]
    missing: tuple[str, ...]
    since: review_changes.Since
    blocks: tuple[review_blocks.Block, ...]
    policy: review_policy.Preview
    box: review_decide.Box
    deeds: tuple[review_decide.Deed, ...]
    codes: tuple[tuple[str, str], ...]
    tiers: tuple[tuple[int, str, bool], ...]
    may_set_tier: bool
    may_sign_off: bool
    may_assign: bool
    may_comment: bool
    reviewers: tuple[str, ...]
    decided: tuple[review_past.Decided, ...]
    happened: tuple[review_past.Happened, ...]
    planned: tuple[review_past.Planned, ...]
    papers: dossier.Papers
    said: str = ""
    kept: str = ""


@dataclass(frozen=True)
class NoReviewPage:
    """A repository, or a commit, that has no review to show yet."""

    title: str
    banner: repo.Banner
    reason: str
    has_commits: bool
    files_url: str


def build(
    viewer: Viewer, address: repo.Address, asked: Mapping[str, Any], *, said: str = ""
) -> ReviewPage | NoReviewPage:
    """`asked` is the address's query, or a form that could not be taken, with why in `said`."""
    try:
        place = repo.find(viewer, address)
    except RevisionNotFound:
        if address.revision != repo.MAIN:
            raise
        return _no_commit(viewer, address)
    try:
        screen = screen_of(viewer, place.repo, place.revision.commit)
    except RevisionNotReviewed as error:
        return _none(place, error.message)
    return _page(viewer, place, screen, asked, said)


def _page(viewer: Viewer, place: repo.Place, screen: Screen, asked: Mapping[str, Any], said_: str) -> ReviewPage:
    revision = screen.revision
    head = catalog.heads([place.repo]).get(place.repo.pk)
    shown_head = review_head.head(place, screen, head.commit if head else "")
    since = review_changes.build(viewer, place, screen, only=str(asked.get("path", "")))
    blocks = review_blocks.build(place, screen, evidence_of(viewer, revision))
    return ReviewPage(
        title=f"Review of {revision.commit[:12]} · {place.repo.full_name}",
        banner=repo.banner(place, "review", has_tools=False),
        url=governance_links.review_url(*place.at[:2], revision.commit),
        head=shown_head,
        tiles=review_tiles.tiles(screen, {each.domain: each.mark for each in blocks if not each.pending}),
        missing=screen.picture.missing,
        since=since,
        blocks=blocks,
        policy=review_policy.build(place, screen),
        box=review_decide.box(screen, asked),
        deeds=review_decide.deeds(screen, may_write=place.may_write, is_admin=viewer.is_admin),
        codes=tuple(REASONS.items()),
        tiers=tuple((tier, words, tier == revision.tier) for tier, words in said.TIERS.items()),
        may_set_tier=_may_set_tier(place, screen),
        may_sign_off=_may_sign_off(place, screen),
        may_assign=bool(screen.domains),
        may_comment=screen.is_inside and viewer.is_signed_in,
        reviewers=desk_selectors.reviewer_names() if screen.domains else (),
        decided=review_past.decided(screen, *place.at[:2]),
        happened=review_past.happened(screen),
        planned=review_past.planned(screen),
        papers=dossier.evidence(*place.at[:2], revision.commit),
        said=said_,
        kept="" if asked.get("action") == "decide" else str(asked.get("text", "")),
    )


def _may_set_tier(place: repo.Place, screen: Screen) -> bool:
    state = screen.revision.state
    is_early = state in ("scanning", "intake", "needs-info")
    return (is_early or state == "in-review") if screen.domains else is_early and place.may_write


def _may_sign_off(place: repo.Place, screen: Screen) -> bool:
    revision = screen.revision
    return place.may_administer and revision.tier == 4 and revision.state == "in-review" and not screen.picture.sign_off


def _none(place: repo.Place, reason: str) -> NoReviewPage:
    return NoReviewPage(
        title=f"Review · {place.repo.full_name}",
        banner=repo.banner(place, "review", has_tools=False),
        reason=reason,
        has_commits=True,
        files_url=repo.links.tree_url(*place.at[:2], place.revision.commit),
    )


def _no_commit(viewer: Viewer, address: repo.Address) -> NoReviewPage:
    place = repo.Place(catalog.find_repo(viewer, address.kind, address.owner, address.name), None, repo.MAIN, viewer)
    return NoReviewPage(
        title=f"Review · {place.repo.full_name}",
        banner=repo.banner(place, "review", has_tools=False),
        reason="There is nothing to review: no file was ever put here.",
        has_commits=False,
        files_url="",
    )
