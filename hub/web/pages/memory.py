"""The memory that a model takes, in words: each sum with its parts, the numbers in them, and where it fits."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from hub.catalog.weights.memory import (
    LORA_RANK,
    RUN_TOKENS,
    TRAIN_BATCH,
    TRAIN_TOKENS,
    Need,
    Term,
    gpus,
    smallest_class,
)
from hub.web.pages import words
from hub.web.pages.links import Link

_TASKS = {
    "load": "Load the weights",
    "run": "Run it",
    "lora": "Fine-tune with LoRA",
    "full": "Fine-tune all of it",
}
_WORDS = {
    "weights": "the tensors as they are stored",
    "pass": "a fifth more for what a pass needs beside them",
    "cache": "keys and values kept for each token",
    "half": "the frozen model in 16 bit",
    "trained": "weights, gradients and AdamW's two moments",
    "activations": "what flows forward, kept for the way back",
    "scores": "a score for each word at each token",
    "margin": "a tenth more for gaps between blocks",
}
_FORMULAS = {
    "cache": "2 × {} layers × {} heads × {} numbers × {} tokens × {} bytes",
    "half": "{} parameters × {} bytes",
    "trained": "{} trained parameters × {} bytes",
    "activations": "{0} layers × {1} tokens × {2} texts × (34 × {3} wide + 5 × {4} heads × {1} tokens) bytes",
    "scores": "{} tokens × {} texts × {} words × {} bytes",
}
_SOURCES = {
    "run": (Link("EleutherAI, Transformer Math 101", "https://blog.eleuther.ai/transformer-math/"),),
    "lora": (
        Link("Hu et al. 2021", "https://arxiv.org/abs/2106.09685"),
        Link("Korthikanti et al. 2022, section 4", "https://arxiv.org/abs/2205.05198"),
    ),
    "full": (
        Link("Rajbhandari et al. 2020, section 3", "https://arxiv.org/abs/1910.02054"),
        Link("Korthikanti et al. 2022, section 4", "https://arxiv.org/abs/2205.05198"),
    ),
}


@dataclass(frozen=True)
class Part:
    """One term of a sum: what it is, how it is made, what it comes to."""

    words: str
    formula: str
    size: str


@dataclass(frozen=True)
class NeedRow:
    label: str
    size: str
    exact: int
    parts: tuple[Part, ...]
    sources: tuple[Link, ...]
    fits: str


@dataclass(frozen=True)
class GpuRow:
    """Cards with one size of memory; `fits` says for each task whether there is room."""

    memory: str
    names: str
    fits: tuple[bool, ...]


def need_rows(needs: Iterable[Need]) -> tuple[NeedRow, ...]:
    return tuple(
        NeedRow(
            label=_TASKS[need.task],
            size=words.size(need.size),
            exact=need.size,
            parts=tuple(_part(term) for term in need.terms),
            sources=_SOURCES.get(need.task, ()),
            fits=fits(need.size),
        )
        for need in needs
    )


def _part(term: Term) -> Part:
    numbers = (f"{factor:,}" for factor in (term.factors[1:] if term.key == "cache" else term.factors))
    formula = _FORMULAS[term.key].format(*numbers) if term.key in _FORMULAS else ""
    return Part(_WORDS[term.key], formula, words.size(term.size))


def fits(size: int) -> str:
    """`fits any 4 GB GPU`, or how many of a large one it takes."""
    if (least := smallest_class(size)) is not None:
        return f"fits any {least} GB GPU"
    large = max((gpu for gpu in gpus() if gpu.kind == "data centre"), key=lambda gpu: gpu.gigabytes)
    return f"takes {-(-size // large.usable):,} × {large.name} ({large.gigabytes} GB)"


def gpu_rows(needs: Iterable[Need]) -> tuple[GpuRow, ...]:
    sizes = [need.size for need in needs]
    rows = []
    for (_, gigabytes), group in groupby(gpus(), key=lambda gpu: (gpu.kind == "computer", gpu.gigabytes)):
        cards = list(group)
        names = ", ".join(card.name for card in cards)
        rows.append(GpuRow(f"{gigabytes} GB", names, tuple(cards[0].usable >= size for size in sizes)))
    return tuple(rows)


def tasks(needs: Iterable[Need]) -> tuple[str, ...]:
    return tuple(_TASKS[need.task] for need in needs)


def evidence(run: Need | None) -> str:
    """`Runs in 1.2 GB; fits any 4 GB GPU`."""
    return f"Runs in {words.size(run.size)}; {fits(run.size)}" if run else ""


def assumptions(view: Any) -> tuple[str, ...]:
    """What the figures take for granted, given what is known of this model."""
    shape, lora = view.shape, next((need for need in view.needs if need.task == "lora"), None)
    found = []
    if shape is None:
        found.append(
            "Nothing here says that this is a transformer, nor how wide and deep it is: what flows between its layers "
            "while training is not counted and comes on top."
        )
    else:
        tokens = min(shape.context or TRAIN_TOKENS, TRAIN_TOKENS)
        found.append(f"Training takes {TRAIN_BATCH} texts of {tokens:,} tokens at once and recomputes nothing.")
    if shape and shape.is_decoder:
        tokens = min(shape.context or RUN_TOKENS, RUN_TOKENS)
        found.append(f"Running takes one text of up to {tokens:,} tokens at once, its keys and values in 16 bit.")
    if lora:
        count = next(term.factors[0] for term in lora.terms if term.key == "trained")
        found.append(
            f"LoRA puts matrices of rank {LORA_RANK} beside each matrix but embeddings: {words.short(count)} numbers."
        )
    if view.shown.format != "safetensors":
        found.append("Training needs the numbers unrounded: its figures are for the same model as safetensors.")
    return (*found, "Mixed precision, one GPU. It keeps 1.5 GiB for its own libraries, a laptop 4 GiB; 5 % stay free.")
