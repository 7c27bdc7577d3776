"""Recommendations by each method, and models from elsewhere."""

import json

import numpy as np
import pandas as pd
import pytest
import torch
from safetensors.torch import save_file

from tests.factories.recipes import digest, make_tiny, stop_at
from workers.lib import ranking, recommender
from workers.lib.recommender import Model
from workers.lib.session import Table, Trouble
from workers.recipes import recommendation


@pytest.mark.parametrize("method", ["ratings", "sequence"])
def test_each_method_learns_and_goes_on_bit_for_bit(tmp_path, method):
    tiny = make_tiny("recommendation", tmp_path, method=method, epochs=15)
    session, trained = tiny.tune()
    found = tiny.score(session, session.out)
    # The mean rating alone is off by 2 on the average; what is popular finds 0.14.
    assert found["rmse"].value < 1.5 if method == "ratings" else found["ndcg_at_10"].value > 0.3
    again, _ = tiny.tune("again", resume=stop_at(tiny, "half", trained.steps // 2))
    assert digest(again.out) == digest(session.out)


def test_sequences_open_with_transformers(tmp_path):
    from transformers import AutoModelForCausalLM

    session, _ = make_tiny("recommendation", tmp_path, method="sequence", epochs=1).tune()
    assert AutoModelForCausalLM.from_pretrained(session.out).config.vocab_size == 31


def test_it_goes_on_from_a_model_and_takes_new_people_in(tmp_path):
    tiny = make_tiny("recommendation", tmp_path, epochs=10)
    session, _ = tiny.tune()
    newcomer = pd.DataFrame({"user": 99, "item": [1, 2, 3], "time": 1, "title": None, "rating": 5.0})
    rows = pd.concat([tiny.train.rows, newcomer], ignore_index=True)
    more = Table(rows, pd.DataFrame(index=rows.index))
    tuned, _ = tiny.tune("more", base=session.out, train=more, config={**tiny.config, "epochs": 1})
    first, second = recommender.read(session.out), recommender.read(tuned.out)
    assert second.users == (*first.users, "99")
    near = torch.nn.functional.cosine_similarity(first.weights["item_factors"], second.weights["item_factors"])
    assert near.mean() > 0.9


@pytest.fixture
def foreign(tmp_path):
    """Factors with ids as others keep them: no config, no history, and movies."""
    weights = {name: torch.zeros(2, 1) for name in ("user_bias", "item_bias")}
    weights |= {"user_factors": torch.eye(2), "item_factors": torch.eye(2), "mean": torch.tensor([3.0])}
    save_file(weights, tmp_path / "model.safetensors")
    (tmp_path / "ids.json").write_text(json.dumps({"users": [7, 8], "movies": [1, 2], "titles": ["One", "Two"]}))
    return tmp_path


def test_factors_from_elsewhere_rate(foreign):
    model = recommender.read(foreign)
    assert model.method == "ratings"
    users, items = np.asarray([0, 0, -1]), np.asarray([0, 1, 0])
    assert model.ratings(users, items).tolist() == [4.0, 3.0, 3.0]


def test_what_is_no_recommender_is_said(tmp_path):
    with pytest.raises(Trouble, match="no recommender"):
        recommender.read(tmp_path)


def test_what_somebody_took_is_not_proposed_again_and_the_other_held_out_things_are_no_rivals():
    model = Model("popular", ("7",), ("a", "b", "c", "d"), history={0: np.asarray([0, 0, 1])})
    rows = pd.DataFrame({"user": [7, 7], "item": ["c", "d"]})
    assert ranking.lists_for(model, Table(rows, rows)) == [["c"], ["d"]]


def test_places_and_gain():
    found = ranking.places(["a", "z"], [["b", "a"], ["b"]])
    assert found.tolist() == [2, np.inf]
    assert ranking.ndcg(found) == pytest.approx([0.6309297535714575, 0])


def test_what_each_took_last_is_held_out():
    rows = pd.DataFrame({"user": [1, 1, 1, 2, 2], "item": list("abcde"), "time": [3, 1, 2, 1, 2]})
    train, held = recommendation.split(None, Table(rows, rows[[]]))
    assert list(held.rows["item"]) == ["a"]
    assert sorted(train.rows["item"]) == list("bcde")
