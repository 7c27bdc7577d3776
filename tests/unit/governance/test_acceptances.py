"""Licence texts that were accepted: by whom, for whom, until when."""

import datetime as dt
import hashlib

import pytest

from hub.accounts.errors import NotAllowed
from hub.accounts.services import SYSTEM, Role, set_membership
from hub.accounts.viewer import ANONYMOUS
from hub.audit.models import AuditEvent
from hub.catalog import services as catalog
from hub.catalog.operations import AddInline
from hub.core import clock
from hub.core.errors import InvalidInput, NotSignedIn
from hub.governance.errors import NoAccessRequest, TextChanged
from hub.governance.models import Acceptance, LicenceVersion
from hub.governance.selectors.access import acceptances_missing
from hub.governance.selectors.texts import texts_of
from hub.governance.services.acceptances import accept_shown, accept_text, end_acceptance
from tests.factories import make_org, make_repo, make_user, viewer_of
from tests.factories.gated import LICENCE, make_gated

pytestmark = pytest.mark.django_db
SHA = hashlib.sha256(LICENCE).hexdigest()
LONG_AGO = dt.datetime(2001, 1, 1, tzinfo=dt.UTC)
TEXT = ("weld-licence", SHA, "ada/welds")


@pytest.fixture
def bob():
    return make_user("bob")


def missing(viewer, organisation=None):
    return acceptances_missing(viewer, organisation, [TEXT])


def accept(viewer, **more) -> Acceptance:
    return accept_text(by=viewer, licence="weld-licence", text_sha256=SHA, **more)


def test_a_person_accepts_for_themselves(bob) -> None:
    assert missing(viewer_of(bob)) == [TEXT]
    accept(viewer_of(bob))
    assert acceptances_missing(viewer_of(bob), None, [{"licence": "weld-licence", "sha256": SHA}]) == []
    assert missing(viewer_of(bob)) == [] and missing(viewer_of(make_user())) == [TEXT] == missing(ANONYMOUS)
    assert AuditEvent.objects.filter(action="licence.accept", subject="weld-licence").count() == 1


def test_an_admin_accepts_for_all_members(bob) -> None:
    member = make_user()
    org, other = make_org(admin=bob), make_org()
    set_membership(by=SYSTEM, organisation=org, user=member, role=Role.WRITE)
    with pytest.raises(NotAllowed):
        accept(viewer_of(member), organisation=org)
    with pytest.raises(NotAllowed):
        accept(viewer_of(bob, "write"), organisation=org)
    accept(viewer_of(bob), organisation=org)
    assert missing(viewer_of(member)) == [] == missing(viewer_of(member), org)
    assert missing(viewer_of(member), other) == [TEXT]


def test_it_runs_out_and_is_ended(bob, monkeypatch) -> None:
    now = clock.now()
    agreed = accept(viewer_of(bob), expires_at=now + dt.timedelta(days=1))
    assert missing(viewer_of(bob)) == []
    with monkeypatch.context() as later:
        later.setattr(clock, "now", lambda: now + dt.timedelta(days=2))
        assert missing(viewer_of(bob)) == [TEXT]
    with pytest.raises(NoAccessRequest):
        end_acceptance(by=viewer_of(make_user()), acceptance=agreed)
    end_acceptance(by=viewer_of(bob), acceptance=agreed)
    assert missing(viewer_of(bob)) == [TEXT]


def test_accepting_again_lengthens_and_never_shortens(bob) -> None:
    soon = clock.now() + dt.timedelta(days=1)
    first = accept(viewer_of(bob), expires_at=soon)
    assert accept(viewer_of(bob), expires_at=soon) == first
    second = accept(viewer_of(bob))
    first.refresh_from_db()
    assert second != first and first.ended_at and accept(viewer_of(bob), expires_at=soon) == second


def test_a_changed_text_is_accepted_anew(bob) -> None:
    ada = make_user("ada")
    repo = make_gated(ada, name="welds")
    accept_shown(by=viewer_of(bob), repo=repo, text_sha256=SHA)
    changed = LICENCE + b"And for seams.\n"
    operations = [AddInline("LICENSE", changed)]
    catalog.commit(by=viewer_of(ada), repo=repo, revision="main", operations=operations, title="Seams too")
    [text] = texts_of(viewer_of(bob), repo)
    assert text.sha256 == hashlib.sha256(changed).hexdigest() and "seams" in text.text
    assert acceptances_missing(viewer_of(bob), None, [(text.licence, text.sha256, "ada/welds")])
    with pytest.raises(TextChanged):
        accept_shown(by=viewer_of(bob), repo=repo, text_sha256=SHA)


def test_without_a_file_the_table_has_the_text(bob) -> None:
    LicenceVersion.objects.create(licence="weld-1.0", number=1, properties={}, text="Weld!", by="ada", reason="new")
    card = b"---\nlicense: other\nlicense_name: weld-1.0\n---\n# W\n"
    repo = make_repo(owner=bob, files={"README.md": card})
    [text] = texts_of(ANONYMOUS, repo)
    assert (text.licence, text.text, text.shown_at) == ("weld-1.0", "Weld!", "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"licence": ""},
        {"text_sha256": "abc"},
        {"reference": "x" * 300},
        {"expires_at": LONG_AGO},
    ],
)
def test_what_is_refused(bob, wrong) -> None:
    with pytest.raises(InvalidInput):
        accept_text(by=viewer_of(bob), **({"licence": "mit", "text_sha256": SHA} | wrong))
    with pytest.raises(NotSignedIn):
        accept(ANONYMOUS)
    with pytest.raises(NotAllowed):
        accept(viewer_of(bob, "read"))
