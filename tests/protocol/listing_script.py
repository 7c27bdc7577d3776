"""How a person looks around with a stock client: search, filters, order, limits, fields, tags; run by its own Python.

The environment names the hub and the token; `HUB_PREFIX` begins the names of models that nobody else has.
"""

import inspect
import json
import os
import struct
import urllib.request

from huggingface_hub import CommitOperationAdd, HfApi
from huggingface_hub.utils import HfHubHTTPError

PREFIX = os.environ["HUB_PREFIX"]
OWNER, _, WORD = PREFIX.partition("/")
CARD = """---
license: {licence}
pipeline_tag: {task}
library_name: transformers
language: fi
datasets: [squad]
tags: [{word}]
{more}---
# A model

Known as {word}, it sorts {subject}.
"""
api = HfApi()
BASE = "base_model: acme/elsewhere\n"
MOOD, SPAM, DATA = f"{PREFIX}-mood", f"{PREFIX}-spam", f"{PREFIX}-data"


def safetensors(count):
    """A file of so many 32-bit numbers."""
    head = json.dumps({"w": {"dtype": "F32", "shape": [count], "data_offsets": [0, 4 * count]}}).encode()
    return struct.pack("<Q", len(head)) + head + b"\0" * 4 * count


def push(repo, kind="model", *, weights=0, **card):
    api.create_repo(repo, repo_type=kind)
    files = {"README.md": CARD.format(word=WORD, **card).encode()}
    if kind == "model":
        files["config.json"] = json.dumps({"architectures": ["BertForMaskedLM"], "model_type": "bert"}).encode()
        files["model.safetensors"] = safetensors(weights)
    operations = [CommitOperationAdd(path, data) for path, data in files.items()]
    api.create_commit(repo, repo_type=kind, operations=operations, commit_message="Add")


def prepare():
    push(MOOD, licence="mit", task="text-classification", subject="tweets by mood", more="", weights=2000)
    push(
        SPAM,
        licence="apache-2.0",
        task="fill-mask",
        subject="letters",
        more="base_model: acme/elsewhere\n",
        weights=9000,
    )
    push(
        DATA, "dataset", licence="odbl", task="translation", subject="nothing", more="task_categories: [translation]\n"
    )


def models(**asked):
    return [one.id for one in api.list_models(**asked)]


def search_and_filter():
    assert set(models(search=WORD)) == {MOOD, SPAM}
    assert models(search=f"{WORD} tweets") == [MOOD]
    assert models(search=f"{WORD} letters tweets") == []
    assert models(author=OWNER.upper(), filter=[WORD, "license:mit"]) == [MOOD]
    assert models(filter=WORD, pipeline_tag="fill-mask") == [SPAM]
    assert models(filter=(WORD, "fi", "transformers", "license:gpl-3.0")) == []
    assert set(models(filter=WORD, trained_dataset="squad")) == {MOOD, SPAM}
    assert set(models(filter=WORD, gated=False)) == {MOOD, SPAM} and models(filter=WORD, gated=True) == []
    assert models(author="nobody-of-that-name") == []
    assert [one.id for one in api.list_datasets(search=WORD)] == [DATA]
    found = api.list_datasets(filter=WORD, language="fi", task_categories="translation")
    assert [one.id for one in found] == [DATA]
    assert [one.id for one in api.list_datasets(filter=WORD, task_categories="summarization")] == []
    assert list(api.list_spaces(search=WORD, limit=3)) == []


def order_and_limit():
    assert models(filter=WORD, sort="createdAt") == models(filter=WORD, sort="created_at") == [SPAM, MOOD]
    assert models(filter=WORD, sort="last_modified", limit=1) == [SPAM]
    for sort in ("downloads", "likes", "trending_score", "lastModified"):
        assert set(models(filter=WORD, sort=sort)) == {MOOD, SPAM}
    if "direction" in inspect.signature(api.list_models).parameters:
        assert models(filter=WORD, sort="createdAt", direction=-1) == [SPAM, MOOD]


def what_is_served():
    assert models(filter=WORD, inference="warm") == models(filter=WORD, inference_provider="all") == []
    try:
        models(filter=WORD, apps="llama.cpp")
    except HfHubHTTPError as error:
        assert error.response.status_code == 400 and "filter=gguf" in str(error)
    else:
        raise AssertionError("a filter that nobody here can apply was ignored")


def fields():
    [brief] = api.list_models(filter=WORD, pipeline_tag="fill-mask")
    assert brief.siblings is None and brief.card_data is None and brief.config is None
    assert brief.library_name == "transformers" and "license:apache-2.0" in brief.tags and brief.created_at
    [carded] = api.list_models(search=f"{WORD} letters", cardData=True, fetch_config=True)
    assert carded.card_data.license == "apache-2.0" and carded.card_data.base_model == "acme/elsewhere"
    assert carded.config["model_type"] == "bert"
    [full] = api.list_models(search=f"{WORD} letters", full=True)
    assert {one.rfilename for one in full.siblings} >= {"README.md", "model.safetensors"} and len(full.sha) == 40
    names = [
        "downloads",
        "sha",
        "safetensors",
        "config",
        "transformersInfo",
        "baseModels",
        "childrenModelCount",
        "private",
    ]
    [some] = api.list_models(search=f"{WORD} letters", expand=names)
    assert some.sha == full.sha and some.safetensors.total == 9000 and some.tags is None and some.private is False
    assert some.transformers_info.auto_model == "AutoModelForMaskedLM"
    everything = vars(api.model_info(MOOD, expand=["author", "likes", "trendingScore", "mask_token", "usedStorage"]))
    assert everything["author"] == OWNER and everything["likes"] == 0 and everything["tags"] is None
    [dataset] = api.list_datasets(search=WORD, full=True)
    assert dataset.card_data.license == "odbl" and dataset.siblings and dataset.description
    [dataset] = api.list_datasets(search=WORD, expand=["description", "sha", "usedStorage"])
    assert len(dataset.sha) == 40 and dataset.tags is None


def parameters():
    if "num_parameters" in inspect.signature(api.list_models).parameters:
        assert models(filter=WORD, num_parameters="min:1k,max:5k") == [MOOD]
        assert models(filter=WORD, num_parameters="min:5k") == [SPAM]
        assert models(filter=WORD, num_parameters="min:6B,max:128B") == []


def tags():
    found = api.get_model_tags()
    assert {"license", "library", "pipeline_tag", "language", "dataset", "other"} <= set(found)
    assert {"id": "license:mit", "label": "MIT", "type": "license"} in found["license"]
    assert WORD in [one["id"] for one in found["other"]]
    of_datasets = api.get_dataset_tags()
    assert {"task_categories", "license", "language", "other"} <= set(of_datasets)


def page_by_page():
    """The Link header is followed, and the total is told."""
    with urllib.request.urlopen(f"{api.endpoint}/api/models?filter={WORD}&limit=1") as answer:
        assert answer.headers["X-Total-Count"] == "2" and 'rel="next"' in answer.headers["Link"]


if __name__ == "__main__":
    prepare()
    for step in (search_and_filter, order_and_limit, what_is_served, fields, parameters, tags, page_by_page):
        step()
    print("done")
