"""Every way to bytes asks the rules: what is suspended goes out by none of them."""

import pytest
from django.test import Client

from hub.catalog.git import INLINE_LIMIT
from hub.governance.models import Advisory, PolicyChange, PullRecord, Revision
from hub.governance.services import examination
from tests.factories import make_repo, make_token
from tests.factories.policies import head_of, make_settled

pytestmark = pytest.mark.django_db(transaction=True)
BACKEND = "django.contrib.auth.backends.ModelBackend"
ROWS = b"a,b\n1,2\n"


@pytest.fixture
def closed(user):
    big = b"x" * (INLINE_LIMIT + 1)
    repo = make_repo(owner=user, files={"a.csv": ROWS, "big.txt": big, "README.md": b"# Kept\n"})
    make_settled(repo, state="suspended", reason="Under investigation.")
    return repo


ADDRESSES = [
    "/{name}/resolve/main/a.csv",
    "/{name}/resolve/{commit}/big.txt",
    "/{name}/resolve/main/a.csv?download=true",
    "/api/models/{name}/xet-read-token/{commit}",
]
PAGES = ["/{name}/blob/main/a.csv", "/{name}/rows/main/a.csv"]


@pytest.mark.parametrize(
    ("method", "address"), [("get", one) for one in ADDRESSES] + [("head", one) for one in ADDRESSES[:-1]]
)
def test_the_wire_gives_no_byte_of_what_is_suspended(user, closed, address, method):
    url = address.format(name=closed.full_name, commit=head_of(closed).commit)
    answer = getattr(Client(), method)(url, headers={"authorization": f"Bearer {make_token(user)}"})
    assert (answer.status_code, answer["X-Error-Code"], answer["X-Headstart-Rules"]) == (403, "GatedRepo", "P-21")
    assert "Under investigation." in answer["X-Error-Message"]
    assert PullRecord.objects.get().by == user.username


@pytest.mark.parametrize("address", PAGES)
def test_no_page_shows_it(user, closed, address):
    browser = Client()
    browser.force_login(user, backend=BACKEND)
    assert browser.get(address.format(name=closed.full_name)).status_code == 403
    diff = browser.get(f"/{closed.full_name}/commit/main")
    assert diff.status_code == 200 and b"1,2" not in diff.content
    assert browser.get(f"/{closed.full_name}").status_code == 200


def test_warnings_come_in_a_header_that_clients_show(user):
    repo = make_repo(owner=user, files={"a.txt": b"a"})
    address = f"/{repo.full_name}/resolve/main/a.txt"
    answer = Client().head(address)
    assert "X-HF-Warning" not in answer and answer["X-Headstart-Decision"] == "allow"
    examination.examine(make_settled(repo).pk)
    assert "X-HF-Warning" not in Client().head(address)
    Advisory.objects.create(repo=repo, kind="deprecated", reason="It is old.", replacement="acme/new", by="root")
    PolicyChange.objects.create(kind="advisory")
    assert Client().head(address)["X-HF-Warning"] == "policy; Deprecated. It is old. Use acme/new."


def test_the_api_says_what_a_pull_is_told_and_a_denial_is_recorded(user, closed):
    address = f"/api/headstart/models/{closed.full_name}/decision"
    told = Client().get(address, headers={"authorization": f"Bearer {make_token(user)}"}).json()
    assert (told["outcome"], told["reasons"][0]["rule"]) == ("deny", "P-21")
    Revision.objects.update(state="approved")
    assert Client().get(address).json()["outcome"] == "allow"
    (denied,) = PullRecord.objects.all()
    assert (denied.by, denied.outcome) == (user.username, "deny")


def test_the_decision_on_what_is_private_looks_like_nothing(user):
    hidden = make_repo(owner=user, private=True, files={"a": b"a"})
    assert Client().get(f"/api/headstart/models/{hidden.full_name}/decision").status_code == 404
