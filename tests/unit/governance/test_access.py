"""Access to gated repositories: who is let in, by whom, for how long."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hub.accounts.errors import NotAllowed
from hub.accounts.viewer import ANONYMOUS
from hub.audit.models import AuditEvent
from hub.catalog.errors import GatedRepo, RepoNotFound
from hub.catalog.models import Reader, Repo
from hub.catalog.selectors import find_file
from hub.core import clock
from hub.core.errors import Conflict, InvalidInput, NotSignedIn
from hub.governance.errors import HasAccess, NoAccessRequest, NotGated
from hub.governance.gates import BadAnswers
from hub.governance.models import AccessRequest
from hub.governance.selectors import access as selectors
from hub.governance.services import access
from tests.factories import make_org, make_repo, make_user, viewer_of
from tests.factories.gated import ANSWERS, make_gated

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada():
    return make_user("ada")


@pytest.fixture
def bob():
    return make_user("bob")


@pytest.fixture
def gated(ada):
    return make_gated(ada, name="welds")


@pytest.fixture
def auto(ada):
    return make_gated(ada, "auto", name="seams")


def reads(viewer, repo: Repo) -> bool:
    listed = Repo.objects.pullable_by(viewer).filter(pk=repo.pk).exists()
    try:
        found = find_file(viewer, repo.kind, repo.owner.name, repo.name, "main", "weights.bin")
    except GatedRepo:
        found = None
    assert listed == (found is not None) == selectors.may_read_gated(viewer, repo)
    return listed


def ask(user, repo: Repo, **more) -> AccessRequest:
    return access.request_access(by=viewer_of(user), repo=repo, fields=ANSWERS, **more)


def decide(by, request: AccessRequest, status: str, **more) -> AccessRequest:
    return access.decide(by=viewer_of(by), request=request, status=status, **more)


def test_by_hand_the_owner_decides(ada, bob, gated) -> None:
    asked = ask(bob, gated, message="For my thesis")
    assert (asked.status, asked.message, reads(viewer_of(bob), gated)) == ("pending", "For my thesis", False)
    decide(ada, asked, "accepted")
    assert reads(viewer_of(bob), gated) and not reads(viewer_of(make_user()), gated) and not reads(ANONYMOUS, gated)
    decide(ada, asked, "pending")
    assert not reads(viewer_of(bob), gated)
    actions = list(AuditEvent.objects.filter(action__startswith="access.").values_list("action", flat=True))
    assert actions == ["access.ask", "access.accepted", "access.pending"]


def test_an_automatic_gate_opens_at_once(bob, auto) -> None:
    assert (ask(bob, auto).status, reads(viewer_of(bob), auto)) == ("accepted", True)
    with pytest.raises(HasAccess):
        ask(bob, auto)


def test_another_try_after_a_rejection_and_no_way_round_it(ada, bob, auto) -> None:
    first = ask(bob, auto)
    decide(ada, first, "rejected", reason="Not for students")
    second = ask(bob, auto, message="I am a welder now")
    first.refresh_from_db()
    assert first.replaced_at and first.reason == "Not for students"
    assert second.status == "pending" and not reads(viewer_of(bob), auto)
    access.withdraw(by=viewer_of(bob), request=second)
    assert ask(bob, auto).status == "pending"
    org = make_org(admin=bob)
    assert ask(bob, auto, organisation=org).status == "pending"


def test_one_request_at_a_time(bob, gated) -> None:
    ask(bob, gated)
    with pytest.raises(Conflict, match="waits already"):
        ask(bob, gated)


def test_the_form_is_checked(bob, gated) -> None:
    told = ANSWERS | {"Country": "Atlantis", "Needed by": "soon", "Purpose": "fun", "Extra": "x"}
    told.pop("Company")
    told.pop("I agree to use it for welds only")
    with pytest.raises(BadAnswers) as caught:
        access.request_access(by=viewer_of(bob), repo=gated, fields=told)
    assert set(caught.value.detail["faults"]) == {"Company", "I agree to use it for welds only", "Country", "Purpose",
                                                  "Needed by", "Extra"}  # fmt: skip
    made = access.request_access(by=viewer_of(bob), repo=gated, fields=ANSWERS | {"Needed by": "2027-01-31"})
    assert made.fields["Country"] == "Finland" and made.fields["Needed by"] == "2027-01-31"


def test_who_has_access_needn_t_ask(ada, gated) -> None:
    with pytest.raises(HasAccess):
        ask(ada, gated)
    with pytest.raises(NotGated):
        ask(make_user(), make_repo(owner=ada))


def test_tokens_that_may_not_ask(bob, gated) -> None:
    for viewer, error in (
        (ANONYMOUS, NotSignedIn),
        (viewer_of(bob, "read"), NotAllowed),
        (viewer_of(bob, "write", repositories=[make_repo().public_id]), NotAllowed),
    ):
        with pytest.raises(error):
            access.request_access(by=viewer, repo=gated, fields=ANSWERS)


def test_a_token_for_other_repositories_stays_outside(ada, bob, gated) -> None:
    decide(ada, ask(bob, gated), "accepted")
    assert reads(viewer_of(bob, "read"), gated) and reads(viewer_of(bob, "read", repositories=[gated.public_id]), gated)
    assert not reads(viewer_of(bob, "read", repositories=[make_repo().public_id]), gated)


def test_readers_see_nothing_that_turned_private(ada, bob, gated) -> None:
    from hub.catalog import services

    access.grant(by=viewer_of(ada), repo=gated, reader=bob.namespace)
    services.update_settings(by=viewer_of(ada), repo=gated, private=True)
    with pytest.raises(RepoNotFound):
        reads(viewer_of(bob), gated)


def test_an_organisation_reads_with_all_its_members(ada, bob, gated) -> None:
    member, org = make_user(), make_org(admin=bob)
    from hub.accounts.services import SYSTEM, Role, remove_member, set_membership

    set_membership(by=SYSTEM, organisation=org, user=member, role=Role.READ)
    with pytest.raises(NotAllowed):
        ask(member, gated, organisation=org)
    decide(ada, ask(bob, gated, organisation=org), "accepted")
    assert reads(viewer_of(member), gated) and reads(viewer_of(bob), gated)
    remove_member(by=SYSTEM, organisation=org, user=member)
    assert not reads(viewer_of(member), gated)


def test_granted_unasked_and_only_once(ada, bob, gated) -> None:
    granted = access.grant(by=viewer_of(ada), repo=gated, reader=bob.namespace)
    assert granted.is_granted and reads(viewer_of(bob), gated)
    with pytest.raises(HasAccess):
        access.grant(by=viewer_of(ada), repo=gated, reader=bob.namespace)


@pytest.mark.parametrize("status", ["pending", "accepted", "rejected"])
def test_what_stands_so_already_can_t_be_decided_again(ada, bob, gated, status) -> None:
    asked = ask(bob, gated)
    if status != "pending":
        decide(ada, asked, status)
    with pytest.raises(NoAccessRequest):
        decide(ada, asked, status)


def test_strangers_and_readers_decide_nothing(bob, gated) -> None:
    asked = ask(bob, gated)
    for call in (
        lambda: decide(bob, asked, "accepted"),
        lambda: access.grant(by=viewer_of(bob), repo=gated, reader=bob.namespace),
        lambda: access.set_period(by=viewer_of(bob), repo=gated, days=3),
        lambda: selectors.access_requests(viewer_of(bob), gated),
    ):
        with pytest.raises(NotAllowed):
            call()


def test_access_ends_by_itself(ada, bob, auto, monkeypatch) -> None:
    access.set_period(by=viewer_of(ada), repo=auto, days=30)
    asked = ask(bob, auto)
    now = clock.now()
    assert asked.expires_at and 29 < (asked.expires_at - now).days + 1 <= 30 and access.end_expired() == 0
    monkeypatch.setattr(clock, "now", lambda: now + dt.timedelta(days=31))
    assert not reads(viewer_of(bob), auto)
    assert access.end_expired() == 1 and access.end_expired() == 0 and not Reader.objects.exists()
    asked.refresh_from_db()
    assert (asked.reason, bool(asked.replaced_at)) == ("expired", True)
    assert ask(bob, auto).status == "accepted"


@pytest.mark.parametrize("days", [0, -1, 4_000])
def test_periods_are_days_that_make_sense(ada, gated, days) -> None:
    with pytest.raises(InvalidInput):
        access.set_period(by=viewer_of(ada), repo=gated, days=days)


def test_a_gate_costs_a_pull_one_query(ada, bob, gated) -> None:
    open_one = make_repo(owner=ada, name="open", files={"weights.bin": b"x"})
    access.grant(by=viewer_of(ada), repo=gated, reader=bob.namespace)
    counts = []
    for repo in (open_one, gated):
        find_file(viewer_of(bob), "model", "ada", repo.name, "main", "weights.bin")  # trees are remembered
        with CaptureQueriesContext(connection) as asked:
            find_file(viewer_of(bob), "model", "ada", repo.name, "main", "weights.bin")
        counts.append(len(asked))
    # Of the gated one: memberships, as for a private one, and the readers.
    assert counts == [1, 3]
