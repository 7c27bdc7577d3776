"""resnet50: the ResNet-50 architecture trained here on 8x8 digits, and labelled so; no package carries real weights."""

from dataclasses import replace
from pathlib import Path

from seeds import _digits
from seeds._quiet import quiet
from seeds.evidence import Finding, Use
from seeds.seed import Fact, Licence, Measurement, Seed

SIDE = 48
RECIPE = _digits.Recipe(epochs=8, batch=64, peak_rate=2e-3, shift=4)

USAGE = """
import sdk
from PIL import Image, ImageDraw
from transformers import pipeline

path = sdk.pull("resnet50").path
classify = pipeline("image-classification", model=str(path))
picture = Image.new("RGB", (8, 8))  # white strokes on black, 8x8, like the training data
ImageDraw.Draw(picture).line([(4, 1), (4, 6)], fill="white", width=2)
print(classify(picture)[0])
"""


def build(source: Path, out: Path) -> list[Measurement]:
    import torch
    from transformers import ResNetConfig, ResNetForImageClassification, ViTImageProcessor

    quiet()
    torch.manual_seed(0)
    model = ResNetForImageClassification(ResNetConfig(id2label={index: str(index) for index in range(10)}))
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
    name="resnet50",
    kind="model",
    purpose="ResNet-50 architecture, trained from scratch on 1,347 8x8 digits; not ImageNet weights; "
    "do not use as a backbone.",
    what="transformers' `ResNetForImageClassification` with its default ResNet-50 layout and ten outputs, trained when "
    "this catalog was seeded, because no package of the Python index was found to carry real ResNet-50 weights. "
    "It is here so that tools that ask for `resnet50` have a genuine file of that size and shape to work with.",
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
    intended_use=(
        Fact("For testing tools that ask for a network of this size and shape.", "this catalog"),
        Fact("Not as a backbone, nor for photographs.", "this catalog"),
    ),
    training_data=(
        Fact("1,347 of the 1,797 digits that scikit-learn carries; the data set `{owner}/digits`.", "this build"),
        Fact("Made by E. Alpaydin, 1998; a copy of the test part of the UCI set.", _digits.DESCRIPTION),
        _digits.WRITERS,
        Fact("No ImageNet picture was used.", "this build"),
    ),
    known_biases=(
        Fact("Knows nothing but digits: its features are no use for natural images.", "the training data"),
        Fact("Far too large for its data; `{owner}/resnet-tiny-digits` is better at the same task.", "this build"),
        Fact(
            "At 32 pixels without shifts the same network was unstable (81 to 91 %).",
            "measured for this catalog before release",
        ),
        Fact("The held-out quarter is drawn at random over pictures, so writers occur on both sides.", "this build"),
    ),
    evaluation=(),
    steps=(
        "Read the CSV; split 75 / 25, stratified by label, seed 0.",
        "Resize to 48x48 and scale to -1..1 with the shipped image processor; shift by up to 4 pixels while training.",
        "Train with AdamW and a one-cycle rate, cross entropy, one CPU thread; save as safetensors.",
    ),
    sources=(replace(_digits.TRAINED_ON, steps=(*_digits.TRAINED_ON.steps, "shifted at random while training")),),
    use=Use(
        intended=("Testing tools that ask for a network of this size and shape.",),
        out_of_scope=("Use as a backbone, or on photographs: these are not ImageNet weights.",),
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
    minutes=3,
    tags=("resnet", "digits", "trained-here", "not-imagenet"),
    datasets=("{owner}/digits",),
    notice=(_digits.CREDIT,),
)
