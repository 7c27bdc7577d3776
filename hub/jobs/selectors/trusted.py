"""Whether the code that a model brings along may be run."""

from hub.accounts.viewer import Viewer
from hub.catalog.models import Repo
from hub.governance.errors import RevisionNotReviewed
from hub.governance.selectors import reviews

_APPROVED = ("approved", "conditional")


def is_code_approved(viewer: Viewer, repo: Repo, commit: str) -> bool:
    """Whether a reviewer approved these very files of code, and that still stands."""
    try:
        facts = reviews.review_facts(reviews.revision_of(viewer, repo, commit))
    except RevisionNotReviewed:
        return False
    hashes = set(facts["code_hashes"])
    return bool(hashes) and facts["state"] in _APPROVED and hashes <= set(facts["approved_code_hashes"])
