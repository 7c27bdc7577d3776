"""silero-vad: says for each 32 ms of sound whether someone speaks."""

import shutil
from pathlib import Path

from safetensors import safe_open

from seeds.evidence import Finding, Source, Use
from seeds.seed import MEASURED, Fact, Licence, Measurement, Package, Seed

FOLDER = "silero_vad/data"
README = "README inside silero-vad 6.2.3 (its METADATA file)"

PACKAGE = Package(
    "silero-vad",
    "6.2.3",
    files={
        f"{FOLDER}/silero_vad_16k.safetensors": "c59271c284ae9c8335d795d60e0bfdb71aaaceec578d9bd9ffc1b8153c319ea1",
        f"{FOLDER}/silero_vad.onnx": "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3",
    },
    texts={"silero_vad-6.2.3.dist-info/licenses/LICENSE": "LICENSE"},
)

USAGE = """
import sdk
import torch
from safetensors.torch import load_file
from torch.nn.functional import conv1d, pad

weights = load_file(sdk.pull("silero-vad").path / "model.safetensors")
cell = torch.nn.LSTMCell(128, 128)
cell.load_state_dict({name.removeprefix("lstm_cell."): tensor for name, tensor in weights.items()
                      if name.startswith("lstm_cell.")})


@torch.no_grad()
def speech(samples):  # mono at 16 kHz in -1..1; one probability for each 512 samples
    samples, state, found = pad(samples, (64, -len(samples) % 512)), None, []
    for start in range(64, len(samples), 512):
        x = pad(samples[None, start - 64 : start + 512], (0, 64), mode="reflect")[:, None]
        x = conv1d(x, weights["stft_conv.weight"], stride=128)
        x = (x[:, :129] ** 2 + x[:, 129:] ** 2).sqrt()
        for layer, stride in (("conv1", 1), ("conv2", 2), ("conv3", 2), ("conv4", 1)):
            x = conv1d(x, weights[f"{layer}.weight"], weights[f"{layer}.bias"], stride, padding=1).relu()
        state = cell(x[..., 0], state)
        x = conv1d(state[0][..., None].relu(), weights["final_conv.weight"], weights["final_conv.bias"])
        found.append(x.sigmoid().item())
    return found


torch.manual_seed(0)
print(max(speech(torch.randn(16_000) * 0.1)))  # noise: low
"""


def build(source: Path, out: Path) -> list[Measurement]:
    inside = source / PACKAGE.name / FOLDER
    shutil.copyfile(inside / "silero_vad_16k.safetensors", out / "model.safetensors")
    shutil.copyfile(inside / "silero_vad.onnx", out / "silero_vad.onnx")
    with safe_open(out / "model.safetensors", framework="numpy") as file:
        count = sum(file.get_tensor(name).size for name in file.keys())  # noqa: SIM118 - not a dict
    return [Measurement(f"{count:,} numbers in model.safetensors.", "counted")]


SEED = Seed(
    name="silero-vad",
    kind="model",
    purpose="Says for each 32 ms of sound how likely it is that someone speaks.",
    what="A voice activity detector: a short-time spectrum, four convolutions and one LSTM cell. "
    "`model.safetensors` is the "
    "16 kHz network; `silero_vad.onnx` holds the networks for 8 and 16 kHz.",
    usage=USAGE,
    packages=(PACKAGE,),
    licence=Licence(
        "mit",
        package=Fact("MIT.", "LICENSE and METADATA of silero-vad 6.2.3"),
        content=Fact("MIT; the README says so of the detector as a whole.", README),
        data=Fact("Not stated.", README),
    ),
    intended_use=(
        Fact(
            "Voice activity detection on small devices, cleaning of data, telephony, voice bots and voice interfaces.",
            README,
        ),
    ),
    training_data=(
        Fact("Described only as huge corpora that include over 6000 languages; they are not named.", README),
        Fact("Consent of the speakers: not stated.", README),
    ),
    known_biases=(
        Fact("None documented, neither by language nor by age, sex or speech impairment.", README),
        Fact("The claim of 6000 languages can't be checked from the package.", "this catalog"),
    ),
    evaluation=(
        Fact(
            "A LibriVox sentence: mean probability 0.94, highest 1.00; one second of noise: highest 0.03.",
            f"{MEASURED}, with the code above; sound from Debian's pocketsphinx-testdata",
        ),
        Fact("Quality figures: only linked, not stated in the package.", README),
    ),
    steps=("silero_vad_16k.safetensors is copied as model.safetensors, silero_vad.onnx under its own name.",),
    sources=(
        Source(
            "corpora",
            "other",
            "audio",
            "Not stated in the README inside silero-vad 6.2.3.",
            external="huge corpora that include over 6000 languages; not named",
            stage="pretrain",
            has_persons=True,
            gaps=("Which languages, and how much of each, is not stated.",),
        ),
    ),
    use=Use(
        intended=("Voice activity detection on small devices, in telephony and in voice interfaces.",),
        out_of_scope=("Recognising who speaks or what is said.", "Surveillance."),
        data=2,
        impact=2,
        reach=2,
    ),
    findings=(
        Finding(
            "Quality by language, age, sex and speech impairment is not documented",
            "README inside silero-vad 6.2.3",
            axis="disability",
            value="people with a speech impairment",
            against="other speakers",
            harm="quality_of_service",
            impact=2,
            exposure=3,
            kind="suspected",
            advice="Measure on recordings of the people who will use it.",
        ),
    ),
    build=build,
    task="voice-activity-detection",
    library="pytorch",
    languages=("multilingual",),
    tags=("audio", "speech", "vad", "onnx", "tiny"),
)
