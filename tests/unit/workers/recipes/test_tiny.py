"""Each recipe learns what is planted in its tiny data, and goes on from a checkpoint as if nothing had happened."""

import pytest

from tests.factories.recipes import digest, make_tiny, stop_at

# By recipe: the metric it is judged by, and what it must reach.
LEARNS = {
    "tabular": ("accuracy", 0.95),
    "recommendation": ("ndcg_at_10", 0.5),
    "image-classification": ("accuracy", 0.95),
    "audio-classification": ("accuracy", 0.95),
    "speech-recognition": ("wer", 0.3),
    "object-detection": ("map", 0.25),
}


@pytest.fixture(scope="module", params=sorted(LEARNS))
def tiny(request, tmp_path_factory):
    return make_tiny(request.param, tmp_path_factory.mktemp("recipe"))


@pytest.fixture(scope="module")
def whole(tiny):
    return tiny.tune()


def test_a_recipe_learns_what_is_planted(tiny, whole):
    session, trained = whole
    metric, wanted = LEARNS[tiny.recipe.offer.name]
    found = tiny.score(session, session.out)[metric]
    assert found.value <= wanted if not found.higher_is_better else found.value >= wanted
    assert found.low <= found.value <= found.high
    assert found.n == len(tiny.test)
    assert trained.steps == max(session.report.steps)


def test_it_is_better_than_what_it_began_with(tiny, whole):
    session, _ = whole
    metric, _ = LEARNS[tiny.recipe.offer.name]
    barely = {**tiny.config, "learning_rate": 1e-8, "epochs": 1, "max_steps": 1}
    new, _ = tiny.tune("untuned", from_scratch=True, config=barely)
    before, after = (tiny.score(each, each.out)[metric] for each in (new, session))
    assert (after.value > before.value) == after.higher_is_better


def test_it_goes_on_bit_for_bit(tiny, whole):
    session, trained = whole
    checkpoint = stop_at(tiny, "half", trained.steps // 2)
    again, _ = tiny.tune("again", resume=checkpoint)
    assert digest(again.out) == digest(session.out)
    assert min(again.report.steps) > trained.steps // 2
    assert {name: again.report.metrics[name] for name in again.report.metrics} == {
        name: session.report.metrics[name] for name in again.report.metrics
    }


def test_its_headline_is_measured_and_its_words_are_there(tiny, whole):
    _, trained = whole
    offer = tiny.recipe.offer
    assert offer.metric == LEARNS[offer.name][0]
    assert trained.metadata["pipeline_tag"] in offer.tasks
    assert all(option.title for option in offer.options)
    assert not any(path.suffix in (".bin", ".pt", ".pth", ".pkl") for path in (tiny.root / "whole/out").iterdir())
