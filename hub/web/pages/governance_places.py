"""Where everything of governance is: the pages that open for a viewer."""

from dataclasses import dataclass

from hub.accounts.viewer import Viewer
from hub.web.pages import governance_links as links


@dataclass(frozen=True)
class Place:
    """A page of governance, and what is found there."""

    label: str
    url: str
    about: str


# Everybody finds these.
OPEN = (
    Place("Rules", "/governance/rules", "What a pull, a publication and an approval are checked against."),
    Place("Licences", "/governance/licences", "What each licence allows and asks for."),
    Place("Severity thresholds", "/governance/thresholds", "From which gap on a bias finding is low, medium or high."),
)
SIGNED_IN = (
    Place("Profiles", "/governance/profiles", "Who pulls where and for what: the teams that the rules ask about."),
    Place("Waivers", "/governance/waivers", "Exceptions from a rule, each with its reason and its end."),
    Place("Pulls", "/governance/pulls", "Who pulled what for which purpose, and what the rules said."),
    Place("Reviewers", links.REVIEWERS, "Who may decide on which domain."),
    Place("Ledger", "/ledger", "Everything that was done, in a chain that anybody can verify."),
    Place("Recalls of what you pulled", "/recalls", "What was called back of it, and what you answered."),
    Place("Agreements", "/agreements", "Licence texts that you or your organisations accepted."),
)
DESK = Place("Review desk", links.DESK, "What waits for a decision, the riskiest first.")
RECALLS = Place("Recalls", "/governance/recalls", "What was called back, and who has acted on it.")


def places(viewer: Viewer, is_reviewer: bool) -> tuple[Place, ...]:
    """Those that open for the viewer."""
    own = SIGNED_IN if viewer.user else ()
    return (*((DESK,) if is_reviewer else ()), *OPEN, *((RECALLS,) if viewer.is_admin else ()), *own)
