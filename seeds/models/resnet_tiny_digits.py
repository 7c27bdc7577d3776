"""resnet-tiny-digits: a residual network of 177,178 parameters, trained here in seconds on scikit-learn's digits."""

from pathlib import Path

from seeds import _digits
from seeds._quiet import quiet
from seeds.evidence import Finding, Use
from seeds.seed import Fact, Licence, Measurement, Seed

SIDE = 32
RECIPE = _digits.Recipe(epochs=10, batch=64, peak_rate=5e-3, shift=0)

USAGE = """
import sdk
from PIL import Image, ImageDraw
from transformers import pipeline

path = sdk.pull("resnet-tiny-digits").path
classify = pipeline("image-classification", model=str(path))
picture = Image.new("RGB", (8, 8))  # white strokes on black, 8x8, like the training data
ImageDraw.Draw(picture).line([(4, 1), (4, 6)], fill="white", width=2)
print(classify(picture)[0])  # {'label': '1', 'score': ...}
"""


def build(source: Path, out: Path) -> list[Measurement]:
    import torch
    from transformers import ResNetConfig, ResNetForImageClassification, ViTImageProcessor

    quiet()
    labels = {index: str(index) for index in range(10)}
    torch.manual_seed(0)
    config = ResNetConfig(
        embedding_size=16, hidden_sizes=[16, 32, 64], depths=[2, 2, 2], layer_type="basic", id2label=labels
    )
    model = ResNetForImageClassification(config)
    processor = ViTImageProcessor(size={"height": SIDE, "width": SIDE}, image_mean=[0.5] * 3, image_std=[0.5] * 3)
    outcome = _digits.train(model, processor, source, RECIPE)
    model.save_pretrained(out)
    processor.save_pretrained(out)
    return [
        Measurement(
            f"Accuracy {outcome.accuracy:.1%} on {outcome.test_count} held-out digits, "
            f"after {RECIPE.epochs} epochs on {outcome.train_count:,}.",
            f"the last epoch's model, one thread, seed {RECIPE.seed}",
            "accuracy",
            outcome.accuracy,
        ),
        Measurement(f"{model.num_parameters():,} parameters.", "counted after training"),
    ]


SEED = Seed(
    name="resnet-tiny-digits",
    kind="model",
    purpose="Recognises single handwritten digits in 8x8 pictures; a tiny network for trying the hub out.",
    what="A three-stage residual network (transformers' `ResNetForImageClassification`) trained from scratch when this "
    "catalog was seeded. Pictures are brought to 32x32 by the image processor that lies beside the weights.",
    usage=USAGE,
    packages=(_digits.PACKAGE,),
    licence=Licence(
        "cc-by-4.0",
        package=Fact("BSD-3-Clause (scikit-learn, which carries the data).", "METADATA of scikit-learn 1.9.1"),
        content=Fact(
            "Made by this hub from CC BY 4.0 data and given on under the same terms, crediting its creator.",
            "this catalog",
        ),
        data=_digits.DATA_LICENCE,
    ),
    intended_use=(Fact("For trying the hub out, and as a small example of training.", "this catalog"),),
    training_data=(
        Fact(
            "1,347 of the 1,797 digits that scikit-learn carries; the data set `{owner}/digits`.",
            "this build",
        ),
        Fact("Made by E. Alpaydin, 1998; a copy of the test part of the UCI set.", _digits.DESCRIPTION),
        _digits.WRITERS,
    ),
    known_biases=(
        Fact("Says nothing about natural images, letters, or digits that are not centred.", "the training data"),
        Fact("The held-out quarter is drawn at random over pictures, so writers occur on both sides.", "this build"),
        Fact("Accuracy per group of writers cannot be measured: the writers are not described.", _digits.DESCRIPTION),
    ),
    evaluation=(),
    steps=(
        "Read the CSV; split 75 / 25, stratified by label, seed 0.",
        "Resize to 32x32 and scale to -1..1 with the shipped image processor.",
        "Train with AdamW and a one-cycle rate, cross entropy, one CPU thread; save as safetensors.",
    ),
    sources=(_digits.TRAINED_ON,),
    use=Use(
        intended=("Trying the hub out, and a small example of training.",),
        out_of_scope=("Natural images, letters, or digits that are not centred.",),
        data=1,
        impact=1,
        reach=1,
    ),
    findings=(
        Finding(
            "Quality by group of writers is unknown",
            "sklearn/datasets/descr/digits.rst inside scikit-learn 1.9.1",
            axis="writer",
            value="not described in the data",
            harm="quality_of_service",
            impact=1,
            exposure=1,
            kind="suspected",
            advice="Don't claim equal quality for all writers.",
        ),
    ),
    build=build,
    shared=("seeds._digits",),
    task="image-classification",
    library="transformers",
    tags=("resnet", "digits", "trained-here", "tiny"),
    datasets=("{owner}/digits",),
    notice=(_digits.CREDIT,),
)
