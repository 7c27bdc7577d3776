"""Image classification: one class a picture.

    python -m workers.runner FOLDER    # where FOLDER/job.json says recipe "image-classification"

Any model with AutoModelForImageClassification; the result opens with `pipeline("image-classification", model=…)`.
Pictures are files, bytes or columns of pixels, and go through the image processor that lies beside the weights.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from workers.contract import ColumnRole, Measured, Offer, Option
from workers.lib import classes, clock, data, examples, models, scores, training
from workers.lib.session import Predictions, Recipe, Session, Table, Trained

if TYPE_CHECKING:
    import torch

OFFER = Offer(
    kind="recipe",
    name="image-classification",
    version="1.0.0",
    title="Image classification",
    summary="Teach a vision model to sort pictures into classes.",
    tasks=("image-classification",),
    options=(
        *training.options(epochs=5.0, batch_size=32, learning_rate=5e-4, weight_decay=0.05),
        Option("shift", "int", 0, "Shift pictures", "Move each by up to so many pixels while training.", 0, 64),
        Option("flip", "bool", False, "Flip pictures", "Half of them, left to right; not for digits and letters."),
        Option("freeze", "bool", False, "Train the last layer only", "Faster, and often enough for few pictures."),
        Option("smoothing", "float", 0.0, "Label smoothing", "", 0, 0.5, (), True),
    ),
    columns=(
        ColumnRole("image", "image", "Picture", True, ("image", "img", "picture", "photo", "pixel*", "file_name")),
        ColumnRole("label", "label", "Class", True, ("label", "labels", "class", "target", "digit", "category")),
    ),
    spreads=True,
    metric="accuracy",
    memory="convolution",
    needs=("transformers",),
)  # fmt: skip


def finetune(session: Session) -> Trained:
    from transformers import AutoConfig, AutoImageProcessor, AutoModelForImageClassification

    base = models.base(session)
    processor = models.processor(AutoImageProcessor, session, base)
    old = classes.of(models.processor(AutoConfig, session, base))
    names = classes.kept(classes.names_of(session.rows().rows["label"]), old, session.from_scratch)
    model = models.tune(AutoModelForImageClassification, session, **({} if names == old else classes.head(names)))
    if session.config["freeze"]:
        _freeze(model)
    fitted = _fit(session, model, processor, names)
    model.save_pretrained(session.out)
    processor.save_pretrained(session.out)
    return Trained(fitted.steps, {"Classes": ", ".join(names), **fitted.card()}, metadata=_metadata())


def _metadata() -> dict[str, Any]:
    return {
        "pipeline_tag": "image-classification",
        "library_name": "transformers",
        "base_model_relation": "finetune",
    }


def _freeze(model: Any) -> None:
    """All but the classifier; its name differs, what it is not doesn't: the base model."""
    for parameter in model.base_model.parameters():
        parameter.requires_grad_(False)


def _fit(session: Session, model: Any, processor: Any, names: tuple[str, ...]) -> training.Fitted:
    validation = session.validation
    judged = _examples(processor, validation, names) if validation is not None and len(validation) else None
    return training.fit(
        session,
        model=model,
        train=_examples(processor, session.rows(), names),
        validation=judged,
        collate=_collate,
        loss=_loss(session.config),
        judge=(lambda model: _judged(session, model, judged)) if judged else None,
        metric="accuracy" if judged else "loss",
        higher_is_better=bool(judged),
    )


def _examples(processor: Any, table: Table, names: tuple[str, ...]) -> examples.Lazy:
    """`pixel_values` (channels, height, width) and `labels` of each row."""
    labels, top = data.classes(list(table.rows["label"]), names), data.top_of(table.rows["image"])

    def make(number: int) -> dict[str, Any]:
        picture = data.image(table.rows["image"].iloc[number], top)
        return {"pixel_values": processor(picture, return_tensors="pt")["pixel_values"][0], "labels": labels[number]}

    return examples.Lazy(len(table), make)


def _collate(rows: list[Any]) -> dict[str, Any]:
    import torch

    pictures = torch.stack([row["pixel_values"] for row in rows])
    return {"pixel_values": pictures, "labels": torch.tensor([row["labels"] for row in rows])}


