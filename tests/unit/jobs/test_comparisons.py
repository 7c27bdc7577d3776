"""Models side by side: only what is alike is compared, and no more is said than the intervals allow."""

import math

import pytest

from hub.accounts.viewer import ANONYMOUS
from hub.jobs.models import EvaluationResult
from hub.jobs.selectors.comparisons import compare, difference
from tests.factories.results import make_dataset, make_model, make_result


def row(value, low=None, high=None, **fields):
    return EvaluationResult(value=value, low=low, high=high, n=100, **fields)


def wilson(hits, n, z=1.959964):
    middle, half = hits + z * z / 2, z * math.sqrt(hits * (n - hits) / n + z * z / 4)
    return row(hits / n, (middle - half) / (n + z * z), (middle + half) / (n + z * z))


def test_the_interval_of_a_difference_is_newcombes():
    """Method 10 of Newcombe (1998), 56/70 and 48/80: 0.2 in 0.0524 to 0.3339, from the two Wilson intervals."""
    found = difference(wilson(48, 80), wilson(56, 70))
    assert found.value == pytest.approx(0.2)
    assert (found.low, found.high) == (pytest.approx(0.0524, abs=5e-5), pytest.approx(0.3339, abs=5e-5))
    assert found.is_sure


def test_without_intervals_nothing_is_sure():
    assert not difference(row(0.1), row(0.9)).is_sure


def test_the_same_predictions_differ_in_nothing():
    found = difference(row(0.9, 0.8, 1.0, predictions_sha256="a"), row(0.9, 0.8, 1.0, predictions_sha256="a"))
    assert (found.value, found.low, found.high, found.is_sure) == (0, 0, 0, False)


@pytest.mark.django_db(transaction=True)
def test_only_what_two_have_on_the_same_data_is_compared():
    one, two, data = make_model(), make_model(), make_dataset()
    make_result(one, data)
    make_result(two, data, value=0.5, low=0.45, high=0.55)
    make_result(one, data, metric="f1")
    make_result(two, make_dataset())
    hidden = make_model(private=True)
    make_result(hidden, data)
    [line] = compare(ANONYMOUS, [one, two, hidden])
    assert (line.dataset, line.key.metric) == (data.full_name, "accuracy")
    assert line.sides[1].difference.value == pytest.approx(-0.4) and line.sides[1].difference.is_sure
    assert line.sides[2].measured is None
