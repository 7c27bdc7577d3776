"""Recommenders: people and things by id, what each has taken so far, and three ways to score a thing for a person."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from workers.contract import Code
from workers.lib import data
from workers.lib.session import Table, Trouble

if TYPE_CHECKING:
    import torch

METHODS = ("two-tower", "ratings", "sequence")
FACTORS = ("user_factors", "item_factors", "user_bias", "item_bias", "mean")


@dataclass
class Model:
    """`method` of METHODS, or popular. `weights`: the factors by their names; `language`: for sequences, a causal
    language model over the things' numbers (0 fills up). `history`: the things by the person's number, by time."""

    method: str
    users: tuple[str, ...]
    items: tuple[str, ...]
    titles: tuple[str, ...] = ()
    weights: "dict[str, torch.Tensor]" = field(default_factory=dict)
    language: Any = None
    history: dict[int, np.ndarray] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.user_number = {name: number for number, name in enumerate(self.users)}
        self.item_number = {name: number for number, name in enumerate(self.items)}

    def popularity(self) -> np.ndarray:
        """How often each thing was taken."""
        taken = np.concatenate([np.zeros(0, dtype="int64"), *self.history.values()])
        return np.bincount(taken, minlength=len(self.items)).astype("float32")

    def scores(self, users: Sequence[int | None]) -> np.ndarray:
        """(people, things). Who is unknown gets what is popular."""
        if self.method == "popular":
            return np.tile(self.popularity(), (len(users), 1))
        told = self._of_sequences(users) if self.language is not None else self._of_factors(users)
        told[[number is None for number in users]] = self._for_strangers()
        return told

    def _for_strangers(self) -> np.ndarray:
        return self.popularity() if self.history else np.asarray(self.weights["item_bias"][:, 0])

    def _of_factors(self, users: Sequence[int | None]) -> np.ndarray:
        rows = [number or 0 for number in users]
        w = self.weights
        told = w["user_factors"][rows] @ w["item_factors"].T + w["item_bias"][:, 0] + w["user_bias"][rows] + w["mean"]
        return np.asarray(told.detach(), dtype="float32")

    def _of_sequences(self, users: Sequence[int | None]) -> np.ndarray:
        import torch

        length = self.language.config.n_positions
        rows = [self.history.get(-1 if number is None else number, np.zeros(0, dtype="int64")) for number in users]
        padded, last = pad(rows, length)
        device = next(self.language.parameters()).device
        with torch.no_grad():
            logits = self.language(input_ids=padded.to(device)).logits.float().cpu()
        return np.asarray(logits[torch.arange(len(rows)), last, 1:])

    def ratings(self, users: np.ndarray, items: np.ndarray) -> np.ndarray:
        """What each person would rate each thing; a stranger, or an unknown thing (-1), counts as the mean one."""
        u, i, w = users, items, {k: np.asarray(v) for k, v in self.weights.items()}
        known_user, known_item = u >= 0, i >= 0
        match = (w["user_factors"][u] * w["item_factors"][i]).sum(1) * (known_user & known_item)
        made = w["mean"] + w["user_bias"][u, 0] * known_user + w["item_bias"][i, 0] * known_item + match
        return np.asarray(made, dtype="float64")


def pad(rows: Sequence[np.ndarray], length: int) -> "tuple[torch.Tensor, torch.Tensor]":
    """The last `length` things of each row, counted from 1, filled up with 0 behind; where each row's last one is."""
    import torch

    width = max(1, min(length, max((len(row) for row in rows), default=1)))
    made = torch.zeros(len(rows), width, dtype=torch.long)
    for number, row in enumerate(rows):
        part = row[-width:]
        made[number, : len(part)] = torch.from_numpy(np.asarray(part, dtype="int64") + 1)
    return made, torch.tensor([max(0, min(len(row), width) - 1) for row in rows])


def in_order(table: Table) -> Table:
    """By time where the data tell it, else as they stand."""
    if table.rows["time"].isna().all():
        return table
    return data.part(table, np.argsort(table.rows["time"].to_numpy(), kind="stable"))


def histories(model: Model, table: Table) -> dict[int, np.ndarray]:
    """What each known person took in `table`, in order."""
    ordered = in_order(table).rows
    found: dict[int, list[int]] = {}
    for user, item in zip(*numbers(model, Table(ordered, ordered)), strict=True):
        if user >= 0 and item >= 0:
            found.setdefault(int(user), []).append(int(item))
    return {user: np.asarray(items, dtype="int64") for user, items in found.items()}


