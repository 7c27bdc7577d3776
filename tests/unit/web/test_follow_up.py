"""What may be done with what was measured: filed, written into the card, measured again, by those who may."""

from typing import Any

import pytest
from django.test import Client

from hub.governance.models import Finding
from hub.jobs.models import Job
from hub.jobs.services import orders
from tests.factories.accounts import make_user
from tests.factories.catalog import make_repo
from tests.factories.results import bias, make_dataset, make_evaluated, make_result, succeed

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def model(user: Any) -> Any:
    return make_repo(owner=user, files={"README.md": b"# A model\n"})


def evaluated(model: Any, by: Any = None) -> Job:
    job = make_evaluated(by=by or make_user(), base=model, dataset=make_dataset())
    succeed(job, findings=(bias(),))
    return job


def post(client: Client, model: Any, **fields: str) -> Any:
    return client.post(f"/{model.full_name}/measured", fields)


def test_who_may_push_files_what_a_stranger_measured(signed_in: Client, model: Any) -> None:
    job = evaluated(model)
    page = signed_in.get(f"/{model.full_name}/evaluations").content.decode()
    assert "File for the reviewers" in page and "Fewer women are recognised" in page
    assert post(signed_in, model, action="file", job=job.public_id).url == f"/{model.full_name}/bias"
    assert Finding.objects.count() == 1
    assert "File for the reviewers" not in signed_in.get(f"/{model.full_name}/evaluations").content.decode()


def test_a_strangers_page_has_no_button_that_would_be_refused(signed_in: Client, user: Any) -> None:
    job = evaluated(make_repo(files={"README.md": b"# A model\n"}), by=user)
    page = signed_in.get(f"/jobs/{job.public_id}").content.decode()
    assert "Fewer women are recognised" in page and "File for the reviewers" not in page
    assert post(signed_in, job.base, action="file", job=job.public_id).status_code == 403


def test_numbers_go_into_the_card(signed_in: Client, model: Any) -> None:
    make_result(model, job=evaluated(model))
    assert "Write the numbers into the card" in signed_in.get(f"/{model.full_name}/evaluations").content.decode()
    assert "/tree/" in post(signed_in, model, action="write").url
    assert post(Client(), model, action="write").url.startswith("/login")


def test_anyone_measures_again_on_the_same_commits(signed_in: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    model = make_repo(files={"README.md": b"# A model\n"})
    job, asked = evaluated(model), []
    result = make_result(model, job.dataset, job=job)
    monkeypatch.setattr(orders, "order", lambda by, order: asked.append(order) or job)
    assert "Measure again" in signed_in.get(f"/{model.full_name}/evaluations").content.decode()
    assert post(signed_in, model, action="again", result=result.public_id).url == f"/jobs/{job.public_id}"
    assert (asked[0].base.revision, asked[0].datasets[0].revision) == (result.commit, result.dataset_commit)
    assert asked[0].suites == ("calibration",)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 400),
        ({"action": "drop"}, 400),
        ({"action": "file", "job": "x" * 9_000}, 404),
        ({"action": "file", "job": "a\0"}, 400),
        ({"action": "again", "result": "absent"}, 404),
        ({"action": "write"}, 409),
    ],
)
def test_odd_forms_get_a_word(signed_in: Client, model: Any, fields: dict[str, str], status: int) -> None:
    assert post(signed_in, model, **fields).status_code == status


def test_a_job_or_result_of_another_model_is_not_of_this_one(signed_in: Client, model: Any, user: Any) -> None:
    job = evaluated(make_repo(owner=user, files={"README.md": b"# Another\n"}))
    result = make_result(job.base, job.dataset, job=job)
    assert post(signed_in, model, action="file", job=job.public_id).status_code == 404
    assert post(signed_in, model, action="again", result=result.public_id).status_code == 404
