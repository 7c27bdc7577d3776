"""The ledger's page, and the dossier: who sees what, and what can be taken away."""

import json

import pytest
from django.test import Client

from hub.audit.services import record
from proofs import export
from tests.factories import make_org, make_repo, make_user
from tests.factories.ledger import make_decision
from tests.factories.revisions import make_revision
from tests.ledger import unguarded

pytestmark = pytest.mark.django_db


def of(user) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def page(user, address="/ledger") -> str:
    found = of(user).get(address)
    assert found.status_code == 200, found.content
    return found.content.decode()


def test_administrators_see_all_under_filters(admin):
    record(by="ada", action="repo.create", subject="models/ada/net", size=7)
    record(by="bob", action="org.member", subject="acme")
    everything = page(admin)
    assert "models/ada/net" in everything and "org.member" in everything and "&quot;size&quot;: 7" in everything
    only = page(admin, "/ledger?action=org.&actor=bob&since=2020-01-01&until=2999-01-01")
    assert "org.member" in only and "models/ada/net" not in only
    assert "No event" in page(admin, "/ledger?subject=models/ada/other")
    assert page(admin, "/ledger?since=yesterday&actor=%00")


def test_owners_see_what_was_done_with_their_repositories(user):
    other = make_repo("theirs", private=True)
    member, org = make_user(), make_org("acme-labs", admin=user)
    own = make_repo("own", owner="acme-labs")
    seen = page(user)
    assert f"models/{own.full_name}" in seen and other.name not in seen
    assert other.name not in page(user, f"/ledger?subject=models/{other.owner.name}/")
    assert "No event" in page(member) and str(org) not in page(member)


def test_visitors_are_asked_to_sign_in():
    assert Client().get("/ledger").status_code in (302, 401)


@pytest.mark.parametrize("address", ["/ledger/export", "/ledger/roots"])
def test_exports_are_for_administrators(user, admin, address):
    record(by="ada", action="test", subject="a")
    assert of(user).get(address).status_code == 403
    found = of(admin).get(address)
    assert found.status_code == 200 and "attachment" in found["Content-Disposition"]


def test_an_export_from_the_page_is_whole(admin):
    record(by="ada", action="test", subject="a")
    told = b"".join(of(admin).get("/ledger/export").streaming_content).decode()
    assert export.check(told.splitlines()).is_good


def test_a_check_says_what_it_found(admin, user):
    client = of(admin)
    assert "all is as it was written" in client.post("/ledger", {"check": "all"}, follow=True).content.decode()
    with unguarded():
        from hub.audit.models import AuditEvent

        AuditEvent.objects.filter(number=1).update(actor="eve")
    assert "Event 1 is not as it was written" in client.post("/ledger", follow=True).content.decode()
    assert of(user).post("/ledger").status_code == 403


def test_the_dossier_tells_what_is_known_and_what_is_not(repo):
    make_decision(make_revision(repo), reason="<b>The text fits</b>")
    text = page(repo.created_by, f"/{repo.full_name}/dossier/main")
    assert "&lt;b&gt;The text fits" in text and "Nobody concluded which licence holds" in text
    assert "/export/" in text and "README.md" in text
    # What is missing stands last, by part; what is known comes first.
    assert text.index(">Review</h2>") < text.index(">Papers</h2>") < text.index(">Gaps</h2>")
    gaps = text[text.index(">Gaps</h2>") :]
    assert gaps.count(">Licence</a>") == 1 and gaps.count(">Review and intended use</a>") == 1


def test_papers_stand_beside_the_card_and_are_given(repo):
    text = Client().get(f"/{repo.full_name}").content.decode()
    (head,) = {part.partition("/cyclonedx")[0] for part in text.split("/export/")[1:] if "/cyclonedx" in part[:60]}
    found = Client().get(f"/{repo.full_name}/export/{head}/cyclonedx")
    assert json.loads(found.content)["specVersion"] == "1.7"
    assert Client().get(f"/{repo.full_name}/export/{head}/nothing").status_code == 404
    assert Client().get(f"/{repo.full_name}/export/{head}/eu-summary").content.startswith(b"# Public summary")


def test_the_frequent_and_the_rare_are_found_alike(admin, monkeypatch):
    for number in range(6):
        record(by="ada", action="pull.deny", subject=f"models/ada/net@{number}")
    record(by="ada", action="pull.allow", subject="models/ada/Net-2@0")
    for limit in (0, 1_000):
        monkeypatch.setattr("hub.audit.selectors._RARE", limit)
        found = page(admin, "/ledger?action=pull.d&subject=models/ada/net")
        assert found.count("models/ada/net@") >= 6 and "Net-2" not in found
        assert "No event" in page(admin, "/ledger?subject=models/ada/nothing")


def test_who_took_an_export_is_in_it(admin):
    lines = b"".join(of(admin).get("/ledger/export").streaming_content).decode().splitlines()
    assert json.loads(lines[-1])["event"]["action"] == "ledger.export"
    assert json.loads(lines[-1])["event"]["actor"] == admin.username
