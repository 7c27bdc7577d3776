"""Object detection: boxes and classes of things in pictures.

    python -m workers.runner FOLDER    # where FOLDER/job.json says recipe "object-detection"

Any model with AutoModelForObjectDetection (YOLOS, DETR and their kin); the result opens with
`pipeline("object-detection", model=…)`. Judged by average precision as COCO counts it.
"""

import inspect
import io
from pathlib import Path
from typing import Any

import numpy as np

from workers.contract import Code, ColumnRole, Measured, Offer, Option
from workers.lib import boxes, classes, clock, data, examples, intervals, models, training
from workers.lib.boxes import Objects
from workers.lib.session import Predictions, Recipe, Session, Table, Trained, Trouble

# Turns of the bootstrap; each sorts all boxes anew.
TURNS = 300
# What a model must be sure of at least for a box to be kept.
LEAST = 0.001

OFFER = Offer(
    kind="recipe",
    name="object-detection",
    version="1.0.0",
    title="Object detection",
    summary="Teach a detector to find things in pictures.",
    tasks=("object-detection",),
    options=(
        *training.options(epochs=20.0, batch_size=8, learning_rate=1e-4, clip=0.1),
        Option("corners", "bool", False, "Boxes by their corners", "Left, top, right, bottom; else left, top, width, "
               "height as COCO has it."),
        Option("flip", "bool", True, "Flip pictures", "Half of them, left to right."),
    ),
    columns=(
        ColumnRole("image", "image", "Picture", True, ("image", "img", "picture", "photo", "file_name")),
        ColumnRole("objects", "boxes", "Boxes", True, ("objects", "annotations", "boxes", "bboxes")),
    ),
    metric="map",
    needs=("transformers",),
)  # fmt: skip


def finetune(session: Session) -> Trained:
    from transformers import AutoConfig, AutoImageProcessor, AutoModelForObjectDetection

    base, train = models.base(session), session.rows()
    processor = models.processor(AutoImageProcessor, session, base)
    old = classes.of(models.processor(AutoConfig, session, base))
    names = classes.kept(_names(_objects(session, train)), old, session.from_scratch)
    change = {} if names == old else classes.head(names)
    model = models.tune(AutoModelForObjectDetection, session, **change)
    fitted = _fit(session, model, processor, names)
    model.save_pretrained(session.out)
    processor.save_pretrained(session.out)
    metadata = {"pipeline_tag": "object-detection", "library_name": "transformers", "base_model_relation": "finetune"}
    return Trained(fitted.steps, {"Classes": ", ".join(names), **fitted.card()}, metadata=metadata)


def _objects(session: Session, table: Table) -> list[Objects]:
    return [boxes.read(cell, session.config["corners"]) for cell in table.rows["objects"]]


def _names(truth: list[Objects]) -> tuple[str, ...]:
    found = data.names_of([label for each in truth for label in each.labels])
    if not found:
        raise Trouble(Code.DATASET_EMPTY, "No picture has a box.", "Map the column of boxes.", "columns.objects")
    return found


def _numbered(truth: list[Objects], names: tuple[str, ...]) -> list[Objects]:
    """With class numbers for the classes' names."""
    return [Objects(each.boxes, tuple(data.classes(list(each.labels), names, "objects"))) for each in truth]


def _fit(session: Session, model: Any, processor: Any, names: tuple[str, ...]) -> training.Fitted:
    train, held = session.rows(), session.validation
    truth = _numbered(_objects(session, train), names)
    judged = _numbered(_objects(session, held), names) if held is not None and len(held) else []
    masked = "pixel_mask" in inspect.signature(model.forward).parameters
    return training.fit(
        session,
        model=model,
        train=_examples(processor, train, truth),
        collate=lambda rows: _collate(rows, masked),
        loss=lambda model, batch: model(**_flipped(batch, model.training and session.config["flip"])).loss,
        judge=(lambda model: _judged(model, processor, held, judged, len(names))) if held and judged else None,
        metric="map" if judged else "loss",
        higher_is_better=bool(judged),
    )


