"""Lists as the stock clients ask for them: every parameter they send, and each field they may want."""

import json

import pytest

from hub.catalog.models import Ancestor, Card, ReportedResult
from hub.catalog.services import events
from hub.core.transactions import write_transaction
from hub.protocol.info import EXPANDABLE
from tests.factories import make_repo, make_token, make_user

pytestmark = pytest.mark.django_db(transaction=True)
CARD = """---
license: mit
pipeline_tag: {task}
library_name: transformers
language: en
datasets: [squad]
widget: [{{text: Hello}}]
---
# M

{text}
"""
CONFIG = {"architectures": ["BertForMaskedLM"], "model_type": "bert", "hidden_size": 16}
TOKENS = {"mask_token": {"content": "[MASK]"}, "model_max_length": 9}


def files(task="fill-mask", text="Guesses words that were left out.", **more):
    return {"README.md": CARD.format(task=task, text=text).encode(), **more}


@pytest.fixture
def base(user):
    config = {"config.json": json.dumps(CONFIG).encode(), "tokenizer_config.json": json.dumps(TOKENS).encode()}
    return make_repo("base", owner=user, files=files(**config))


@pytest.fixture
def child(user, base):
    made = make_repo("child", owner=user, files=files("text-classification", "Sorts tweets."))
    Ancestor.objects.filter(repo=made).delete()
    Ancestor.objects.create(repo=made, kind="model", relation="finetune", name=str(base), key=base.key)
    return made


def ids(answer):
    return [item["id"] for item in answer.json()]


def test_words_may_come_apart(call, base, child):
    assert ids(call("GET", "/api/models?search=guesses&search=words")) == [str(base)]
    assert ids(call("GET", "/api/models?search=guesses+tweets")) == []


def test_every_filter_must_hold(call, base, child):
    assert ids(call("GET", "/api/models?filter=en&filter=dataset:squad&filter=fill-mask")) == [str(base)]
    assert ids(call("GET", "/api/models?filter=en&pipeline_tag=text-classification")) == [str(child)]
    assert ids(call("GET", "/api/models?filter=en&filter=nothing")) == []


def test_authors_in_any_case(call, base):
    assert ids(call("GET", f"/api/models?author={base.owner.name.upper()}")) == [str(base)]
    assert ids(call("GET", "/api/models?author=nobody")) == []


def test_gated_or_not(call, base, child):
    with write_transaction():
        type(base).objects.filter(pk=base.pk).update(gate="manual")
        events.changed(base.pk)
    assert ids(call("GET", "/api/models?gated=true")) == [str(base)]
    assert str(base) not in ids(call("GET", "/api/models?gated=False"))


@pytest.mark.parametrize(("asked", "found"), [("min:6B,max:128B", 1), ("max:5B", 1), ("min:1", 2), ("min:200B", 0)])
def test_parameters(call, base, child, asked, found):
    with write_transaction():
        for repo, count in ((base, 10**9), (child, 7 * 10**9)):
            Card.objects.filter(repo=repo).update(parameter_count=count)
        events.changed(base.pk, child.pk)
    assert len(ids(call("GET", f"/api/models?num_parameters={asked}"))) == found


def test_what_nobody_serves_is_an_empty_list(call, base):
    for query in ("inference=warm", "inference_provider=all", "inference_provider=a&inference_provider=b"):
        answer = call("GET", f"/api/models?{query}")
        assert (answer.json(), answer["X-Total-Count"]) == ([], "0")
    refused = call("GET", "/api/models?apps=llama.cpp")
    assert refused.status_code == 400 and "filter=gguf" in refused.json()["error"]


@pytest.mark.parametrize("query", ["sort=stars", "num_parameters=7B", "limit=x", "gated=perhaps", "cursor=nonsense"])
def test_what_makes_no_sense_is_refused(call, base, query):
    answer = call("GET", f"/api/models?{query}")
    assert answer.status_code == 400 and answer.json()["error"]


def test_direction_is_ignored(call, base, child):
    orders = [ids(call("GET", f"/api/models?sort=createdAt&direction={way}")) for way in ("-1", "1")]
    assert orders[0] == orders[1] == [str(child), str(base)]


def test_pages_by_link(call, user, base):
    made = {str(base), *(str(make_repo(owner=user)) for _ in range(4))}
    seen, target = [], "/api/models?limit=2&sort=lastModified"
    while target:
        answer = call("GET", target)
        assert answer["X-Total-Count"] == "5"
        seen += ids(answer)
        target = answer.get("Link", "").partition("http://testserver")[2].partition(">")[0]
    assert len(seen) == 5 and set(seen) == made


