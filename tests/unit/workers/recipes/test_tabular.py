"""Tables: what is learnt from, numbers, and networks from elsewhere."""

import json

import numpy as np
import pandas as pd
import pytest
import torch
from safetensors.torch import save_file

from tests.factories.recipes import make_tiny
from workers.lib import data, mlp
from workers.lib.session import Table, Trouble
from workers.recipes import tabular


def test_a_number_is_told_with_its_errors(tmp_path):
    tiny = make_tiny("tabular", tmp_path, epochs=30, boosting=True)
    for table in (tiny.train, tiny.test):
        table.rows["label"] = 3 * table.others["size"] + 10
    session, trained = tiny.tune()
    found = tiny.score(session, session.out)
    assert found["r2"].value > 0.9
    assert found["rmse"].low < found["rmse"].value < found["rmse"].high
    assert trained.metadata["pipeline_tag"] == "tabular-regression"
    assert "Gradient boosting" in trained.card["Beside it"]


def test_the_label_under_another_name_is_not_learnt_from(tmp_path):
    tiny = make_tiny("tabular", tmp_path, epochs=1)
    tiny.train.others["twin"] = (tiny.train.rows["label"] == "yes").astype(int)
    session, trained = tiny.tune()
    assert "twin" not in {column.name for column in mlp.read(session.out).inputs}
    assert trained.notes == ("`twin` is left out: it is the label under another name.",)


@pytest.fixture
def foreign(tmp_path):
    """A network with one output, as others keep it."""
    layers = torch.nn.Sequential(torch.nn.Linear(2, 3), torch.nn.ReLU(), torch.nn.Linear(3, 1))
    save_file(layers.state_dict(), tmp_path / "model.safetensors")
    told = {"features": ["age", "hours"], "hidden": [3], "mean": [40.0, 35.0], "std": [10.0, 5.0]}
    (tmp_path / "config.json").write_text(json.dumps(told))
    return tmp_path, layers


def test_one_output_becomes_two_with_the_same_probability(foreign, tmp_path):
    folder, layers = foreign
    frame = pd.DataFrame({"age": [30.0, 55.0], "hours": [40.0, 20.0]})
    session = make_tiny("tabular", tmp_path / "tiny").session("use")
    found = tabular.predict(session, folder, Table(pd.DataFrame({"label": [0, 1]}), frame))
    inputs = torch.tensor((frame.to_numpy() - [40, 35]) / [10, 5], dtype=torch.float32)
    assert found.scores[:, 1] == pytest.approx(layers(inputs).sigmoid().detach().numpy()[:, 0], abs=1e-6)
    assert found.labels == ("0", "1")


def test_what_is_no_such_network_is_said(tmp_path):
    (tmp_path / "config.json").write_text('{"model_type": "bert"}')
    with pytest.raises(Trouble, match="no network over a table"):
        mlp.read(tmp_path)


def test_equal_rows_are_held_out_together_and_each_class_by_its_share():
    numbers = np.repeat(np.arange(200), 2)
    rows = pd.DataFrame({"label": np.where(numbers % 4 == 0, "few", "many")})
    whole = Table(rows, pd.DataFrame({"number": numbers}))
    session = type("Seeded", (), {"seed": 3})
    train, held = tabular.split(session, whole)
    assert not set(train.others["number"]) & set(held.others["number"])
    assert held.rows["label"].value_counts().to_dict() == {"many": 30, "few": 10}
    shuffled = data.part(whole, np.random.default_rng(0).permutation(400))
    assert set(tabular.split(session, shuffled)[1].others["number"]) == set(held.others["number"])
