"""A number on rows that the model has learned from says so: by its job, by its bases' jobs, by a card."""

from typing import Any

import pytest

from hub.catalog.models import Ancestor
from hub.core import clock
from hub.jobs.models import EvaluationResult
from hub.jobs.order_reading import read_order
from hub.jobs.selectors import learned
from hub.jobs.services import orders, results
from tests.factories import make_repo
from tests.factories.accounts import viewer_of
from tests.factories.jobs import head_of, make_job
from tests.factories.orders import RECIPE, make_base, make_data, make_offers
from tests.factories.results import measured
from workers.contract import JobResult, Source

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def rows(user: Any) -> Any:
    return make_data(user)


def source(repo: Any, **more: Any) -> dict[str, Any]:
    return Source(repo.full_name, head_of(repo), repo.kind, **more).to_json()


def tuned(user: Any, rows: Any, base: Any = None, **more: Any) -> Any:
    """A model that a job trained on these rows but a tenth."""
    out = make_base(user)
    spec = {"datasets": [source(rows, **{"role": "both", "split": "train"} | more)], "recipe": RECIPE.name, "seed": 0}
    spec |= {"base": source(base)} if base else {}
    made = {"out_repo": out, "result_commit": head_of(out), "ended_at": clock.now(), "state": "succeeded"}
    make_job(user, kind="finetune", spec=spec, **made)
    return out


def said(model: Any, rows: Any, *, seed: int = 0, recipe: str = RECIPE.name, **more: Any) -> str:
    return learned.learned(source(model), learned.Tested(source(rows, **more), recipe, seed))


def test_a_job_tells_what_it_trained_on_and_what_it_held_out(user, rows):
    model = tuned(user, rows)
    assert "trained on rows of" in said(model, rows, role="test", split="train")
    assert said(model, rows, role="test") and not said(model, rows, role="test", split="test")
    assert not said(model, rows, role="both", split="train", columns={"group": "who"})
    assert said(model, rows, role="both", split="train", seed=1)
    assert said(model, rows, role="both", split="train", recipe="another")
    assert not said(model, make_data(user), role="test", split="train")


def test_what_its_base_learned_counts_and_so_does_a_card(user, rows):
    assert said(tuned(user, make_data(user), tuned(user, rows)), rows, role="test", split="train")
    model = make_repo(owner=user)
    assert not said(model, rows, split="train")
    Ancestor.objects.create(repo=model, kind="dataset", relation="trained-on", name=rows.full_name,
                            key=rows.full_name.lower(), commit=head_of(rows))  # fmt: skip
    assert "a card says so" in said(model, rows, split="train") and not said(model, rows, split="test")


def test_the_order_and_the_rows_on_record_say_it(user, rows):
    make_offers()
    model = tuned(user, rows)
    told = {"kind": "evaluate", "base": model.full_name, "recipe": RECIPE.name}
    whole = read_order({**told, "dataset": {"repo": rows.full_name, "split": "train"}})
    [warning] = [each for each in orders.check(viewer_of(user), whole).warnings if each.code == "learned_before"]
    assert model.full_name in warning.message and "held out" in warning.advice
    job = orders.order(by=viewer_of(user), order=whole)
    results.write(job=job, result=JobResult(measured=(measured(rows),)))
    assert EvaluationResult.objects.get().note.startswith("The model was trained on rows of these data.")