def test_each_field_may_be_asked_for(call, base, child):
    for name in sorted(EXPANDABLE["model"]):
        [item, _] = call("GET", f"/api/models?expand={name}").json()
        assert {"_id", "id", "modelId"} <= set(item) <= {"_id", "id", "modelId", name}
        alone = call("GET", f"/api/models/{item['id']}?expand={name}").json()
        assert alone == item
    assert "expected one of" in call("GET", "/api/models?expand=nope").json()["error"]


def test_where_models_come_from(call, base, child, token):
    told = call("GET", f"/api/models/{child}?expand=baseModels&expand=childrenModelCount").json()
    assert told["baseModels"] == {"relation": "finetune", "models": [{"_id": base.public_id, "id": str(base)}]}
    assert told["childrenModelCount"] == {}
    assert call("GET", f"/api/models/{base}?expand=childrenModelCount").json()["childrenModelCount"] == {"finetune": 1}
    type(child).objects.filter(pk=child.pk).update(visibility="private")
    stranger = make_token(make_user())
    counts = [
        call("GET", f"/api/models/{base}?expand=childrenModelCount", token=one).json() for one in (stranger, token)
    ]
    assert [one["childrenModelCount"] for one in counts] == [{}, {"finetune": 1}]
    type(base).objects.filter(pk=base.pk).update(visibility="private")
    type(child).objects.filter(pk=child.pk).update(visibility="public")
    assert "baseModels" not in call("GET", f"/api/models/{child}?expand=baseModels", token=stranger).json()


def test_what_the_files_say(call, base):
    told = call("GET", f"/api/models/{base}").json()
    assert told["config"] == {
        "architectures": ["BertForMaskedLM"],
        "model_type": "bert",
        "tokenizer_config": {"mask_token": "[MASK]"},
    }
    assert told["mask_token"] == "[MASK]" and told["widgetData"] == [{"text": "Hello"}]
    assert told["transformersInfo"] == {"auto_model": "AutoModelForMaskedLM", "pipeline_tag": "fill-mask"}
    [listed] = call("GET", "/api/models?config=true").json()
    assert listed["config"] == told["config"]
    assert "config" not in call("GET", "/api/models").json()[0]


def test_reported_results(call, base):
    ReportedResult.objects.create(
        repo=base, position=0, source="eval-results", path=".eval_results/gpqa.yaml", dataset="a/gpqa",
        task="diamond", metric="diamond", value=20.5, text="20.5", url="https://hub.example/x", by="Ada",
    )  # fmt: skip
    [told] = call("GET", f"/api/models/{base}?expand=evalResults").json()["evalResults"]
    assert told["data"] == {
        "dataset": {"id": "a/gpqa", "task_id": "diamond"},
        "value": 20.5,
        "source": {"url": "https://hub.example/x", "name": "Ada"},
    }


def test_tags_by_type(call, user, base, token):
    make_repo("own", owner=user, private=True, files={"README.md": b"---\ntags: [secret-tag]\n---\n# O\n"})
    told = call("GET", "/api/models-tags-by-type").json()
    assert told["license"] == [{"id": "license:mit", "label": "MIT", "type": "license"}]
    assert {"id": "fill-mask", "label": "Fill-mask", "type": "pipeline_tag"} in told["pipeline_tag"]
    assert {"id": "transformers", "label": "transformers", "type": "library"} in told["library"]
    assert {"id": "en", "label": "English", "type": "language"} in told["language"]
    assert told["dataset"] == [{"id": "dataset:squad", "label": "squad", "type": "dataset"}]
    assert "secret-tag" not in json.dumps(told)
    assert "secret-tag" in json.dumps(call("GET", "/api/models-tags-by-type", token=token).json())


def test_tags_of_data_sets_by_type(call, user):
    card = b"---\nlicense: odbl\nlanguage: fr\ntask_categories: [translation]\ntags: [tried]\n---\n# D\n"
    make_repo(owner=user, kind="dataset", files={"README.md": card})
    told = call("GET", "/api/datasets-tags-by-type").json()
    assert [one["id"] for one in told["task_categories"]] == ["task_categories:translation"]
    assert told["language"][0]["label"] == "French" and told["other"][0]["id"] == "tried"


def test_there_are_no_spaces(call):
    assert call("GET", "/api/spaces?search=x&limit=3").json() == []


@pytest.mark.parametrize("query", ["", "full=true", "config=true", "expand=sha&expand=baseModels&expand=evalResults"])
def test_a_page_takes_as_many_queries_for_many_as_for_few(call, user, query, django_assert_max_num_queries):
    for _ in range(6):
        make_repo(owner=user, files=files(**{"a/b.txt": b"x"}))
    with django_assert_max_num_queries(12):
        assert len(ids(call("GET", f"/api/models?{query}"))) == 6
