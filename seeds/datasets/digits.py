"""digits: 1,797 handwritten digits of 8x8 pixels, from scikit-learn."""

from pathlib import Path

from seeds import _digits
from seeds.evidence import Finding, Use
from seeds.seed import Fact, Licence, Measurement, Seed

USAGE = """
import pandas
import sdk

table = pandas.read_parquet(sdk.pull("digits", kind="dataset").path / "digits.parquet")
image = table.drop(columns="label").iloc[0].to_numpy().reshape(8, 8)  # 0..16
print(table.shape, table["label"][0])  # (1797, 65) 0
"""


def build(source: Path, out: Path) -> list[Measurement]:
    import pandas as pd

    images, labels = _digits.read(source)
    columns = {f"pixel_{row}_{column}": images[:, row, column] for row in range(8) for column in range(8)}
    table = pd.DataFrame({**columns, "label": labels.astype("int8")})
    table.to_parquet(out / "digits.parquet", index=False)
    counts = table["label"].value_counts()
    return [Measurement(f"{len(table):,} rows; {counts.min()} to {counts.max()} of each digit.", "counted")]


SEED = Seed(
    name="digits",
    kind="dataset",
    purpose="1,797 handwritten digits as 8x8 grey pictures: small enough to train on in seconds.",
    what="One row a picture: 64 columns `pixel_ROW_COLUMN` with values 0..16 and the column `label` 0..9.",
    usage=USAGE,
    packages=(_digits.PACKAGE,),
    licence=Licence(
        "cc-by-4.0",
        package=Fact("BSD-3-Clause (scikit-learn).", "METADATA of scikit-learn 1.9.1"),
        content=Fact("As the underlying data.", "this catalog"),
        data=_digits.DATA_LICENCE,
    ),
    intended_use=(
        Fact(
            "Optical recognition of handwritten digits, by its name; nothing more is stated.",
            _digits.DESCRIPTION,
        ),
    ),
    training_data=(
        Fact("Created by E. Alpaydin, July 1998; this is a copy of the test part of the UCI set.", _digits.DESCRIPTION),
        Fact("Bitmaps of 32x32 were cut from a preprinted form and counted in blocks of 4x4.", _digits.DESCRIPTION),
        _digits.WRITERS,
    ),
    known_biases=(
        Fact("Consent and demographics of the writers: not stated.", _digits.DESCRIPTION),
        Fact("Writers are not marked, so a split by writer cannot be made.", _digits.DESCRIPTION),
        Fact("8x8 pixels: results do not carry over to photographs or documents.", "this catalog"),
    ),
    evaluation=(),
    steps=("Read the CSV, name the columns, write one parquet file. No row is dropped or changed.",),
    sources=(_digits.SOURCE,),
    use=Use(
        intended=("First steps in image classification and tests of tools.",),
        out_of_scope=("Reading documents or photographs.", "Statements on groups of writers."),
        data=1,
        impact=1,
        reach=1,
    ),
    findings=(
        Finding(
            "Accuracy by group of writers can't be measured",
            "sklearn/datasets/descr/digits.rst inside scikit-learn 1.9.1",
            axis="writer",
            value="age, country and handedness not recorded",
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
    tags=("digits", "handwriting", "tabular", "tiny"),
    configs=(("default", "digits.parquet"),),
)
