"""Leaderboards rank no finer than intervals allow, never mix data, and show nobody what isn't theirs."""

import datetime as dt

import pytest

from hub.accounts.viewer import ANONYMOUS
from hub.catalog.errors import RepoNotFound
from hub.core import clock
from hub.jobs.errors import NoSuchBoard
from hub.jobs.selectors.leaderboards import leaderboard
from tests.factories.accounts import make_user, viewer_of
from tests.factories.governance import push_files
from tests.factories.results import make_dataset, make_evaluated, make_model, make_result

pytestmark = pytest.mark.django_db(transaction=True)


def ranks(board):
    return [(each.row.value, each.rank, each.last_rank) for each in board.rows]


def test_overlapping_intervals_share_their_ranks():
    data = make_dataset()
    for value, low, high in ((0.95, 0.94, 0.96), (0.90, 0.88, 0.92), (0.89, 0.87, 0.91), (0.70, 0.6, 0.8)):
        make_result(dataset=data, value=value, low=low, high=high)
    board = leaderboard(ANONYMOUS, data)
    assert ranks(board) == [(0.95, 1, 1), (0.90, 2, 3), (0.89, 2, 3), (0.70, 4, 4)]
    assert [row.is_tied for row in board.rows] == [False, True, True, False]


def test_where_less_is_better_the_order_turns():
    data = make_dataset()
    for value in (0.3, 0.1, 0.2):
        make_result(dataset=data, metric="wer", value=value, low=None, high=None, higher_is_better=False)
    assert ranks(leaderboard(ANONYMOUS, data)) == [(0.1, 1, 1), (0.2, 2, 2), (0.3, 3, 3)]


def test_no_number_has_no_rank_and_stands_last():
    data = make_dataset()
    make_result(dataset=data, value=None, low=None, high=None, note="too few rows")
    make_result(dataset=data)
    assert ranks(leaderboard(ANONYMOUS, data)) == [(0.9, 1, 1), (None, None, None)]


def test_the_newest_measurement_counts_not_the_best():
    model, data = make_model(), make_dataset()
    make_result(model, data, value=0.99, measured_at=clock.now() - dt.timedelta(days=1))
    make_result(model, data, value=0.80)
    assert [each.row.value for each in leaderboard(ANONYMOUS, data).rows] == [0.80]


def test_a_new_commit_of_the_data_is_a_new_board_and_old_numbers_are_stale():
    data, old, new = make_dataset(), make_model(), make_model()
    make_result(old, data)
    make_result(new, data)
    push_files(data, {"more.csv": b"a,b\n"})
    make_result(new, data, value=0.5)
    board = leaderboard(ANONYMOUS, data)
    assert board.board.is_current
    assert [each.row.repo for each in board.rows] == [new]
    assert [each.row.repo for each in board.stale] == [old]
    assert [each.is_current for each in board.boards] == [True, False]


def test_what_measured_it_and_the_slice_are_never_mixed():
    data, model = make_dataset(), make_model()
    make_result(model, data)
    make_result(model, data, recipe_version="2.1")
    make_result(model, data, suite="fair-groups", suite_version="1.0", slice={"sex": "f"}, slice_key="sex=f")
    make_result(model, data, metric="f1")
    keys = {(each.key.metric, each.key.by, each.key.slice_key) for each in leaderboard(ANONYMOUS, data).boards}
    recipe = "text-classification"
    assert keys == {
        ("accuracy", f"{recipe}@1", ""),
        ("accuracy", f"{recipe}@2", ""),
        ("f1", f"{recipe}@1", ""),
        ("accuracy", "fair-groups@1", "sex=f"),
    }
    assert leaderboard(ANONYMOUS, data, slice_key="sex=f").board.key.by == "fair-groups@1"


def test_what_the_task_is_judged_by_comes_first():
    data, models = make_dataset(), [make_model(), make_model()]
    for model in models:
        make_result(model, data, metric="ece", suite="calibration", suite_version="1.0", higher_is_better=False)
        make_result(model, data, metric="balanced_accuracy")
    make_result(models[0], data)
    assert [each.key.metric for each in leaderboard(ANONYMOUS, data).boards] == ["accuracy", "balanced_accuracy", "ece"]


def test_a_minor_version_is_the_same_board():
    data = make_dataset()
    make_result(dataset=data, recipe_version="1.0")
    make_result(dataset=data, recipe_version="1.4")
    assert len(leaderboard(ANONYMOUS, data).rows) == 2


def test_a_board_is_chosen_by_what_it_is_made_of():
    data = make_dataset()
    commit = make_result(dataset=data, metric="f1").dataset_commit
    make_result(dataset=data)
    assert leaderboard(ANONYMOUS, data, metric="f1", commit=commit[:8]).board.key.metric == "f1"
    with pytest.raises(NoSuchBoard):
        leaderboard(ANONYMOUS, data, metric="\0")


def test_data_without_measurements_has_an_empty_board():
    board = leaderboard(ANONYMOUS, make_dataset())
    assert (board.board, board.rows, board.boards) == (None, (), ())


def test_private_models_and_data_are_on_nobodys_board():
    owner = make_user()
    data, hidden = make_dataset(), make_model(owner=owner, private=True)
    make_result(hidden, data)
    assert leaderboard(ANONYMOUS, data).rows == ()
    assert len(leaderboard(viewer_of(owner), data).rows) == 1
    with pytest.raises(RepoNotFound):
        leaderboard(ANONYMOUS, make_dataset(private=True))


def test_the_job_is_named_to_those_who_may_see_it():
    owner, model, data = make_user(), make_model(), make_dataset()
    job = make_evaluated(by=owner, base=model, dataset=data)
    make_result(model, data, job=job)
    assert leaderboard(viewer_of(owner), data).rows[0].measured.job == job.public_id
    assert leaderboard(ANONYMOUS, data).rows[0].measured.job == ""


def test_a_board_costs_the_same_however_many_are_on_it(django_assert_num_queries):
    data = make_dataset()
    for _ in range(8):
        make_result(dataset=data)
    with django_assert_num_queries(3):
        leaderboard(ANONYMOUS, data)
