"""What a head start was worth, by hand."""

import pytest

from hub.jobs.worth import Look, looks, seconds_at, worth_of

CLOCK = ((10, 2.0), (20, 4.0), (30, 8.0))
TUNED, SCRATCH = ((10, 0.8), (20, 0.9), (30, 0.9)), ((10, 0.3), (20, 0.7), (30, 0.8))


def test_the_fine_tune_was_there_earlier():
    found = worth_of(looks(TUNED, CLOCK), looks(SCRATCH, CLOCK), higher_is_better=True)
    assert (found.best, found.reached) == (Look(30, 0.8, 8.0), Look(10, 0.8, 2.0))
    assert (found.tuned_best, found.caught_up) == (Look(20, 0.9, 4.0), None)
    assert found.saved_steps == pytest.approx(2 / 3) and found.saved_seconds == 0.75


def test_the_fine_tune_never_got_there():
    found = worth_of(looks(SCRATCH), looks(TUNED), higher_is_better=True)
    assert found.reached is None and found.saved_steps is None and found.saved_seconds is None
    assert found.caught_up == Look(10, 0.8)


def test_less_is_better_of_a_loss():
    found = worth_of(looks(((1, 0.5), (2, 0.1))), looks(((1, 0.4), (2, 0.6))), higher_is_better=False)
    assert (found.best, found.reached, found.saved_steps) == (Look(1, 0.4), Look(2, 0.1), -1.0)


def test_nothing_to_compare():
    assert worth_of((), looks(TUNED), higher_is_better=True) is None


@pytest.mark.parametrize(("step", "seconds"), [(5, 1.0), (10, 2.0), (25, 6.0), (30, 8.0), (31, None)])
def test_times_between_looks(step, seconds):
    assert seconds_at(CLOCK, step) == seconds
    assert seconds_at((), step) is None