def _examples(processor: Any, table: Table, truth: list[Objects]) -> examples.Lazy:
    """`pixel_values`, and `labels`: class_labels, and boxes as [middle, middle, width, height] in shares."""
    top = data.top_of(table.rows["image"])

    def make(number: int) -> dict[str, Any]:
        import torch

        picture, own = data.image(table.rows["image"].iloc[number], top), truth[number]
        size = np.asarray([*picture.size, *picture.size])
        corners = np.clip(own.boxes / size, 0, 1)
        middle, extent = (corners[:, :2] + corners[:, 2:]) / 2, corners[:, 2:] - corners[:, :2]
        shares = torch.tensor(np.concatenate([middle, extent], 1), dtype=torch.float32)
        labels = {"class_labels": torch.tensor(own.labels, dtype=torch.long), "boxes": shares}
        return {"pixel_values": _pixels(processor, picture), "labels": labels}

    return examples.Lazy(len(table), make)


def _pixels(processor: Any, picture: Any) -> Any:
    """(channels, height, width), resized and scaled, without padding."""
    return processor(picture, do_pad=False, return_tensors="pt")["pixel_values"][0]


def _collate(rows: list[Any], masked: bool) -> dict[str, Any]:
    """Pictures in the upper left corner of the smallest frame that holds them all; the boxes in shares of it."""
    import torch

    height = max(row["pixel_values"].shape[1] for row in rows)
    width = max(row["pixel_values"].shape[2] for row in rows)
    pictures, mask = torch.zeros(len(rows), 3, height, width), torch.zeros(len(rows), height, width, dtype=torch.long)
    labels = []
    for number, row in enumerate(rows):
        _, high, wide = row["pixel_values"].shape
        pictures[number, :, :high, :wide], mask[number, :high, :wide] = row["pixel_values"], 1
        share = torch.tensor([wide / width, high / height] * 2)
        labels.append({**row["labels"], "boxes": row["labels"]["boxes"] * share})
    made = {"pixel_values": pictures, "labels": labels}
    return {**made, "pixel_mask": mask} if masked else made


def _flipped(batch: dict[str, Any], wanted: bool) -> dict[str, Any]:
    """The whole batch, half of the times: padding changes sides with its pictures."""
    import torch

    if not wanted or torch.rand(()) < 0.5:
        return batch
    turned = {name: value.flip(-1) for name, value in batch.items() if name != "labels"}
    return {**turned, "labels": [{**each, "boxes": _mirrored(each["boxes"])} for each in batch["labels"]]}


def _mirrored(shares: Any) -> Any:
    made = shares.clone()
    made[:, 0] = 1 - made[:, 0]
    return made


def _judged(model: Any, processor: Any, table: Table, truth: list[Objects], count: int) -> dict[str, float]:
    told = _told(model, processor, table)
    found = boxes.precisions([boxes.match(*each, count) for each in zip(truth, told, strict=True)])
    return {"map": boxes.mean(found), "map_50": boxes.mean(found[:, 0])}


def _told(model: Any, processor: Any, table: Table) -> list[Objects]:
    """One picture at a time, so that none is padded."""
    import torch

    top, found = data.top_of(table.rows["image"]), []
    for cell in table.rows["image"]:
        picture = data.image(cell, top)
        with torch.no_grad():
            made = model(pixel_values=_pixels(processor, picture)[None].to(model.device))
        told = processor.post_process_object_detection(made, LEAST, target_sizes=[picture.size[::-1]])[0]
        numbers = [told[name].float().cpu().numpy() for name in ("boxes", "labels", "scores")]
        found.append(Objects(numbers[0], tuple(numbers[1].astype(int).tolist()), numbers[2]))
    return found


def predict(session: Session, model: Path, table: Table) -> Predictions:
    """Lists of [left, top, right, bottom, class number] and, of the model, a score as the sixth."""
    from transformers import AutoImageProcessor, AutoModelForObjectDetection

    processor = models.processor(AutoImageProcessor, session, model)
    loaded = models.load(AutoModelForObjectDetection, session, model)
    names = classes.of(loaded.config)
    truth, began = _numbered(_objects(session, table), names), clock.monotonic()
    told = [each.to_list() for each in _told(loaded, processor, table)]
    seconds = clock.monotonic() - began
    return Predictions([each.to_list() for each in truth], told, None, names, table.others, seconds)


