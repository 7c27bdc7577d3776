"""The Licence tab, the table of licences, and what is said while a card is written."""

import json

import pytest

from hub.governance.models import Domain, LicenceVersion, Reviewer
from hub.governance.services import licences
from tests.factories import make_repo, make_token, make_user
from tests.factories.licences import make_card
from tests.factories.revisions import make_revision

pytestmark = pytest.mark.django_db(transaction=True)
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def child():
    """An adapter for a Gemma model that its card calls Apache."""
    base = make_repo("gemma-base", files={"README.md": make_card(license="gemma")})
    card = make_card(license="apache-2.0", base_model=base.full_name, base_model_relation="adapter")
    revision = make_revision(make_repo(name="lora", files={"README.md": card}))
    licences.examine(revision)
    return revision


def tab(client, revision, **more):
    return client.get(f"/{revision.repo.full_name}/licence", **more).content.decode()


def test_the_tab_shows_what_breaks_and_for_whom(client, child) -> None:
    text = tab(client, child)
    for words in ("A licence isn&#x27;t met", "LicenseRef-gemma", "L1 Terms that must be passed on", "breaks here"):
        assert words in text
    assert "Gemma is provided under and subject to" in text and "Commercial use in the EU" in text
    assert "Conclude the licence" not in text


def test_the_card_says_it_in_short(client, child) -> None:
    assert "With what it was made from: <span" in client.get(f"/{child.repo.full_name}").content.decode()


def test_before_its_examination_the_tab_says_so(client) -> None:
    repo = make_repo(files={"README.md": make_card(license="mit")})
    assert "waits for its examination" in client.get(f"/{repo.full_name}/licence").content.decode()


def test_a_reviewer_concludes_on_the_tab(client, child) -> None:
    user = make_user()
    Reviewer.objects.create(user=user, domain=Domain.LICENCE, granted_by="admin")
    client.force_login(user, backend=BACKEND)
    address = f"/{child.repo.full_name}/licence"
    assert client.post(address, {"expression": "gpl", "reason": "x"}).status_code == 422
    assert client.post(address, {"expression": "gemma", "reason": "Read."}).status_code == 302
    assert f"by {user.username}: Read." in tab(client, child)


def test_a_stranger_concludes_nothing(client, child) -> None:
    client.force_login(make_user(), backend=BACKEND)
    answer = client.post(f"/{child.repo.full_name}/licence", {"expression": "mit", "reason": "x"})
    assert answer.status_code == 422 and "reviewer of licence" in answer.content.decode()


def test_the_list_is_searched(client) -> None:
    text = client.get("/governance/licences?q=llama+4").content.decode()
    assert "Llama 4 Community License" in text and "Llama 2" not in text and "Add a licence" not in text
    assert "No licence is called that" in client.get("/governance/licences?q=zzz").content.decode()


def test_a_licence_has_a_page(client) -> None:
    assert "700,000,000" in client.get("/governance/licences/llama3.1").content.decode()
    assert client.get("/governance/licences/nope").status_code == 404
    assert client.post("/governance/licences/mit", {}).status_code in (302, 401)


def test_an_administrator_corrects_a_row_with_a_reason(client) -> None:
    client.force_login(make_user(is_admin=True), backend=BACKEND)
    page = client.get("/governance/licences/mit")
    row = {name: "" if field is None else field for name, field in page.context["page"].form.initial.items()}
    assert client.post("/governance/licences/mit", {**row, "reason": ""}).status_code == 422
    assert client.post("/governance/licences/mit", {**row, "note": "Short.", "reason": "A note."}).status_code == 302
    text = client.get("/governance/licences/mit").content.decode()
    assert LicenceVersion.objects.get().licence == "mit" and "A note." in text and "Changed: note." in text
    assert client.get("/governance/licences/new").status_code == 200


def test_programs_read_the_same(client, child) -> None:
    told = client.get(f"/api/headstart/models/{child.repo.full_name}/licence?consumer=commercial").json()
    assert told["verdict"] == "CONFLICT" and told["effective"] == "LicenseRef-gemma"
    assert told["consumer"]["outcome"] == "DENY" and told["faults"][0]["rule"] == "L1"
    odd = client.get(f"/api/headstart/models/{child.repo.full_name}/licence?consumer=nobody")
    assert odd.status_code == 400


def test_the_card_editor_warns(client, child) -> None:
    client.force_login(child.repo.created_by, backend=BACKEND)
    text = client.get(f"/{child.repo.full_name}/edit/main/README.md").content.decode()
    assert "makes everybody pass its terms on" in text


def test_validate_yaml_warns_on_the_wire(client, child) -> None:
    base = child.repo.ancestors.get().name
    content = make_card(license="apache-2.0", base_model=base).decode()
    answer = client.post(
        "/api/validate-yaml",
        json.dumps({"repoType": "model", "content": content}),
        content_type="application/json",
        headers={"Authorization": f"Bearer {make_token(make_user())}"},
    )
    assert any("Gemma" in each["message"] for each in answer.json()["warnings"])
