"""What was measured, as each may see it, and how to measure it again."""

import pytest

from hub.accounts.viewer import ANONYMOUS
from hub.jobs.errors import NoSuchResult
from hub.jobs.order_reading import read_order
from hub.jobs.selectors import results
from tests.factories.accounts import make_user, viewer_of
from tests.factories.governance import push_files
from tests.factories.results import make_dataset, make_evaluated, make_model, make_result

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_result_says_whether_its_commit_is_the_head():
    model = make_model()
    make_result(model)
    assert results.results_of(ANONYMOUS, model)[0].is_current
    push_files(model, {"more.txt": b"more"})
    assert not results.results_of(ANONYMOUS, model)[0].is_current


def test_results_are_found_by_commit_and_data():
    model, data = make_model(), make_dataset()
    commit = make_result(model, data).commit
    make_result(model)
    assert len(results.results_of(ANONYMOUS, model)) == 2
    assert len(results.results_of(ANONYMOUS, model, dataset=data.full_name.upper())) == 1
    assert len(results.results_of(ANONYMOUS, model, commit=commit)) == 2
    assert results.results_of(ANONYMOUS, model, commit="0" * 40) == ()


def test_a_number_that_was_measured_again_stands_once():
    model, data = make_model(), make_dataset()
    make_result(model, data, value=0.1)
    newest = make_result(model, data, value=0.2)
    assert [each.row for each in results.newest_of(ANONYMOUS, model)] == [newest]


def test_data_that_is_private_or_gone_is_shown_to_the_models_people_alone():
    owner = make_user()
    model, data = make_model(owner=owner), make_dataset(owner=owner, private=True)
    row = make_result(model, data)
    assert results.results_of(ANONYMOUS, model) == ()
    assert len(results.results_of(viewer_of(owner), model)) == 1
    row.dataset = None
    row.save()
    assert results.results_of(ANONYMOUS, model) == ()
    assert len(results.results_of(viewer_of(owner), model)) == 1
    with pytest.raises(NoSuchResult):
        results.find_result(ANONYMOUS, row.public_id)


def test_anybody_may_measure_again_what_they_may_see():
    model, data = make_model(), make_dataset()
    row = make_result(model, data, job=make_evaluated(base=model, dataset=data), seed=7)
    order = results.order_again(ANONYMOUS, results.find_result(ANONYMOUS, row.public_id))
    assert (order["base"], order["base_revision"], order["seed"]) == (model.full_name, row.commit, 7)
    assert order["datasets"][0]["revision"] == row.dataset_commit
    assert order["suites"] == ["calibration"]
    told = read_order(order)
    assert (told.base.revision, told.datasets[0].revision) == (row.commit, row.dataset_commit)


def test_an_order_that_read_private_data_is_nobody_elses():
    model, data = make_model(), make_dataset()
    job = make_evaluated(base=model, dataset=make_dataset(private=True))
    row = make_result(model, data, job=job)
    found = results.find_result(ANONYMOUS, row.public_id)
    with pytest.raises(NoSuchResult):
        results.order_again(ANONYMOUS, found)