def numbers(model: Model, table: Table) -> tuple[np.ndarray, np.ndarray]:
    """People and things of the rows by number, -1 for those that the model doesn't know."""
    users = [model.user_number.get(data.label(value), -1) for value in table.rows["user"]]
    items = [model.item_number.get(data.label(value), -1) for value in table.rows["item"]]
    return np.asarray(users, dtype="int64"), np.asarray(items, dtype="int64")


# --- The files --------------------------------------------------------------------------------------------------------


def write(model: Model, out: Path) -> None:
    from safetensors.torch import save_file

    if model.language is not None:
        model.language.save_pretrained(out)
    else:
        tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in model.weights.items()}
        save_file(tensors, out / "model.safetensors", metadata={"format": "pt"})
        told = {"model_type": "headstart-factors", "method": model.method}
        (out / "config.json").write_text(json.dumps(told, indent=1) + "\n")
    ids = {"users": model.users, "items": model.items, "titles": model.titles}
    (out / "ids.json").write_text(json.dumps(ids, ensure_ascii=False) + "\n")
    _write_history(model, out / "history.safetensors")


def _write_history(model: Model, path: Path) -> None:
    from safetensors.numpy import save_file

    parts = [model.history.get(number, np.zeros(0, dtype="int64")) for number in range(len(model.users))]
    offsets = np.cumsum([0, *[len(part) for part in parts]])
    save_file({"offsets": offsets, "items": np.concatenate([np.zeros(0, dtype="int64"), *parts])}, path)


def read(folder: Path) -> Model:
    """A model as `write` left it; or factors with `ids.json` (users, and items or movies), which rate then."""
    try:
        ids = json.loads((folder / "ids.json").read_text())
        config = json.loads(path.read_text()) if (path := folder / "config.json").exists() else {}
        items = tuple(map(data.label, ids["items"] if "items" in ids else ids["movies"]))
        users, titles = tuple(map(data.label, ids["users"])), tuple(ids.get("titles", ()))
        return _read(folder, config, Model(config.get("method", "ratings"), users, items, titles))
    except (OSError, KeyError, TypeError, ValueError) as fault:
        raise Trouble(
            Code.MODEL_NOT_SUPPORTED,
            "The base is no recommender that this recipe can read.",
            "Leave the base out, or take a model that this recipe made.",
            "base",
        ) from fault


def _read(folder: Path, config: dict[str, Any], model: Model) -> Model:
    from safetensors.torch import load_file

    if config.get("model_type") == "gpt2":
        from transformers import GPT2LMHeadModel

        model.method, model.language = "sequence", GPT2LMHeadModel.from_pretrained(folder, use_safetensors=True).eval()
    else:
        model.weights = load_file(folder / "model.safetensors")
        model.weights = {name: model.weights[name] for name in FACTORS}
    if (history := folder / "history.safetensors").exists():
        model.history = _read_history(history)
    return model


def _read_history(path: Path) -> dict[int, np.ndarray]:
    from safetensors.numpy import load_file

    told = load_file(path)
    parts = np.split(told["items"], told["offsets"][1:-1])
    return {number: part for number, part in enumerate(parts) if len(part)}


# --- New ones ---------------------------------------------------------------------------------------------------------


def new_factors(model: Model, width: int) -> "dict[str, torch.Tensor]":
    """Small random vectors, and biases of 0."""
    import torch

    return {
        "user_factors": torch.randn(len(model.users), width) * 0.05,
        "item_factors": torch.randn(len(model.items), width) * 0.05,
        "user_bias": torch.zeros(len(model.users), 1),
        "item_bias": torch.zeros(len(model.items), 1),
        "mean": torch.zeros(1),
    }


def take_over(model: Model, base: Model) -> None:
    """The base's people and things come first in `model`, and keep what the base knows of them."""
    for kind, count in (("user", len(base.users)), ("item", len(base.items))):
        for part in ("factors", "bias"):
            model.weights[f"{kind}_{part}"][:count] = base.weights[f"{kind}_{part}"]
    model.weights["mean"] = base.weights["mean"]


def new_language(things: int, *, width: int, layers: int, length: int) -> Any:
    """A causal language model over the numbers of things; 0 fills up."""
    from transformers import GPT2Config, GPT2LMHeadModel

    return GPT2LMHeadModel(
        GPT2Config(
            vocab_size=things + 1,
            n_positions=length,
            n_embd=width,
            n_layer=layers,
            n_head=2 if width < 64 else 4,
            bos_token_id=0,
            eos_token_id=0,
            pad_token_id=0,
        )
    )
