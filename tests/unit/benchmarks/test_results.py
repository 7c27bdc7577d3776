"""RESULTS.md keeps what isn't measured anew."""

from dataclasses import replace

import pandas as pd
import pytest

from benchmarks import _results, recipes
from benchmarks._recipe_cases import CASES
from workers.contract import JobResult, Measured
from workers.lib.folder import Outcome

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


@pytest.mark.parametrize(("higher", "best"), [(True, 0.7), (False, -0.4)])
def test_a_choice_is_judged_by_validation_rows_not_by_test_rows(higher, best):
    told = Measured(metric="m", value=0.99, n=9, higher_is_better=higher)
    result = JobResult(measured=(told,), tables={"curves": {"validation/m": [[1, 0.4], [2, 0.7], [3, 0.5]]}})
    assert recipes.Tried(None, {}, Outcome(result), 1.0).validated("m") == best


def test_rows_to_test_on_are_the_last_and_apart(tmp_path):
    case = replace(CASES[0], held=2)
    work = recipes.order(case, None, recipes.store(case, pd.DataFrame({"label": range(5)}), tmp_path))
    assert [source.role for source in work.spec.datasets] == ["train", "test"]
    assert [list(pd.read_parquet(folder)["label"]) for folder in work.datasets] == [[0, 1, 2], [3, 4]]


def test_a_note_says_what_was_chosen_of_how_many_and_where():
    case = replace(CASES[0], choices=({"epochs": 1}, {"epochs": 2}))
    row = replace(_row(case, 0.1), choice={"epochs": 2}, where="(here)")
    assert "Of 2 tried, best on validation rows: epochs 2. (here)" in recipes.table([row])


def _row(case, gain):
    before, after = (
        Measured(metric=case.metric, value=value, low=value - 0.05, high=value + 0.05, n=100, higher_is_better=True)
        for value in (0.5, 0.5 + gain)
    )
    return recipes.Row(case, before, after, 1.0)
