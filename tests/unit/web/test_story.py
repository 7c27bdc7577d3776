"""The tabs Lineage, Evaluations and Use, and what of them stands beside the card."""

import datetime as dt
import json
import re

import pytest

from hub.catalog.models import PullDay
from hub.core import clock
from hub.web.pages import lineage, use
from tests.factories import make_repo, make_user

HOSTILE = '</script><script>alert(1)</script>"><img src=x onerror=alert(1)>'
CARD = """---
base_model: {owner}/base
datasets: [someone/far, {owner}/near]
model-index:
- name: m
  results:
  - task: {{type: text-classification}}
    dataset: {{type: {owner}/near, name: Near}}
    metrics: [{{type: f1, value: 0.5}}]
  - dataset: {{type: far, name: '{hostile}'}}
    metrics: [{{type: f1, value: 0.25}}, {{type: wer, value: '{hostile}'}}]
---
# Tuned
"""


@pytest.fixture
def tuned(user):
    make_repo("base", owner=user, files={"README.md": b"# Base\n"})
    make_repo("near", owner=user, kind="dataset")
    text = CARD.format(owner=user.username, hostile=HOSTILE)
    return make_repo("tuned", owner=user, files={"README.md": text.encode()})


def text_of(client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def data_of(text: str, name: str) -> dict:
    return json.loads(re.search(rf'<script id="{name}" type="application/json">(.*?)</script>', text)[1])


def test_lineage_as_sentences_and_as_a_picture(client, user, tuned) -> None:
    text = text_of(client, f"/{tuned.full_name}/lineage")
    assert f'<a href="/{user.username}/base">' in text and "inferred" in text and "not on this hub" in text
    assert re.search(rf'<a class="oid" href="/{user.username}/base/commit/[0-9a-f]{{40}}">', text)
    graph = data_of(text, "graph")
    states = {node["id"]: (node["state"], bool(node["url"])) for node in graph["nodes"]}
    assert states[f"model:{user.username}/tuned"] == ("root", True)
    assert states["dataset:someone/far"] == ("outside", False)
    assert "fine-tuned from" in text_of(client, f"/{user.username}/base/lineage")
    assert "trained on" in text_of(client, f"/datasets/{user.username}/near/lineage")


def test_a_secret_stands_nowhere_on_the_pages(client, user, tuned) -> None:
    card = f"---\nbase_model: {tuned.full_name}\ndatasets: {user.username}/near\n---\n".encode()
    make_repo("hush", owner=make_user(), private=True, files={"README.md": card})
    for page in (f"/{tuned.full_name}", f"/{tuned.full_name}/lineage", f"/datasets/{user.username}/near/lineage"):
        text = text_of(client, page)
        assert "hush" not in text and "2 repositories" not in text


def test_results_with_their_sources_and_who_said_so(client, user, tuned) -> None:
    text = text_of(client, f"/{tuned.full_name}/evaluations")
    assert "<h2>Reported by the card's author</h2>" in text and "Not measured by this hub." in text
    assert f'<a href="/datasets/{user.username}/near">Near</a>' in text
    assert f'<a href="/{tuned.full_name}/blob/main/README.md">README.md</a>' in text
    assert data_of(text, "chart-0")["series"] == [{"label": "f1", "data": [0.5, 0.25]}]
    board = text_of(client, f"/datasets/{user.username}/near/evaluations")
    assert f'<a href="/{tuned.full_name}">{tuned.full_name}</a>' in board


def test_no_text_of_a_card_gets_out_of_its_place(client, tuned) -> None:
    for page in ("", "/lineage", "/evaluations"):
        text = text_of(client, f"/{tuned.full_name}{page}")
        assert "<script>alert" not in text and "<img src=x" not in text


def test_use_by_day_and_by_whom(client, signed_in, user, tuned) -> None:
    from django.test import Client

    PullDay.objects.create(repo=tuned, day=clock.now().date() - dt.timedelta(days=3), by="zoe", count=41)
    url = f"/{tuned.full_name}/use"
    own, others = text_of(signed_in, url), text_of(Client(), url)
    assert "41 pulls in the last 90 days" in own and "41 pulls in the last 90 days" in others
    assert ">zoe</a>" in own and "zoe" not in others
    assert sum(data_of(others, "days")["series"][0]["data"]) == 41
    assert "<polyline" in text_of(Client(), f"/{tuned.full_name}")


@pytest.mark.parametrize("page", ["lineage", "evaluations", "use"])
@pytest.mark.parametrize("kind", ["model", "dataset"])
def test_each_page_says_when_there_is_nothing(client, user, page, kind) -> None:
    bare = make_repo("bare", owner=user, kind=kind)
    prefix = "/datasets" if kind == "dataset" else ""
    text = text_of(client, f"{prefix}/{bare.full_name}/{page}")
    assert any(words in text for words in ("Not stated in the card", "No results", "No pulls lately"))
    hidden = make_repo("hidden", owner=user, kind=kind, private=True)
    assert client.get(f"{prefix}/{hidden.full_name}/{page}").status_code == 404


@pytest.mark.parametrize(("page", "most"), [("lineage", 34), ("evaluations", 9), ("use", 9)])
def test_as_many_queries_for_many_as_for_one(client, user, tuned, page, most, django_assert_max_num_queries) -> None:
    for number in range(8):
        card = f"---\nbase_model: {tuned.full_name}\n---\n".encode()
        make_repo(f"leaf{number}", owner=user, files={"README.md": card})
    with django_assert_max_num_queries(most):
        client.get(f"/{tuned.full_name}/{page}")


def test_a_long_line_of_ancestors_is_folded_and_says_once_what_is_not_here(user) -> None:
    from hub.accounts.viewer import ANONYMOUS

    make_repo("b", owner=user)
    names = ", ".join(f"d{number}" for number in range(9))
    card = f"---\nbase_model: {user.username}/b\nbase_model_relation: adapter\ndatasets: [{names}]\n---\n".encode()
    base, data = lineage.evidence(ANONYMOUS, make_repo(owner=user, files={"README.md": card})).groups
    assert (base.relation, base.shown[0].parent.url, base.note) == ("adapter for", f"/{user.username}/b", "")
    assert (len(data.shown), len(data.more), data.note) == (4, 5, "not on this hub")


def test_weeks_of_a_sparkline() -> None:
    assert use._weeks([1] * 90) == [7] * 12
    assert use._points([0, 2, 1]) == "0.0,30.0 90.0,2.0 180.0,16.0"