def score(predictions: Predictions, session: Session) -> list[Measured]:
    """map, map_50, map_75; then of each class that occurs, as a slice."""
    pairs = zip(predictions.targets, predictions.outputs, strict=True)
    count = len(predictions.labels)
    pictures = [boxes.match(Objects.from_list(one), Objects.from_list(other), count) for one, other in pairs]
    whole = boxes.precisions(pictures)
    draws = [boxes.precisions([pictures[row] for row in rows]) for rows in _draws(len(pictures), session.seed)]
    named = (("map", slice(None)), ("map_50", slice(0, 1)), ("map_75", slice(5, 6)))
    made = [_measured(name, whole[:, part], [each[:, part] for each in draws], len(pictures), session)
            for name, part in named]  # fmt: skip
    return made + [
        _measured("map", whole[number], [each[number] for each in draws], len(pictures), session, {"class": name})
        for number, name in enumerate(predictions.labels)
        if not np.isnan(whole[number]).all()
    ]


def _draws(count: int, seed: int) -> Any:
    return intervals.draws(count, seed, TURNS)


def _measured(
    name: str, values: np.ndarray, draws: list[np.ndarray], n: int, session: Session, cut: dict[str, str] | None = None
) -> Measured:
    value, drawn = boxes.mean(values), np.asarray([boxes.mean(each) for each in draws])
    known = drawn[np.isfinite(drawn)]
    if not np.isfinite(value) or not len(known):
        return Measured(name, None, n, slice=cut or {}, seed=session.seed, note="no true boxes")
    low, high = intervals.percentiles(known)
    method = "percentile bootstrap over pictures, 95 %"
    return Measured(name, value, n, low, high, cut or {}, seed=session.seed, method=method)


def tiny(folder: Path, seed: int) -> tuple[Path | None, Table, Table, dict[str, Any]]:
    """One square a picture, red or blue, in one of four places."""
    import torch
    from transformers import YolosConfig, YolosForObjectDetection, YolosImageProcessor

    torch.manual_seed(seed)
    config = YolosConfig(
        hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64, image_size=[32, 32],
        patch_size=8, num_detection_tokens=4, use_mid_position_embeddings=False, hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0, initializer_range=0.2, id2label=dict(enumerate("abc")),
    )  # fmt: skip
    YolosForObjectDetection(config).save_pretrained(folder)
    size = {"height": 32, "width": 32}
    YolosImageProcessor(size=size, do_pad=False).save_pretrained(folder)
    random = np.random.default_rng(seed)
    settings = {
        "max_steps": 100,
        "batch_size": 16,
        "learning_rate": 3e-3,
        "flip": False,
        "clip": 1.0,
        "evaluations": 0.1,
    }
    return folder, _squares(random, 64), _squares(random, 24), settings


def _squares(random: Any, count: int) -> Table:
    import pandas as pd

    made = [_square(random) for _ in range(count)]
    rows = pd.DataFrame({"image": [picture for picture, _ in made], "objects": [objects for _, objects in made]})
    return Table(rows, pd.DataFrame({"area": [objects["bbox"][0][2] ** 2 for objects in rows["objects"]]}))


def _square(random: Any) -> tuple[bytes, dict[str, Any]]:
    picture = random.integers(0, 30, (32, 32, 3)).astype("uint8")
    side, (left, top) = 14, (random.integers(0, 2, 2) * 16 + 1).tolist()
    colour = int(random.integers(0, 2))
    picture[top : top + side, left : left + side, 2 * colour] = 230
    return _png(picture), {"bbox": [[left, top, side, side]], "category": [("red", "blue")[colour]]}


def _png(pixels: np.ndarray) -> bytes:
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


RECIPE = Recipe(OFFER, finetune, predict, score, tiny)
