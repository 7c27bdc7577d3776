"""WEAT on the vectors of the paper (Caliskan et al. 2017): effect sizes and chances as published."""

import numpy as np
import pytest

from tests.factories.bias_data import vectors
from workers.formulas import association

# First and second target, first and second attribute, d, p (None: drawn, at most 1e-3).
PUBLISHED = [
    ("flowers", "insects", "pleasant_5", "unpleasant_5a", 1.5393, None),
    ("instruments", "weapons", "pleasant_5", "unpleasant_5b", 1.6357, None),
    ("european_american_names_7", "african_american_names_7", "pleasant_9", "unpleasant_9", 0.7234, 0.0154),
    ("male_names", "female_names", "career", "family", 1.8899, None),
    ("math", "arts", "male_terms", "female_terms", 0.9664, 0.0227),
    ("science", "arts_2", "male_terms_2", "female_terms_2", 1.2439, 0.0040),
    ("mental_disease", "physical_disease", "temporary", "permanent", 1.2967, 0.0076),
]


@pytest.mark.parametrize(("one", "two", "first", "second", "d", "p"), PUBLISHED)
def test_weat_as_published(one, two, first, second, d, p):
    found = association.weat((vectors(one), vectors(two)), (vectors(first), vectors(second)))
    assert found.d == pytest.approx(d, abs=5e-5)
    assert found.p < 1e-3 if p is None else found.p == pytest.approx(p, abs=5e-5 if found.is_exact else 4e-3)
    assert found.low < found.d


def test_swapping_the_attributes_turns_the_sign():
    chance = np.random.default_rng(0)
    targets = (chance.normal(size=(6, 4)), chance.normal(size=(6, 4)))
    one, other = chance.normal(size=(5, 4)), chance.normal(size=(5, 4))
    found, turned = association.weat(targets, (one, other)), association.weat(targets, (other, one))
    assert found.d == pytest.approx(-turned.d)
    assert found.is_exact
    assert found.p + turned.p >= 1


def test_a_vector_without_direction_is_refused():
    with pytest.raises(ValueError, match="no direction"):
        association.unit(np.zeros((1, 3)))