def _loss(config: dict[str, Any]) -> "Callable[[Any, dict[str, Any]], torch.Tensor]":
    """Cross entropy; pictures are moved and flipped while training only."""
    import torch

    def loss(model: Any, batch: dict[str, Any]) -> "torch.Tensor":
        pictures = batch["pixel_values"]
        if model.training:
            pictures = _flipped(_shifted(pictures, config["shift"]), config["flip"])
        logits = model(pixel_values=pictures).logits
        return torch.nn.functional.cross_entropy(logits, batch["labels"], label_smoothing=config["smoothing"])

    return loss


def _shifted(pictures: "torch.Tensor", limit: int) -> "torch.Tensor":
    """Each by up to `limit` pixels both ways; the edge repeats."""
    import torch

    if not limit:
        return pictures
    height, width = pictures.shape[-2:]
    wide = torch.nn.functional.pad(pictures, (limit,) * 4, mode="replicate")
    places = torch.randint(0, 2 * limit + 1, (len(pictures), 2)).tolist()
    return torch.stack([wide[row, :, y : y + height, x : x + width] for row, (y, x) in enumerate(places)])


def _flipped(pictures: "torch.Tensor", wanted: bool) -> "torch.Tensor":
    import torch

    if not wanted:
        return pictures
    chosen = (torch.rand(len(pictures)) < 0.5).to(pictures.device)[:, None, None, None]
    return torch.where(chosen, pictures.flip(-1), pictures)


def _judged(session: Session, model: Any, rows: examples.Lazy) -> dict[str, float]:
    logits, targets = _logits(session, model, rows), [row["labels"] for row in rows]
    return scores.points("single", Predictions(targets, logits.argmax(axis=1)))


def _logits(session: Session, model: Any, rows: examples.Lazy) -> np.ndarray:
    """(rows, classes)."""
    import torch

    found = []
    for part in examples.batches(rows, session.config["batch_size"]):
        with torch.no_grad():
            told = model(pixel_values=_collate(part)["pixel_values"].to(model.device)).logits
        found.append(told.float().cpu().numpy())
    return np.concatenate(found)


def predict(session: Session, model: Path, table: Table) -> Predictions:
    """The classes are the model's own. `seconds` has reading the pictures in it."""
    from transformers import AutoImageProcessor, AutoModelForImageClassification

    processor = models.processor(AutoImageProcessor, session, model)
    loaded = models.load(AutoModelForImageClassification, session, model)
    names = classes.of(loaded.config)
    rows, began = _examples(processor, table, names), clock.monotonic()
    logits = _logits(session, loaded, rows)
    seconds, targets = clock.monotonic() - began, [row["labels"] for row in rows]
    told = logits.argmax(axis=1).tolist()
    return Predictions(targets, told, classes.softmax(logits), names, table.others, seconds)


def score(predictions: Predictions, session: Session) -> list[Measured]:
    return scores.classes(predictions, session.seed)


def tiny(folder: Path, seed: int) -> tuple[Path | None, Table, Table, dict[str, Any]]:
    """Pictures of 16 x 16 pixels: the brighter half says the class."""
    import torch
    from transformers import ResNetConfig, ResNetForImageClassification, ViTImageProcessor

    torch.manual_seed(seed)
    config = ResNetConfig(
        embedding_size=8, hidden_sizes=[8, 16], depths=[1, 1], layer_type="basic", id2label=dict(enumerate("abc"))
    )
    ResNetForImageClassification(config).save_pretrained(folder)
    size = {"height": 16, "width": 16}
    ViTImageProcessor(size=size, image_mean=[0.5] * 3, image_std=[0.5] * 3).save_pretrained(folder)
    random = np.random.default_rng(seed)
    config_for_it = {"max_steps": 40, "batch_size": 16, "learning_rate": 1e-2, "warmup": 0.0}
    return folder, _halves(random, 96), _halves(random, 48), config_for_it


def _halves(random: Any, count: int) -> Table:
    import pandas as pd

    labels = random.integers(0, 2, count)
    pictures = random.uniform(0, 120, (count, 16, 16))
    for picture, label in zip(pictures, labels, strict=True):
        picture[:8] += 120 * label
        picture[8:] += 120 * (1 - label)
    rows = pd.DataFrame({"image": [picture.ravel() for picture in pictures]})
    rows["label"] = np.where(labels == 1, "above", "below")
    return Table(rows, pd.DataFrame({"mean": pictures.mean((1, 2))}))


RECIPE = Recipe(OFFER, finetune, predict, score, tiny)
