from typing import Any

import pytest
from django.test import Client

from hub.catalog.models import ReportedResult
from hub.jobs.verifying import token_of
from tests.factories import make_repo
from tests.factories.results import make_dataset, make_model, make_result

pytestmark = pytest.mark.django_db(transaction=True)


def test_overlapping_intervals_share_a_rank(client: Client) -> None:
    data = make_dataset()
    for name, value in (("first", 0.95), ("near", 0.94), ("behind", 0.6)):
        make_result(make_model(name), data, value=value, low=value - 0.02, high=value + 0.02)
    text = client.get(f"/datasets/{data.full_name}/leaderboard").content.decode()
    assert text.count("1 to 2") == 2 and text.index("first") < text.index("near") < text.index("behind")
    assert "0.93 to 0.97" in text


def test_nothing_measured_is_said(client: Client) -> None:
    data = make_dataset()
    assert "Nothing measured yet" in client.get(f"/datasets/{data.full_name}/leaderboard").content.decode()
    assert client.get(f"/datasets/{data.full_name}/leaderboard?metric=none").status_code == 404


def test_measured_stands_apart_from_reported(client: Client, model: Any, url: str) -> None:
    make_result(model, value=0.731, low=0.7, high=0.76)
    text = client.get(f"{url}/evaluations").content.decode()
    assert "Measured by this hub" in text and "0.731" in text and "0.7 to 0.76" in text and "measured-here" in text
    assert "measured by this hub" in client.get(url).content.decode()


def test_a_reported_number_of_this_hubs_own_record_is_verified(client: Client, model: Any, url: str) -> None:
    row = make_result(model, make_dataset())
    told = {"dataset": row.dataset_name, "revision": row.dataset_commit, "metric": "accuracy", "value": row.value}
    told |= {"text": "0.9", "source": "eval-results", "path": "a.yaml", "verify_token": token_of(row, "accuracy")}
    for position, more in enumerate(({}, {"value": 0.99})):
        ReportedResult.objects.create(repo=model, position=50 + position, **{**told, **more})
    assert client.get(f"{url}/evaluations").content.decode().count("verified</span>") == 1


def test_results_on_hidden_data_are_not_told(client: Client, model: Any, url: str, user: Any) -> None:
    hidden = make_repo("hidden", owner=user, kind="dataset", private=True, files={"README.md": b"# H\n"})
    make_result(model, hidden, value=0.4242)
    assert "0.4242" not in client.get(f"{url}/evaluations").content.decode()
