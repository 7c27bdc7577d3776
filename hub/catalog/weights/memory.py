"""How much memory a model takes, by formulas that are shown beside their results.

Sources. Running: EleutherAI, "Transformer Math 101" (2023): what a pass needs beyond the weights stays within a fifth
of them; and the keys and values that a decoder keeps for each token. Training: 16 bytes for each trained number
(weights, gradients and AdamW's two moments, 4 bytes each, as mixed precision by autocast keeps them); activations by
Korthikanti et al., "Reducing Activation Recomputation in Large Transformer Models" (2022), section 4; LoRA: Hu et al.
(2021). The margins (a tenth more in training, 1.5 GiB for the GPU's own libraries, 5 % left free) are this hub's
own.
"""

import csv
import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from hub.catalog.weights.header import Tensor
from hub.catalog.weights.shape import Shape

Task = Literal["load", "run", "lora", "full"]

LORA_RANK = 8
RUN_TOKENS = 4_096
TRAIN_TOKENS, TRAIN_BATCH = 512, 8
_GIB = 1 << 30
_GPU_OWN, _COMPUTER_OWN = 3 * _GIB // 2, 4 * _GIB


@dataclass(frozen=True)
class Term:
    """One part of a sum: what it is, the numbers that are multiplied, and their product in bytes."""

    key: str
    factors: tuple[int, ...]
    size: int


@dataclass(frozen=True)
class Need:
    """What one thing to do with the model takes: the sum of its terms, in bytes."""

    task: Task
    terms: tuple[Term, ...]

    @property
    def size(self) -> int:
        return sum(term.size for term in self.terms)


@dataclass(frozen=True)
class Gpu:
    """`kind` is consumer, workstation, data centre or computer (its main memory)."""

    name: str
    kind: str
    gigabytes: int

    @property
    def usable(self) -> int:
        """Bytes that a model can have: 95 %, without what the GPU's libraries (or a computer's system) take."""
        own = _COMPUTER_OWN if self.kind == "computer" else _GPU_OWN
        return self.gigabytes * 950_000_000 - own


@lru_cache(maxsize=1)
def gpus() -> tuple[Gpu, ...]:
    """Common ones, least memory first, as their makers state it; a computer without one comes last."""
    path = Path(__file__).resolve().parent.parent / "data" / "gpus.csv"
    with path.open(newline="") as file:
        return tuple(Gpu(row["name"], row["kind"], int(row["gigabytes"])) for row in csv.DictReader(file))


def smallest_class(size: int) -> int | None:
    """The least memory in GB with which a GPU has room for that many bytes; None when no single one has."""
    return next((gpu.gigabytes for gpu in gpus() if gpu.kind != "computer" and gpu.usable >= size), None)


def running(stored: int, shape: Shape | None) -> Need:
    terms = [Term("weights", (stored,), stored), Term("pass", (stored,), stored // 5)]
    if shape and shape.is_decoder:
        tokens = min(shape.context or RUN_TOKENS, RUN_TOKENS)
        factors = (2, shape.layers, shape.key_heads, shape.head_size, tokens, 2)
        terms.append(_product("cache", factors))
    return Need("run", tuple(terms))


def needs(*, parameters: int, stored: int, lora: int, shape: Shape | None) -> tuple[Need, ...]:
    """To load, run, fine-tune by LoRA (left out when `lora`, the numbers it trains, is 0), and fine-tune in full."""
    found = [Need("load", (Term("weights", (stored,), stored),)), running(stored, shape)]
    flowing = _activations(shape) if shape else []
    if lora:
        terms = [_product("half", (parameters, 2)), _product("trained", (lora, 16)), *flowing]
        found.append(Need("lora", _with_margin(terms)))
    found.append(Need("full", _with_margin([_product("trained", (parameters, 16)), *flowing])))
    return tuple(found)


def lora_parameters(tensors: Iterable[Tensor]) -> int:
    """What LoRA trains with two thin matrices beside each matrix of the model, those of embeddings left out."""
    matrices = (t.shape for t in tensors if len(t.shape) == 2 and min(t.shape) > 1 and "emb" not in t.name.lower())
    return LORA_RANK * sum(rows + columns for rows, columns in matrices)


def _activations(shape: Shape) -> list[Term]:
    """What flows forward and is kept for the way back: s·b·h·(34 + 5·a·s/h) bytes a layer, and the scores of words."""
    tokens, batch = min(shape.context or TRAIN_TOKENS, TRAIN_TOKENS), TRAIN_BATCH
    width = 34 * shape.hidden + 5 * shape.heads * tokens
    factors = (shape.layers, tokens, batch, shape.hidden, shape.heads)
    terms = [Term("activations", factors, shape.layers * tokens * batch * width)]
    if shape.vocabulary:
        terms.append(_product("scores", (tokens, batch, shape.vocabulary, 6)))
    return terms


def _product(key: str, factors: tuple[int, ...]) -> Term:
    return Term(key, factors, math.prod(factors))


def _with_margin(terms: list[Term]) -> tuple[Term, ...]:
    return (*terms, Term("margin", (), sum(term.size for term in terms) // 10))
