"""fracast: a time-series foundation model of 85,001 parameters; the smallest real pre-trained model of the catalog."""

import json
import shutil
from pathlib import Path

from safetensors import safe_open

from seeds.evidence import Finding, Source, Use
from seeds.seed import MEASURED, Fact, Licence, Measurement, Package, Seed

FOLDER = "fracast/weights"
README = "README inside fracast 0.1.0 (its METADATA file)"

CORPORA = (
    ("gift-eval", "Salesforce/GiftEvalPretrain"),
    ("lotsa", "Salesforce/lotsa_data"),
    ("chronos", "autogluon/chronos_datasets"),
    ("boom", "Datadog/BOOM"),
    ("fev", "autogluon/fev_datasets"),
)

PACKAGE = Package(
    "fracast",
    "0.1.0",
    files={
        f"{FOLDER}/model.safetensors": "0d678f123f3d1f91c5065cca2b5d40eccc469360afc2381b27290486011ded2c",
        f"{FOLDER}/config.json": "1d7d2cf831f51ae2c5c9bf4cb4d8d4a49ec0085d6d55010814a1aae2a777a5dc",
    },
    texts={"fracast-0.1.0.dist-info/licenses/LICENSE": "LICENSE"},
)

USAGE = """
# pip install fracast==0.1.0   (the architecture's code; the weights come from here)
import sdk
from safetensors.torch import load_file

path = sdk.pull("fracast").path
weights = load_file(path / "model.safetensors")
print(sum(tensor.numel() for tensor in weights.values()))  # 85001

# from fracast import FracastModel
# forecast = FracastModel.from_pretrained(str(path), weights="fp32").forecast(series)  # 48 steps x 9 quantiles
"""


def build(source: Path, out: Path) -> list[Measurement]:
    inside = source / PACKAGE.name / FOLDER
    for name in ("model.safetensors", "config.json"):
        shutil.copyfile(inside / name, out / name)
    with safe_open(out / "model.safetensors", framework="numpy") as file:
        count = sum(file.get_tensor(key).size for key in file.keys())  # noqa: SIM118 - not a dict
    quantiles = len(json.loads((out / "config.json").read_text())["model"]["quantiles"])
    return [
        Measurement(
            f"{count:,} parameters; {quantiles} quantiles in its configuration.",
            "counted over the tensors of model.safetensors",
        )
    ]


SEED = Seed(
    name="fracast",
    kind="model",
    purpose="Forecasts a numeric time series 48 steps ahead with nine quantiles, without being trained on it.",
    what="A causal, dilated, fully convolutional network without attention, whose one block is reused over a ladder of "
    "time scales. It reads at most the latest 2,048 points and treats channels independently. Upstream, Fracast-0, "
    "is described as a compression experiment.",
    usage=USAGE,
    packages=(PACKAGE,),
    licence=Licence(
        "apache-2.0",
        package=Fact("Apache-2.0.", "LICENSE file and METADATA of fracast 0.1.0"),
        content=Fact("Apache-2.0; the weights lie in the package and no other licence is named.", "fracast 0.1.0"),
        data=Fact("Not stated for the training corpora; each has terms of its own.", README),
    ),
    intended_use=(
        Fact("Zero-shot forecasting of time series.", README),
        Fact("Built solely to explore how far model compression can be pushed.", README),
    ),
    training_data=(
        Fact("Salesforce/GiftEvalPretrain, about 908 GiB.", README),
        Fact("Salesforce/lotsa_data, about 861 GiB.", README),
        Fact("autogluon/chronos_datasets, about 833 GiB.", README),
        Fact("Datadog/BOOM, about 2.6 GiB, and autogluon/fev_datasets, about 0.6 GiB.", README),
        Fact("Four synthetic shards made with TinyCast.", README),
        Fact("Time span, geography and personal data of these corpora: not stated.", README),
    ),
    known_biases=(
        Fact("No bias section; none is documented.", README),
        Fact("Its authors call the work not perfect and at least usable, made in 15 days.", README),
        Fact("Loses to a seasonal naive forecast on yearly sunspots (MAE 34.6 against 26.6).", MEASURED),
        Fact("Only the latest 2,048 points are read; longer horizons than 48 chain medians.", README),
    ),
    evaluation=(
        Fact(
            "MAE of the model against a seasonal naive forecast, 48 held-out steps: CO2 0.94 / 2.38, US GDP 250 / 595, "
            "El Nino 0.81 / 0.80, sunspots 34.6 / 26.6.",
            f"{MEASURED}, series from statsmodels",
        ),
        Fact("No benchmark figures for this checkpoint stand in the package.", README),
    ),
    steps=("model.safetensors and config.json are copied unchanged.",),
    sources=(
        *(
            Source(
                id,
                "public",
                "tabular",
                "Not stated in the README inside fracast 0.1.0.",
                external=name,
                stage="pretrain",
                method="collections of time series published by others",
                gaps=("Which series, of which places and years, is not stated.",),
            )
            for id, name in CORPORA
        ),
        Source(
            "tinycast",
            "synthetic",
            "tabular",
            "Not stated in the README inside fracast 0.1.0.",
            external="four shards made with TinyCast",
            stage="pretrain",
            has_persons=False,
            pii="none",
        ),
    ),
    use=Use(
        intended=("Zero-shot forecasting of time series, to be compared with a seasonal naive forecast first.",),
        out_of_scope=("Decisions that rest on a single forecast.", "Series of people's health or behaviour."),
        data=1,
        impact=1,
        reach=1,
    ),
    findings=(
        Finding(
            "Worse than a seasonal naive forecast on yearly series",
            "measured for this catalog before release",
            axis="domain",
            value="yearly sunspots",
            against="monthly and quarterly series",
            harm="quality_of_service",
            impact=2,
            exposure=2,
            metric="MAE",
            figure=34.6,
            n=48,
            advice="Compare with a seasonal naive forecast on series of your own before use.",
        ),
    ),
    build=build,
    task="time-series-forecasting",
    library="fracast",
    tags=("time-series", "forecasting", "zero-shot", "tiny"),
    datasets=tuple(name for _, name in CORPORA),
)
