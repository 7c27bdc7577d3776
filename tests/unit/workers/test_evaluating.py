"""Evaluations, and fine-tunes with suites, as the runner goes through them."""

import dataclasses

import pandas as pd
import pytest

from tests.factories import runs
from workers import evaluations
from workers.contract import Code, ColumnRole, Finding, Measured, Offer, Option
from workers.lib.session import Suite, Trouble, Verdict
from workers.recipes import recipe
from workers.runner import evaluating, finetuning, measuring, sessions


def count_rows(session, _method, predictions):
    """A suite that counts, to see what suites are given."""
    groups = session.test.rows["group"].nunique() if "group" in session.test.rows else 0
    found = Measured("rows", float(len(predictions.outputs)), len(session.test), note=f"{session.config['least']}")
    return Verdict([found], [Finding("Few", {"groups": groups})], {"groups": groups})


SUITE = Suite(
    Offer("suite", "count", "1.0.0", "Count", "", options=(Option("least", "int", 5, "Least"),),
          columns=(ColumnRole("group", "any", "Group", False),)),
    count_rows,
)  # fmt: skip


@pytest.fixture
def with_suite(monkeypatch):
    for module in (measuring, evaluating):
        monkeypatch.setattr(module, "suite", {"count": SUITE}.__getitem__)


def begin(path, work):
    path.mkdir()
    return sessions.begin(path, work, runs.Notes(), lambda: False)


@pytest.fixture
def tuned(tmp_path):
    """A model folder that knows its labels."""
    session = runs.make_session(tmp_path / "tuned", "text-classification")
    recipe("text-classification").finetune(session)
    return session


def test_an_evaluation_has_the_recipes_numbers_and_the_suites(tmp_path, tuned, with_suite):
    work = runs.make_work(tmp_path / "work", "text-classification", kind="evaluate", suites=("count",))
    spec = dataclasses.replace(
        work.spec, config={**work.spec.config, "count": {"least": 7}}, datasets=work.spec.datasets[1:]
    )
    work = dataclasses.replace(work, spec=spec, base=str(tuned.out), datasets=work.datasets[1:])
    outcome = evaluating.run(work, begin(tmp_path / "run", work))
    by_name = {each.metric: each for each in outcome.result.measured}
    assert by_name["accuracy"].value > 0.9
    counted = by_name["rows"]
    assert (counted.suite, counted.suite_version, counted.note, counted.value) == ("count", "1.0.0", "7", 48.0)
    assert (counted.dataset, counted.dataset_commit) == ("me/test", runs.COMMIT)
    assert outcome.result.findings[0].title == "Few"
    assert outcome.result.tables["count"] == {"groups": 0}
    rows = pd.read_parquet(tmp_path / "run/predictions.parquet")
    assert set(rows.columns) == {"row", "target", "output", "scores"}
    assert set(rows["output"]) == {"yes", "no"}


def test_both_gives_up_a_share_for_the_test_and_suites_see_the_new_model(tmp_path, with_suite):
    work = runs.make_work(tmp_path / "work", "text-classification", suites=("count",))
    both = dataclasses.replace(work.spec.datasets[0], role="both")
    work = dataclasses.replace(work, spec=dataclasses.replace(work.spec, datasets=(both,)), datasets=work.datasets[:1])
    session = begin(tmp_path / "run", work)
    outcome = finetuning.run(work, session)
    assert len(session.test) == 10
    assert len(session.train) + len(session.validation) == 86
    assert {each.suite for each in outcome.result.measured} == {"", "count"}
    assert outcome.result.notes == ()


def test_without_test_rows_it_says_on_what_it_measured(tmp_path):
    work = runs.make_work(tmp_path / "work", "text-classification", config={"max_steps": 2})
    spec = dataclasses.replace(work.spec, datasets=work.spec.datasets[:1])
    work = dataclasses.replace(work, spec=spec, datasets=work.datasets[:1])
    outcome = finetuning.run(work, begin(tmp_path / "run", work))
    assert outcome.result.measured[0].split == "10 % held out, seed 0"
    assert "no test rows" in outcome.result.notes[0]


@pytest.mark.parametrize(
    ("change", "said"),
    [({"recipe": "magic"}, "no recipe “magic”"), ({"config": {"speed": 3}}, "no option “speed”"),
     ({"datasets": ()}, "for training")],
)  # fmt: skip
def test_an_order_that_can_not_be_run_says_why(tmp_path, change, said):
    work = runs.make_work(tmp_path / "work", "text-classification")
    spec = dataclasses.replace(work.spec, **change)
    work = dataclasses.replace(work, spec=spec, datasets=work.datasets if spec.datasets else ())
    with pytest.raises(Trouble, match=said) as trouble:
        finetuning.run(work, begin(tmp_path / "run", work))
    assert trouble.value.code == Code.BAD_SPEC


def test_a_group_keeps_its_rows_on_one_side(tmp_path):
    work = runs.make_work(tmp_path / "work", "text-classification")
    source = dataclasses.replace(work.spec.datasets[0], columns={**work.spec.datasets[0].columns, "group": "length"})
    work = dataclasses.replace(
        work, spec=dataclasses.replace(work.spec, datasets=(source,)), datasets=work.datasets[:1]
    )
    roles = recipe("text-classification").offer.columns
    train, held = sessions.held_out(sessions.tables(work, roles)["train"], roles, 0)
    assert not set(train.rows["group"]) & set(held.rows["group"])


def test_every_name_of_a_suite_is_one_of_the_list():
    with pytest.raises(KeyError):
        evaluations.suite("magic")
