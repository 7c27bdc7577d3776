"""Numbers on the wire that carry the hub's token, and data sets that `eval.yaml` makes a benchmark."""

import pytest
import yaml

from hub.catalog.benchmarks import read_benchmark
from hub.catalog.models import ReportedResult
from hub.jobs.selectors.verified import verified_of
from hub.jobs.verifying import token_of
from tests.factories import make_repo
from tests.factories.results import make_dataset, make_model, make_result

pytestmark = pytest.mark.django_db
EVAL = """
name: Film snippets
description: Is it a kind word?
evaluation_framework: headstart
tasks:
- {id: kindness, config: default, split: test, metric: accuracy}
- {id: harshness, split: hard}
"""


def told_of(client, model):
    return client.get(f"/api/models/{model.full_name}?expand=evalResults").json()["evalResults"]


def entry(row, **more):
    data = {"id": row.dataset_name, "task_id": row.metric, "revision": row.dataset_commit}
    return {"dataset": data, "value": row.value, "verifyToken": token_of(row, row.metric), **more}


def files_of(*entries):
    return {".eval_results/a.yaml": yaml.safe_dump(list(entries)).encode()}


CHANGES = [{"value": 0.99}, {"verify_token": "x.y"}, {"verify_token": "ü"}, {"verify_token": ""},
           {"dataset": "other/data"}, {"revision": "b" * 40}, {"metric": "f1"}]  # fmt: skip


@pytest.mark.parametrize("more", [{}, *CHANGES])
def test_the_badge_stands_by_the_hubs_record_alone(user, more):
    row = make_result(make_model(owner=user), make_dataset(owner=user))
    told = {"dataset": row.dataset_name, "revision": row.dataset_commit, "metric": "accuracy", "value": row.value}
    told |= {"verify_token": token_of(row, "accuracy"), "source": "eval-results", "path": "a.yaml"}
    reported = ReportedResult.objects.create(repo=row.repo, position=1, **{**told, **more})
    assert verified_of([reported]) == (frozenset() if more else {reported.pk})


def test_a_token_that_was_copied_to_another_model_opens_nothing(client, user):
    data = make_dataset(owner=user)
    row = make_result(make_model(owner=user), data)
    thief = make_repo(owner=user, files=files_of(entry(row)))
    assert [each["verified"] for each in told_of(client, thief)] == [False]
    board = client.get(f"/api/datasets/{data.full_name}/leaderboard").json()
    assert {each["modelId"]: each["verified"] for each in board} == {row.repo.full_name: True, thief.full_name: False}
    (own,) = told_of(client, row.repo)
    assert own["data"]["verifyToken"] == token_of(row, "accuracy") and row.commit in own["data"]["notes"]


@pytest.fixture
def benchmark(user):
    return make_repo(owner=user, kind="dataset", files={"README.md": b"# Data\n", "eval.yaml": EVAL.encode()})


def test_a_benchmark_ranks_the_results_of_its_tasks_by_their_names(client, user, benchmark):
    model = make_model(owner=user)
    row = make_result(model, benchmark, split="test", dataset_config="")
    make_result(model, benchmark, metric="f1", split="test")
    make_result(model, benchmark, metric="f1", split="hard", value=0.25)
    told = [{"dataset": {"id": benchmark.full_name, "task_id": name}, "value": 0.1} for name in ("kindness", "f1")]
    make_repo(owner=user, files=files_of(*told))
    board = client.get(f"/api/datasets/{benchmark.full_name}/leaderboard").json()
    files = {each["value"]: each["filename"].partition("__")[2].partition("__")[2] for each in board}
    assert files == {0.9: "kindness.yaml", 0.25: "harshness-f1.yaml", 0.1: ""}
    names = {each["data"]["value"]: each["data"]["dataset"]["task_id"] for each in told_of(client, model)}
    assert names[row.value] in {"kindness", "f1"} and names[0.25] == "harshness:f1"
    page = client.get(f"/datasets/{benchmark.full_name}/leaderboard").content.decode()
    assert "Film snippets" in page and "kindness" in page and "harshness" in page.lower()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[", "no YAML"),
        ("name: x", "evaluation_framework is missing"),
        (EVAL.replace("tasks:\n", "tasks: x\nmore:\n"), "tasks takes a list"),
        (EVAL.replace("id: kindness, ", ""), "Task 1 has no id"),
        (EVAL.replace("harshness", "Kindness"), "Two tasks are called"),
        (EVAL.replace("split: hard", "split: [1]"), "split of task harshness"),
        (EVAL.replace("description: Is it a kind word?", "description: 3"), "description"),
    ],
)
def test_a_broken_eval_yaml_is_named(text, says):
    found = read_benchmark(text)
    assert found.tasks == () and any(says in fault for fault in found.faults), found.faults


def test_a_broken_eval_yaml_is_a_notice_and_no_error_page(client, user):
    data = make_repo(owner=user, kind="dataset", files={"README.md": b"# Data\n", "eval.yaml": b"tasks: ["})
    make_result(make_model(owner=user), data)
    page = client.get(f"/datasets/{data.full_name}/leaderboard")
    assert page.status_code == 200 and b"eval.yaml</strong> of this data set can" in page.content
    assert len(client.get(f"/api/datasets/{data.full_name}/leaderboard").json()) == 1
