"""`extra_gated_eu_disallowed` in a card: nobody of the European Union gets in, by request or by pull."""

from typing import Any

import pytest

from hub.accounts.errors import NotAllowed
from hub.catalog.models import Repo
from hub.governance.selectors.closed import says_so
from hub.governance.services import access, pulls
from tests.factories import make_repo, make_user, viewer_of
from tests.factories.policies import make_profile, pinned, speaking_for

pytestmark = pytest.mark.django_db
CARD = b"---\nlicense: mit\nextra_gated_eu_disallowed: true\n---\n# A model\n"


@pytest.fixture
def closed() -> Any:
    repo = make_repo(owner=make_user("ada"), files={"README.md": CARD})
    Repo.objects.filter(pk=repo.pk).update(gate="auto")
    repo.refresh_from_db()
    return repo


@pytest.mark.parametrize(("said", "is_closed"), [(True, True), ("true", True), (False, False), (None, False)])
def test_what_the_card_says(said: Any, is_closed: bool) -> None:
    assert says_so({"extra_gated_eu_disallowed": said}) is is_closed


@pytest.mark.parametrize("regions", [["DE"], ["EU"], ["EEA"], ["US"], ["NO"], []])
@pytest.mark.parametrize("environment", ["development", "production"])
def test_who_gets_in(closed: Any, regions: list[str], environment: str) -> None:
    by = speaking_for(make_user("bob"), make_profile(environment=environment, regions=regions), scope="write")
    is_of_union = bool({"DE", "EU", "EEA"} & {*regions})
    if is_of_union:
        with pytest.raises(NotAllowed, match="P-26: extra_gated_eu_disallowed"):
            access.request_access(by=by, repo=closed)
    else:
        assert access.request_access(by=by, repo=closed).status == "accepted"
    # Production must know where it is for; elsewhere nobody need say.
    is_open = not is_of_union and (bool(regions) or environment == "development")
    decision = pulls.decide(by, pinned(closed))
    assert ("P-26" not in decision.codes) is is_open
    told = {one.code: one.text for one in decision.reasons}
    assert is_open or "EU" in told["P-26"] or "unknown: team.regions" in told["P-26"]


def test_a_gate_that_is_off_and_owners_are_not_asked(closed: Any) -> None:
    make_profile(name="ours", environment="development", regions=["FR"], is_default=True)
    bob, ada = viewer_of(make_user("bob")), viewer_of(closed.owner.user)
    assert "P-26" in pulls.decide(bob, pinned(closed)).codes
    assert "P-26" not in pulls.decide(ada, pinned(closed)).codes
    Repo.objects.filter(pk=closed.pk).update(gate="")
    closed.refresh_from_db()
    assert "P-26" not in pulls.decide(bob, pinned(closed)).codes
