"""The 8x8 digits: read them, and train a residual network on them. Used by the data set and two models."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from seeds.evidence import Source
from seeds.seed import Fact, Package

FILE = "sklearn/datasets/data/digits.csv.gz"
DESCRIPTION = "sklearn/datasets/descr/digits.rst inside scikit-learn 1.9.1"

PACKAGE = Package(
    "scikit-learn",
    "1.9.1",
    files={FILE: "09f66e6debdee2cd2b5ae59e0d6abbb73fc2b0e0185d2e1957e9ebb51e23aa22"},
    texts={"sklearn/datasets/descr/digits.rst": "UPSTREAM_DESCRIPTION.rst"},
)

DATA_LICENCE = Fact("CC BY 4.0 at the UCI repository.", "UCI repository page, not in the package; not checked here")
CREDIT = (
    "It is trained on {owner}/digits, which is Optical Recognition of Handwritten Digits by E. Alpaydin (1998).\n"
    "Licence: Creative Commons Attribution 4.0.\nhttps://creativecommons.org/licenses/by/4.0/"
)
WRITERS = Fact(
    "43 people wrote the original set, 13 of them this part; who they were (age, country, hand) is not stated.",
    DESCRIPTION,
)
SOURCE = Source(
    "optdigits",
    "public",
    "image",
    f"Not stated in {DESCRIPTION}.",
    external="Optical Recognition of Handwritten Digits, test part (E. Alpaydin)",
    records=1797,
    content=("1998", "1998"),
    method="digits written into a preprinted form, scanned, and counted in blocks of 4x4 pixels",
    has_persons=False,
    pii="none",
    licence="cc-by-4.0",
    steps=("bitmaps of 32x32 reduced to 8x8 counts",),
    gaps=("Who the 13 writers were is not stated.", "Writers are not marked, so no split by writer can be made."),
)
TRAINED_ON = Source(
    "digits",
    "public",
    "image",
    f"Not stated in {DESCRIPTION}.",
    dataset="{owner}/digits",
    stage="pretrain",
    share_pct=100,
    records=1347,
    content=("1998", "1998"),
    method="three quarters of the data set, drawn stratified by label with seed 0",
    has_persons=False,
    pii="none",
    licence="cc-by-4.0",
    steps=("resized and scaled by the shipped image processor",),
    gaps=("Writers occur on both sides of the split.",),
)


@dataclass(frozen=True)
class Recipe:
    """What differs between the two networks; the rest is the same."""

    epochs: int
    batch: int
    peak_rate: float
    shift: int
    seed: int = 0


@dataclass(frozen=True)
class Outcome:
    """Accuracy in 0..1 on the held-out quarter, after the last epoch."""

    accuracy: float
    train_count: int
    test_count: int


def read(source: Path) -> tuple[np.ndarray, np.ndarray]:
    """Images as uint8 of shape (1797, 8, 8) with values 0..16, labels as int64."""
    table = np.loadtxt(source / PACKAGE.name / FILE, delimiter=",", dtype=np.int64)
    return table[:, :-1].astype(np.uint8).reshape(-1, 8, 8), table[:, -1]


def train(model: Any, processor: Any, source: Path, recipe: Recipe) -> Outcome:
    """Train `model` in place on three quarters of the digits, on one thread, the same way each time."""
    import torch
    from sklearn.model_selection import train_test_split

    torch.set_num_threads(1)
    images, labels = read(source)
    pixels = _pixels(images, processor)
    targets = torch.from_numpy(labels)
    train_rows, test_rows = train_test_split(np.arange(len(labels)), test_size=0.25, random_state=0, stratify=labels)
    torch.manual_seed(recipe.seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=recipe.peak_rate, weight_decay=0.05)
    steps = recipe.epochs * -(-len(train_rows) // recipe.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.peak_rate, total_steps=steps)
    for _ in range(recipe.epochs):
        model.train()
        for rows in torch.from_numpy(train_rows)[torch.randperm(len(train_rows))].split(recipe.batch):
            batch = _shifted(pixels[rows], recipe.shift)
            loss = torch.nn.functional.cross_entropy(model(pixel_values=batch).logits, targets[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    model.eval()
    with torch.no_grad():
        parts = torch.from_numpy(test_rows).split(64)
        right = sum(int((model(pixel_values=pixels[p]).logits.argmax(1) == targets[p]).sum()) for p in parts)
    return Outcome(right / len(test_rows), len(train_rows), len(test_rows))


def _pixels(images: np.ndarray, processor: Any) -> Any:
    """Through the processor that is shipped, so that training and use see the same pixels."""
    from PIL import Image

    pictures = [Image.fromarray((image * 15.9375).astype(np.uint8)).convert("RGB") for image in images]
    return processor(pictures, return_tensors="pt")["pixel_values"]


def _shifted(batch: Any, limit: int) -> Any:
    """Each picture moved by up to `limit` pixels both ways; the edge repeats."""
    import torch

    if not limit:
        return batch
    size = batch.shape[-1]
    padded = torch.nn.functional.pad(batch, (limit,) * 4, mode="replicate")
    offsets = torch.randint(0, 2 * limit + 1, (len(batch), 2)).tolist()
    return torch.stack([padded[i, :, y : y + size, x : x + size] for i, (y, x) in enumerate(offsets)])
