"""Gates that open for nobody in the European Union."""

from collections.abc import Mapping
from typing import Any

from hub.accounts.models import Organisation
from hub.accounts.viewer import Viewer
from hub.catalog.models import Card, Repo
from hub.core.prepared import Prepared
from hub.governance.models import Profile, TokenProfile
from hub.governance.policy.context import regions
from hub.governance.selectors.policies import policies, profile_of

_CARDS = Prepared(lambda repo: Card.objects.filter(repo=repo).values_list("metadata"))


def says_so(metadata: Mapping[str, Any]) -> bool:
    """Whether the card gives nobody in the European Union access."""
    return str(metadata.get("extra_gated_eu_disallowed")).strip().lower() in ("true", "yes", "1")


def is_closed_to_eu(repo: Repo) -> bool:
    """Whether its gate, by the card at main's head, opens for nobody in the European Union."""
    if repo.gate == Repo.Gate.NONE:
        return False
    return any(says_so(metadata) for (metadata,) in _CARDS(repo.pk))


def is_barred(viewer: Viewer, repo: Repo, organisation: Organisation | None = None) -> Profile | None:
    """The profile of the viewer, or the default one of that organisation, where it is for the Union and the gate is
    closed to that."""
    if not is_closed_to_eu(repo):
        return None
    known = policies()
    own = TokenProfile.objects.filter(token=viewer.token).values_list("profile_id", flat=True) if viewer.token else ()
    theirs = [each for each in known.profiles.values() if each.is_default and each.organisation_id]
    named = (each for each in theirs if organisation and each.organisation_id == organisation.pk)
    profile = next(named, None) or profile_of(viewer, known, next(iter(own), None))
    return profile if "EU" in regions(profile.regions) else None
