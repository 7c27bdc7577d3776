"""GET /api/datasets/{owner}/{name}/leaderboard."""

import pytest

from tests.factories import make_repo, make_user
from tests.factories.results import make_dataset, make_model, make_result

pytestmark = pytest.mark.django_db


def card(dataset: str, value: float, base: str = "") -> dict[str, bytes]:
    head = f"base_model: {base}\n" if base else ""
    result = f"{{dataset: {{type: {dataset}, name: n}}, metrics: [{{type: f1, value: {value}}}]}}"
    return {"README.md": f"---\n{head}model-index:\n- name: m\n  results: [{result}]\n---\n".encode()}


def test_ranks_by_value_and_leaves_out_what_others_are(client, user) -> None:
    data = make_repo("data", owner=user, kind="dataset")
    low, high = (make_repo(owner=user, files=card(data.full_name, value)) for value in (0.25, 0.5))
    made = make_repo(owner=user, files=card(data.full_name, 0.9, base=low.full_name))
    make_repo(owner=make_user(), private=True, files=card(data.full_name, 0.99))
    url = f"/api/datasets/{data.full_name}/leaderboard"
    entries = client.get(url).json()
    assert [(each["rank"], each["modelId"], each["value"]) for each in entries] == [
        (1, high.full_name, 0.5),
        (2, low.full_name, 0.25),
    ]
    author = {"type": "user", "name": user.username, "fullname": user.username, "avatarUrl": ""}
    assert (entries[0]["filename"], entries[0]["verified"], entries[0]["author"]) == ("README.md", False, author)
    assert client.get(url, {"base_model": "False"}).json()[0]["modelId"] == made.full_name


def test_only_data_sets_have_one(client, user) -> None:
    for name in (f"datasets/{user.username}/absent", f"models/{make_repo(owner=user).full_name}"):
        assert client.get(f"/api/{name}/leaderboard").headers["X-Error-Code"] == "RepoNotFound"


def test_what_was_measured_here_is_verified_and_goes_before_what_is_reported(client, user) -> None:
    data, model = make_dataset(owner=user), make_model(owner=user)
    better = make_model(owner=user)
    make_result(model, data)
    make_result(better, data, value=0.95)
    make_result(better, data, slice_key="sex=f")
    make_repo(owner=user, files=card(data.full_name, 0.25))
    make_repo(better.name + "x", owner=user, private=True, files=card(data.full_name, 0.9))
    entries = client.get(f"/api/datasets/{data.full_name}/leaderboard").json()
    assert [(each["rank"], each["value"], each["verified"]) for each in entries] == [
        (1, 0.95, True),
        (2, 0.9, True),
        (1, 0.25, False),
    ]
    assert entries[0]["filename"] == f".eval_results/{data.full_name.replace('/', '__')}__accuracy.yaml"
    assert entries[0]["notes"].startswith("accuracy by text-classification@1, n = 1000, 95 % interval")


def test_evaluation_results_of_a_model_say_which_are_verified(client, user) -> None:
    data = make_dataset(owner=user)
    row = make_result(make_model(owner=user), data)
    told = [
        {"dataset": {"id": data.full_name, "task_id": "accuracy", "revision": row.dataset_commit}, "value": 1.0},
        {"dataset": {"id": data.full_name, "task_id": "f1"}, "value": 0.5},
    ]
    model = make_repo(owner=user, files={".eval_results/a.yaml": str(told).encode()})
    make_result(model, data, value=0.75)
    entries = client.get(f"/api/models/{model.full_name}?expand=evalResults").json()["evalResults"]
    assert [(each["verified"], each["data"]["value"]) for each in entries] == [(True, 0.75), (False, 0.5)]
