"""adult-income-mlp: a two-layer network on census rows, trained here in a second; the catalog's bias showcase."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from seeds import _adult
from seeds.evidence import Finding, Use
from seeds.seed import Fact, Licence, Measurement, Seed

HIDDEN = (64, 32)
EPOCHS, BATCH, RATE = 6, 256, 2e-3

USAGE = """
import json

import sdk
import torch
from safetensors.torch import load_file

path = sdk.pull("adult-income-mlp").path
config = json.loads((path / "config.json").read_text())
sizes = [len(config["features"]), *config["hidden"], 1]
layers = [torch.nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])]
model = torch.nn.Sequential(layers[0], torch.nn.ReLU(), layers[1], torch.nn.ReLU(), layers[2])
model.load_state_dict(load_file(path / "model.safetensors"))

person = dict.fromkeys(config["features"], 0) | {"age": 40, "education-num": 13, "hours-per-week": 45, "sex_Female": 1}
row = torch.tensor([(person[name] - mean) / std for name, mean, std in
                    zip(config["features"], config["mean"], config["std"])])
print(torch.sigmoid(model(row)).item())  # probability of an income above 50,000 dollars
"""


def build(source: Path, out: Path) -> list[Measurement]:
    import torch
    from safetensors.torch import save_file
    from sklearn.model_selection import train_test_split

    torch.set_num_threads(1)
    table = _adult.read(source)
    features = [name for name in table.columns if not name.startswith("salary_")]
    train_rows, test_rows = train_test_split(np.arange(len(table)), test_size=0.3, random_state=0)
    values = table[features].to_numpy("float32")
    mean, std = values[train_rows].mean(0), values[train_rows].std(0) + 1e-6
    inputs = torch.from_numpy((values - mean) / std)
    labels = torch.from_numpy(table[_adult.LABEL].to_numpy("float32"))

    torch.manual_seed(0)
    model = _network(len(features))
    _train(model, inputs[train_rows], labels[train_rows])
    with torch.no_grad():
        chosen = (model(inputs[test_rows])[:, 0] > 0).numpy()

    save_file(model.state_dict(), out / "model.safetensors", metadata={"format": "pt"})
    config = {"features": features, "hidden": HIDDEN, "mean": mean.tolist(), "std": std.tolist()}
    (out / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    return _measure(table.iloc[test_rows], chosen)


def _network(width: int) -> Any:
    from torch import nn

    first, second = HIDDEN
    return nn.Sequential(
        nn.Linear(width, first), nn.ReLU(), nn.Linear(first, second), nn.ReLU(), nn.Linear(second, 1)
    )  # fmt: skip


def _train(model: Any, inputs: Any, labels: Any) -> None:
    import torch

    optimizer = torch.optim.Adam(model.parameters(), lr=RATE)
    for _ in range(EPOCHS):
        for rows in torch.randperm(len(inputs)).split(BATCH):
            loss = torch.nn.functional.binary_cross_entropy_with_logits(model(inputs[rows])[:, 0], labels[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()


def _measure(test: Any, chosen: np.ndarray) -> list[Measurement]:
    """Accuracy, and how often each group is given the good outcome."""
    truth = test[_adult.LABEL].to_numpy() == 1
    accuracy = float((chosen == truth).mean())
    man = test["sex_Male"].to_numpy() == 1
    women, men = float(chosen[~man].mean()), float(chosen[man].mean())
    hit_women, hit_men = float(chosen[~man & truth].mean()), float(chosen[man & truth].mean())
    races = {name[5:]: float(chosen[test[name].to_numpy() == 1].mean()) for name in test if name.startswith("race_")}
    low, high = min(races, key=lambda race: races[race]), max(races, key=lambda race: races[race])
    how = f"{len(test):,} held-out rows"
    return [
        Measurement(f"Accuracy {accuracy:.1%}.", how, "accuracy", accuracy),
        Measurement(
            f"Predicted above 50,000 dollars: {women:.1%} of women and {men:.1%} of men "
            f"(demographic parity difference {men - women:.3f}, ratio {women / men:.3f}).",
            how,
            "demographic_parity_difference_sex",
            men - women,
        ),
        Measurement(f"Of those who truly earn more, it finds {hit_women:.1%} of women and {hit_men:.1%} of men.", how),
        Measurement(
            f"By race the share ranges from {races[low]:.1%} ({low}) to {races[high]:.1%} ({high}).",
            how,
            "demographic_parity_difference_race",
            races[high] - races[low],
        ),
    ]


SEED = Seed(
    name="adult-income-mlp",
    kind="model",
    purpose="Guesses from census answers whether a person earned above 50,000 dollars; kept to show a measured bias.",
    what="A network of two hidden layers (64 and 32) over 104 columns, trained from scratch when the catalog was "
    "seeded. "
    "It is an exhibit: it reproduces the inequality of its data and must not be used to decide about anybody.",
    usage=USAGE,
    packages=(_adult.PACKAGE,),
    licence=Licence(
        "cc-by-4.0",
        package=_adult.PACKAGE_LICENCE,
        content=Fact("Made by this hub from CC BY 4.0 data and given on under the same terms.", "this catalog"),
        data=_adult.DATA_LICENCE,
    ),
    intended_use=(
        Fact(
            "For showing and measuring allocative bias, and for trying the hub out. Not for deciding about anybody.",
            "this catalog",
        ),
    ),
    training_data=(
        Fact("70 % of the 45,222 rows of `{owner}/adult`, drawn with seed 0.", "this build"),
        _adult.ORIGIN,
        _adult.CENSUS,
        _adult.COLLECTED,
    ),
    known_biases=(
        Fact("Gives the good outcome to men far more often than to women; figures under Evaluation.", "this build"),
        Fact(
            "Sex, race and country are inputs; other columns would stand in for them if they were left out.",
            "this catalog",
        ),
        Fact("The label records what people were paid, with the inequality that is in it.", "this catalog"),
        Fact("Not for decisions about credit, hiring, pay or benefits.", "this catalog"),
    ),
    evaluation=(),
    steps=(
        "Read the table; split 70 / 30 with seed 0; scale by the training part's mean and deviation (in config.json).",
        f"Train with Adam, {EPOCHS} epochs, batches of {BATCH}, one CPU thread; save as safetensors.",
    ),
    sources=(_adult.TRAINED_ON,),
    use=Use(
        intended=("Showing and measuring allocative bias.",),
        out_of_scope=("Decisions about credit, hiring, pay or benefits.", "Any decision about a person."),
        data=3,
        impact=2,
        reach=2,
    ),
    findings=(
        Finding(
            "Gives the good outcome to men far more often than to women",
            "measured when this repository was built; the figures stand in its card",
            axis="gender",
            value="women",
            against="men",
            harm="allocative",
            impact=4,
            exposure=2,
            advice="Use it to show bias, never to decide.",
        ),
    ),
    build=build,
    shared=("seeds._adult",),
    task="tabular-classification",
    library="pytorch",
    tags=("fairness", "tabular", "trained-here", "tiny"),
    datasets=("{owner}/adult",),
    notice=(_adult.CREDIT,),
)
