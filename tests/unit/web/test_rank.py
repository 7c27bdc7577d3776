"""Which model to start from: ordered from a data set's page, shown on the job's."""

import pytest
from django.test import Client

from hub.core import clock
from hub.jobs.models import Job
from hub.web.pages import order_lines
from tests.factories.jobs import make_job
from tests.factories.orders import make_base, make_data, make_offers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def data(user):
    make_offers()
    files = {"train.csv": b"text,label\na,1\nb,2\n", "test.csv": b"text,label\nc,1\n"}
    return make_data(user, name="rows", files=files)


def probe(value, low, high):
    return {"value": value, "low": low, "high": high}


def ranked(user, data, *names):
    rows = [
        {"model": names[0], "rank": 1, "linear_probe": probe(0.91, 0.85, 0.95), "knn": probe(0.9, 0.8, 0.95),
         "logme": probe(0.21, None, None), "proxy_a_distance": probe(1.5, None, None), "parameters": 46_891},
        {"model": names[1], "rank": 1, "linear_probe": probe(0.9, 0.84, 0.94), "parameters": 10},
        {"model": names[2], "rank": None, "reason": "It has no <encoder>."},
    ]  # fmt: skip
    spec = {"candidates": [{"repo": name, "commit": "main"} for name in names]}
    return make_job(user, kind="rank", state="succeeded", ended_at=clock.now(), dataset=data, spec=spec,
                    result={"tables": {"ranking": rows}})  # fmt: skip


def test_without_a_worker_that_ranks_it_says_so(signed_in, user):
    text = signed_in.get(f"/datasets/{make_data(user).full_name}/rank").content.decode()
    assert "No worker ranks models yet" in text


def test_models_are_proposed_and_the_order_is_judged_as_it_is_filled_in(signed_in, user, data):
    base = make_base(user, name="fits")
    address = f"/datasets/{data.full_name}/rank"
    text = signed_in.get(address).content.decode()
    assert "There are no models to rank" in text and "Find a model for it" in signed_in.get(
        f"/datasets/{data.full_name}"
    ).content.decode()  # fmt: skip
    look = signed_in.post(address, {"action": "look", "others": base.full_name}).content.decode()
    assert "<html" not in look and "sdk.rank" in look and "headstart rank" in look and "First in the queue" in look


def test_a_ranking_is_ordered_on_the_rows_to_learn_from(signed_in, user, data):
    base, home = make_base(user), make_data(user, files={"train.csv": b"text\nz\n"})
    told = {"action": "order", "others": base.full_name, "home": home.full_name}
    answer = signed_in.post(f"/datasets/{data.full_name}/rank", told)
    job = Job.objects.get()
    assert answer["Location"] == f"/jobs/{job.public_id}" and job.kind == "rank"
    assert [(each["role"], each["split"]) for each in job.spec["datasets"]] == [("test", "train"), ("train", "train")]
    assert [each["repo"] for each in job.spec["candidates"]] == [base.full_name]


def test_a_refused_ranking_keeps_what_was_filled_in(signed_in, data):
    answer = signed_in.post(f"/datasets/{data.full_name}/rank", {"action": "order", "others": "no/body"})
    assert answer.status_code == 422 and "no/body" in answer.content.decode() and not Job.objects.exists()


def test_a_ranking_is_shown_with_its_ties_and_its_reasons(signed_in, user, data):
    one, two = make_base(user), make_base(user)
    job = ranked(user, data, one.full_name, two.full_name, "gone/away")
    text = signed_in.get(f"/jobs/{job.public_id}").content.decode()
    assert text.count("1 (tied)") == 2 and "may be chance" in text and "0.85 to 0.95" in text and "estimate" in text
    assert "It has no &lt;encoder&gt;." in text and "Distance of the data" in text
    assert f"/{one.full_name}/finetune?dataset=" in text and "gone/away/finetune" not in text


@pytest.mark.parametrize("told", [None, {}, {"ranking": 3}, {"ranking": [1, {"model": None, "linear_probe": "x"}]}])
def test_whatever_a_worker_tells_the_page_is_there(signed_in: Client, user, told):
    job = make_job(user, kind="rank", state="succeeded", ended_at=clock.now(), result={"tables": told})
    assert signed_in.get(f"/jobs/{job.public_id}").status_code == 200


def test_lines_say_the_same_as_the_form():
    told = {"kind": "rank", "candidates": ["a/b"], "config": {"rows": 60},
            "datasets": [{"repo": "c/d", "role": "test", "split": "train", "columns": {"text": "words"}},
                         {"repo": "e/f", "role": "train"}]}  # fmt: skip
    lines = order_lines.of_ranking(told)
    compile(lines.sdk, "lines", "exec")
    assert "home='e/f'" in lines.sdk and "'split': 'train'" in lines.sdk
    assert (
        "headstart rank c/d --candidate a/b --home e/f --set=rows=60 --wait --split=train --column=text=words"
        in lines.cli
    )
