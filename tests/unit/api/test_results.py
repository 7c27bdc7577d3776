"""Measured results as programs read them."""

import pytest

from hub.jobs.order_reading import read_order
from tests.factories import make_token, make_user
from tests.factories.results import bias, make_dataset, make_evaluated, make_model, make_result, succeed

pytestmark = pytest.mark.django_db(transaction=True)
BASE = "/api/headstart"


def test_a_leaderboard_says_ranks_boards_and_what_is_stale(client):
    data = make_dataset()
    make_result(dataset=data)
    make_result(dataset=data, value=0.91, low=0.89, high=0.93)
    make_result(dataset=data, dataset_commit="0" * 40)
    told = client.get(f"{BASE}/leaderboard", {"dataset": data.full_name, "metric": "accuracy"}).json()
    assert [(row["rank"], row["lastRank"], row["tied"]) for row in told["rows"]] == [(1, 2, True)] * 2
    assert told["board"]["current"] and len(told["boards"]) == 2 and len(told["stale"]) == 1
    assert client.get(f"{BASE}/leaderboard", {"dataset": data.full_name, "metric": "x"}).status_code == 404
    assert client.get(f"{BASE}/leaderboard").status_code == 400


def test_results_of_a_model_and_one_of_them(client):
    row = make_result()
    [told] = client.get(f"{BASE}/results", {"model": row.repo.full_name}).json()["items"]
    assert (told["value"], told["low"], told["n"], told["by"]) == (0.9, 0.88, 1000, "text-classification@1")
    assert client.get(f"{BASE}/results/{row.public_id}").json() == told
    hidden = make_result(make_model(private=True))
    for name in (hidden.public_id, "absent"):
        assert client.get(f"{BASE}/results/{name}").json()["code"] == "result_not_found"


def test_the_order_of_a_result_is_one_that_can_be_sent(client):
    model, data = make_model(), make_dataset()
    row = make_result(model, data, job=make_evaluated(base=model, dataset=data))
    order = client.get(f"{BASE}/results/{row.public_id}/order").json()
    assert read_order(order).base.repo == model.full_name
    assert client.get(f"{BASE}/results/{make_result().public_id}/order").status_code == 404


def test_models_side_by_side(client):
    data, one, two = make_dataset(), make_model(), make_model()
    for model, value in ((one, 0.9), (two, 0.5)):
        make_result(model, data, value=value, low=value - 0.02, high=value + 0.02)
    [line] = client.get(f"{BASE}/results/compare", {"model": [one.full_name, two.full_name]}).json()["items"]
    assert line["sides"][1]["sure"] and line["sides"][1]["difference"] == pytest.approx(-0.4)
    assert client.get(f"{BASE}/results/compare", {"model": one.full_name}).status_code == 400


def test_who_may_push_writes_results_and_files_findings(client):
    owner = make_user()
    model, data = make_model(owner=owner), make_dataset()
    job = make_evaluated(by=owner, base=model, dataset=data)
    succeed(job, findings=(bias(),))
    make_result(model, data)
    headers = {"Authorization": f"Bearer {make_token(owner)}"}
    told = client.post(f"{BASE}/models/{model.full_name}/results", headers=headers)
    assert len(told.json()["commit"]) == 40
    assert client.post(f"{BASE}/jobs/{job.public_id}/findings", headers=headers).json() == {"filed": 1}
    assert client.post(f"{BASE}/models/{model.full_name}/results").status_code in (401, 403)
    assert client.post(f"{BASE}/jobs/{job.public_id}/findings").status_code == 404
