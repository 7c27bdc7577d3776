"""Search, suggestions and similar models, as programs ask for them."""

import pytest

from hub.catalog.query import FACETS
from tests.factories import make_repo, make_token, make_user

pytestmark = pytest.mark.django_db(transaction=True)
CARD = b"""---
license: mit
pipeline_tag: text-classification
library_name: transformers
---
# M

Sorts Finnish tweets by mood.
"""
ADDRESS = "/api/headstart/search"


@pytest.fixture
def models(user):
    make_repo("mood", owner=user, files={"README.md": CARD})
    make_repo("other", owner=user, files={"README.md": b"---\nlicense: apache-2.0\n---\n# O\n"})
    return user.username


def test_items_facets_and_total(client, models):
    told = client.get(ADDRESS, {"q": "mood", "licence": "mit"}).json()
    assert told["total"] == 1 and told["next"] is None and set(told["facets"]) == set(FACETS)
    [item] = told["items"]
    assert (item["name"], item["licence"], item["licenceClass"]) == (f"{models}/mood", "mit", "permissive")
    assert (item["task"], item["gated"], item["bias"], item["review"]) == (
        "text-classification",
        False,
        None,
        "unreviewed",
    )
    assert item["updatedAt"].endswith("Z") or "+" in item["updatedAt"]
    assert told["facets"]["licence"][0] == {"value": "mit", "count": 1, "chosen": True}


@pytest.mark.parametrize("name", FACETS)
def test_each_filter_is_ours(client, models, name):
    answer = client.get(ADDRESS, {name: "nothing-of-the-kind"})
    assert (answer.status_code, answer.json()["total"]) == (200, 0)


def test_only_the_facets_asked_for(client, models):
    assert client.get(ADDRESS, {"facets": "none"}).json()["facets"] == {}
    assert set(client.get(ADDRESS, {"facets": ["task", "licence"]}).json()["facets"]) == {"task", "licence"}
    wrong = client.get(ADDRESS, {"facets": "nope"})
    assert wrong.status_code == 400 and "is no facet" in wrong.json()["error"]


def test_pages_follow_the_link(client, models):
    first = client.get(ADDRESS, {"limit": 1, "sort": "created", "facets": "none"})
    target = first["Link"].partition("<")[2].partition(">")[0]
    assert 'rel="next"' in first["Link"] and "sort=created" in target and target.startswith("http://testserver/")
    second = client.get(target)
    assert [page.json()["items"][0]["name"] for page in (first, second)] == [f"{models}/other", f"{models}/mood"]
    assert "Link" not in second.headers


def test_private_ones_are_their_owners_alone(client, user, models):
    make_repo("secret", owner=user, private=True)
    mine, other = (make_token(one) for one in (user, make_user()))
    totals = [
        client.get(ADDRESS, headers={"Authorization": f"Bearer {token}"} if token else {}).json()["total"]
        for token in (mine, other, "")
    ]
    assert totals == [3, 2, 2]


@pytest.mark.parametrize("query", ["kind=space", "sort=nonsense", "parameters_min=many", "score_min=x"])
def test_what_makes_no_sense_is_said(client, query):
    answer = client.get(f"{ADDRESS}?{query}")
    assert answer.status_code == 400 and answer.json()["code"] == "invalid_input"


def test_suggestions(client, models):
    [found] = client.get("/api/headstart/suggest", {"q": "moo"}).json()["items"]
    assert found["name"] == f"{models}/mood" and found["kind"] == "model"
    assert "".join(text for text, _ in found["pieces"]) == found["name"]


def test_similar_models(client, user, models):
    for number in range(3):
        make_repo(f"mood-{number}", owner=user, files={"README.md": CARD})
    hidden = make_repo("secret", owner=user, private=True, files={"README.md": CARD})
    found = client.get(f"/api/headstart/models/{models}/mood/similar", {"limit": 3}).json()["items"]
    assert f"{models}/mood-1" in [one["name"] for one in found] and f"{models}/mood" not in [o["name"] for o in found]
    assert str(hidden) not in [one["name"] for one in found] and len(found) <= 3
    assert client.get(f"/api/headstart/models/{hidden}/similar").status_code == 404


def test_a_page_takes_as_many_queries_for_many_as_for_few(client, user, models, django_assert_max_num_queries):
    for _ in range(6):
        make_repo(owner=user, files={"README.md": CARD})
    with django_assert_max_num_queries(8):
        assert client.get(ADDRESS).json()["total"] == 8


def test_the_schema_names_it(client):
    told = client.get("/api/headstart/schema").json()
    names = {one["name"] for one in told["paths"]["/api/headstart/search"]["get"]["parameters"]}
    assert {*FACETS, "q", "parameters_min", "sort", "after"} <= names
    assert "/api/headstart/models/{owner}/{name}/similar" in told["paths"]
