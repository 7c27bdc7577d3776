"""vader-film-snippets: sentences from film reviews with a mean rating by twenty people each."""

from pathlib import Path

from seeds import _vader
from seeds.evidence import Finding, Use
from seeds.seed import Fact, Licence, Measurement, Seed

USAGE = """
import pandas
import sdk

table = pandas.read_parquet(sdk.pull("vader-film-snippets", kind="dataset").path / "snippets.parquet")
print(table.loc[table["rating"].idxmax(), "text"])
"""


def build(source: Path, out: Path) -> list[Measurement]:
    table = _vader.read(source)
    table.to_parquet(out / "snippets.parquet", index=False)
    positive = (table["rating"] > 0).mean()
    return [
        Measurement(f"{len(table):,} rows; {positive:.1%} have a mean above 0.", "counted"),
        Measurement(f"Ratings from {table['rating'].min():.2f} to {table['rating'].max():.2f}.", "counted"),
    ]


SEED = Seed(
    name="vader-film-snippets",
    kind="dataset",
    purpose="10,605 sentences from film reviews with a sentiment rating, the mean of twenty people.",
    what="Columns: `id`, `rating` (-4 most negative to 4 most positive) and `text`.",
    usage=USAGE,
    packages=(_vader.PACKAGE,),
    licence=Licence(
        "mit",
        package=_vader.PACKAGE_LICENCE,
        content=Fact("MIT, as the package that carries it.", "LICENSE.txt of vaderSentiment 3.3.2"),
        data=_vader.DATA_LICENCE,
    ),
    intended_use=(Fact("Ground truth for measuring sentiment analysis of film reviews.", _vader.README),),
    training_data=(_vader.ORIGIN, _vader.RATERS),
    known_biases=(
        Fact("English film criticism of about the year 2000; nothing else.", _vader.README),
        Fact("Spread of the ratings per snippet is in the package, but not in this table.", _vader.README),
        Fact("Names real films and people, sometimes harshly.", "read in the data"),
    ),
    evaluation=(),
    steps=("Read the tab-separated file out of the inner archive; write parquet. No row is dropped or changed.",),
    sources=(_vader.SOURCE,),
    use=Use(
        intended=("Ground truth for measuring sentiment analysis of film reviews.",),
        out_of_scope=("Judging people by what they write.", "Texts other than film criticism."),
        data=2,
        impact=2,
        reach=2,
    ),
    findings=(
        Finding(
            "One kind of text, one time, one language",
            "_README_.txt in hutto_ICWSM_2014.tar.gz inside vaderSentiment 3.3.2",
            axis="domain",
            value="texts other than English film criticism of about 2000",
            harm="quality_of_service",
            impact=2,
            exposure=2,
            advice="Measure on texts of your own before use.",
        ),
    ),
    build=build,
    shared=("seeds._vader",),
    task="text-classification",
    languages=("en",),
    tags=("sentiment", "films"),
    configs=(("default", "snippets.parquet"),),
)
