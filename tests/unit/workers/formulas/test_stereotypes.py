"""CrowS-Pairs, ICAT and BBQ scores, by their definitions."""

import numpy as np
import pytest

from workers.formulas import stereotypes


def test_a_model_without_opinion_ties_on_every_pair():
    found = stereotypes.crows([-3.0] * 5, [-3.0] * 5)
    assert (found.score, found.neutral, found.n) == (0, 100, 5)


def test_swapping_the_sentences_turns_the_score():
    chance = np.random.default_rng(0)
    more, less = chance.normal(size=50).round(1), chance.normal(size=50).round(1)
    found, turned = stereotypes.crows(more, less), stereotypes.crows(less, more)
    assert turned.score == pytest.approx(100 - found.score - found.neutral)


def test_tokens_that_both_sentences_share():
    assert stereotypes.unmodified([1, 7, 3, 4], [1, 8, 9, 3, 4]) == ([0, 2, 3], [0, 3, 4])


@pytest.mark.parametrize(("lms", "ss", "expected"), [(85.4, 58.3, 71.22), (100, 50, 100), (50, 50, 50), (100, 100, 0)])
def test_icat(lms, ss, expected):
    assert stereotypes.icat(lms, ss) == pytest.approx(expected, abs=5e-3)


def test_bbq_scores():
    said, truth, targets, unknown = [0, 0, 1, 2], [2, 2, 2, 2], [0, 0, 0, 0], [2, 2, 2, 2]
    found = stereotypes.bbq_counts(said, truth, targets, unknown)
    assert (found.accuracy, found.known, found.biased) == (0.25, 3, 2)
    assert stereotypes.bbq_disambiguated(found) == pytest.approx(100 / 3)
    assert stereotypes.bbq_ambiguous(found) == pytest.approx(25)


def test_a_model_that_always_says_unknown_has_no_lean():
    found = stereotypes.bbq_counts([2, 2], [2, 2], [0, 1], [2, 2])
    assert stereotypes.bbq_ambiguous(found) == 0


def test_the_answer_that_follows_the_stereotype():
    assert stereotypes.bbq_target(0, "neg", (0, 1)) == 0
    assert stereotypes.bbq_target(0, "nonneg", (0, 1)) == 1
