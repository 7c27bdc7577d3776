"""RESULTS.md keeps what isn't measured anew."""

from benchmarks import _results, recipes
from benchmarks._recipe_cases import CASES
from workers.contract import Measured

TEXT = "# Results\n\nHow.\n\n## One\n\nold\n\n## Two\n\nstays\n"


def test_a_section_takes_the_place_of_its_own():
    assert _results.replaced(TEXT, "## One\n\nnew\n") == TEXT.replace("old", "new")


def test_a_new_section_comes_last():
    assert _results.replaced(TEXT, "## Three\n\nnew\n") == f"{TEXT}\n## Three\n\nnew\n"


def test_cases_that_were_not_run_keep_their_rows():
    first, second = (_row(case, gain) for case, gain in zip(CASES, (0.3, -0.1), strict=False))
    both = recipes.table([second], recipes.table([first]))
    assert both.index(f"| {first.case.name} |") < both.index(f"| {second.case.name} |")
    assert "Better than untuned: 1 of 2; intervals of 95 % apart (*): 1. Not run:" in both
    assert f"- {first.case.name}: " in both and recipes.NO_BETTER in both


def _row(case, gain):
    before, after = (
        Measured(metric=case.metric, value=value, low=value - 0.05, high=value + 0.05, n=100, higher_is_better=True)
        for value in (0.5, 0.5 + gain)
    )
    return recipes.Row(case, before, after, 1.0)
