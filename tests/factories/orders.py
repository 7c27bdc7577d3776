"""What an order takes: a worker with offers, a small model with weights, a small data set with rows."""

import json
import struct
from itertools import count
from typing import Any

from hub.accounts.models import User
from hub.core import clock
from hub.jobs.models import Offer, Worker
from tests.factories.catalog import make_repo
from workers import contract
from workers.contract import ColumnRole, Option

_numbers = count(1)
RECIPE = contract.Offer(
    kind="recipe",
    name="text-classification",
    version="1.0",
    title="Text classification",
    summary="Tells texts apart.",
    tasks=("text-classification",),
    options=(
        Option("epochs", "int", 3, "Epochs", minimum=1, maximum=100),
        Option("learning_rate", "float", 5e-5, "Learning rate", minimum=0.0),
        Option("batch_size", "int", 8, "Batch size", minimum=1, maximum=1024),
        Option("max_length", "int", 128, "Tokens a text", minimum=8),
        Option("method", "choice", "full", "Method", choices=("full", "lora")),
    ),
    columns=(
        ColumnRole("text", "text", "Text", guesses=("text", "sentence", "review")),
        ColumnRole("label", "label", "Label", guesses=("label", "labels", "target")),
    ),
    metric="accuracy",
)
SUITE = contract.Offer(
    kind="suite",
    name="calibration",
    version="1.0",
    title="Calibration",
    summary="How sure it may be.",
    options=(Option("bins", "int", 15, "Bins", minimum=2, maximum=100),),
)
RANKING = contract.Offer(kind="ranking", name="transfer", version="1.0", title="Ranking", summary="Ranks models.",
                         columns=RECIPE.columns)  # fmt: skip
OFFERS = (RECIPE, SUITE, RANKING)
ROWS = b"sentence,label\n" + b"".join(b"text %d,%d\n" % (each, each % 2) for each in range(10))


def make_offers(*offers: contract.Offer, device_class: str = "cpu", memory: int = 8 << 30, **fields: Any) -> Worker:
    """A worker that was heard of just now, with these offers (a recipe, a suite and a ranking without any)."""
    offers = offers or OFFERS
    for each in offers:
        key = {"kind": each.kind, "name": each.name, "version": each.version}
        Offer.objects.update_or_create(**key, defaults={"body": each.to_json()})
    now, number = clock.now(), next(_numbers)
    told = {"device": device_class, "device_class": device_class, "slots": 1, "joined_at": now, "heard_at": now,
            "memory_bytes": memory, "gpu_memory_bytes": memory if device_class != "cpu" else 0}  # fmt: skip
    keys = [f"{each.kind}/{each.name}@{each.version}" for each in offers]
    told |= {"name": f"offerer{number}", "sha256": f"{number:064x}", "hint": "hsw_", "added_by": "system"}
    return Worker.objects.create(**{**told, "offers": keys, **fields})


def weights(*shapes: tuple[int, ...]) -> bytes:
    """A safetensors file of zeros in F32."""
    header, end = {}, 0
    for number, shape in enumerate(shapes or ((4, 4),)):
        size = 4
        for length in shape:
            size *= length
        header[f"layer{number}.weight"] = {"dtype": "F32", "shape": list(shape), "data_offsets": [end, end + size]}
        end += size
    head = json.dumps(header).encode()
    return struct.pack("<Q", len(head)) + head + bytes(end)


def make_base(owner: User | str, *, licence: str = "mit", files: dict[str, bytes] | None = None, **more: Any) -> Any:
    """A model whose weights can be read."""
    card = f"---\nlicense: {licence}\npipeline_tag: text-classification\nlibrary_name: transformers\n---\n# A model\n"
    told = {"README.md": card.encode(), "model.safetensors": weights((8, 8))}
    return make_repo(owner=owner, files=told if files is None else {"README.md": card.encode(), **files}, **more)


def make_data(
    owner: User | str, *, licence: str = "cc-by-4.0", files: dict[str, bytes] | None = None, **more: Any
) -> Any:
    """A data set of ten texts with a label."""
    card = f"---\nlicense: {licence}\n---\n# Texts\n".encode()
    return make_repo(owner=owner, kind="dataset", files={"README.md": card, **(files or {"texts.csv": ROWS})}, **more)


def finetune_of(base: Any, data: Any, **more: Any) -> dict[str, Any]:
    """The JSON of an order that nothing is wrong with."""
    told = {"kind": "finetune", "base": base.full_name, "dataset": data.full_name, "recipe": RECIPE.name}
    return {**told, **more}
