"""Networks over the columns of a table: what they are made of, and how they lie on disk."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workers.contract import Code
from workers.lib.columns import Column
from workers.lib.session import Trouble

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Model:
    """A network and all that it needs to read a table. `labels` is empty where it tells a number, which is its output
    times `std` plus `mean` then."""

    network: "torch.nn.Sequential"
    inputs: tuple[Column, ...]
    hidden: tuple[int, ...]
    labels: tuple[str, ...] = ()
    mean: float = 0.0
    std: float = 1.0
    dropout: float = 0.0
    notes: tuple[str, ...] = field(default=(), compare=False)


def network(places: int, hidden: tuple[int, ...], outputs: int, dropout: float = 0.0) -> "torch.nn.Sequential":
    """Linear layers stand at 0, 2, 4 …, so that their names don't change with the dropout between them."""
    from torch import nn

    layers: list[nn.Module] = []
    for before, width in zip((places, *hidden), hidden, strict=False):
        layers += [nn.Linear(before, width), nn.Sequential(nn.ReLU(), nn.Dropout(dropout))]
    return nn.Sequential(*layers, nn.Linear((places, *hidden)[-1], outputs))


def write(model: Model, out: Path) -> None:
    from safetensors.torch import save_file

    weights = {name: tensor.detach().cpu().contiguous() for name, tensor in model.network.state_dict().items()}
    save_file(weights, out / "model.safetensors", metadata={"format": "pt"})
    config = {
        "model_type": "headstart-mlp",
        "hidden": list(model.hidden),
        "dropout": model.dropout,
        "labels": list(model.labels),
        "target": {"mean": model.mean, "std": model.std},
        "columns": [column.to_json() for column in model.inputs],
    }
    (out / "config.json").write_text(json.dumps(config, indent=1) + "\n")


def read(folder: Path) -> Model:
    """A model as `write` left it, or one with `features`, `hidden`, `mean` and `std` in its config and a single output
    for the second of two classes."""
    from safetensors.torch import load_file

    try:
        config = json.loads((folder / "config.json").read_text())
        weights = load_file(folder / "model.safetensors")
        return _read(config, weights) if "columns" in config else _plain(config, weights)
    except (OSError, KeyError, TypeError, ValueError, RuntimeError) as fault:
        raise Trouble(
            Code.MODEL_NOT_SUPPORTED,
            "The base is no network over a table that this recipe can read.",
            "Leave the base out, or take a model that this recipe made.",
            "base",
        ) from fault


def _read(config: dict[str, Any], weights: "dict[str, torch.Tensor]") -> Model:
    inputs = tuple(Column.from_json(column) for column in config["columns"])
    hidden, labels, target = tuple(config["hidden"]), tuple(config["labels"]), config["target"]
    made = network(sum(each.width for each in inputs), hidden, len(labels) or 1, config["dropout"])
    made.load_state_dict(weights)
    return Model(made, inputs, hidden, labels, target["mean"], target["std"], config["dropout"])


def _plain(config: dict[str, Any], weights: "dict[str, torch.Tensor]") -> Model:
    """One output z becomes two, 0 and z: softmax of these is the sigmoid of that."""
    import torch

    told = zip(config["features"], config["mean"], config["std"], strict=True)
    inputs = tuple(Column(name, "number", mean, std) for name, mean, std in told)
    hidden = tuple(config["hidden"])
    made = network(len(inputs), hidden, 2)
    last = f"{2 * len(hidden)}."
    for name in (last + "weight", last + "bias"):
        weights[name] = torch.cat([torch.zeros_like(weights[name]), weights[name]])
    made.load_state_dict(weights)
    return Model(made, inputs, hidden, ("0", "1"))
