"""GET /api/datasets/{owner}/{name}/leaderboard."""

import pytest

from tests.factories import make_repo, make_user

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
