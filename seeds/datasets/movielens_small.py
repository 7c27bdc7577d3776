"""movielens-small: 100,004 film ratings; the catalog's example of data with restricted terms."""

from pathlib import Path

from seeds import _movielens
from seeds.evidence import Finding, Use
from seeds.seed import Fact, Licence, Measurement, Seed

USAGE = """
import pandas
import sdk

path = sdk.pull("movielens-small", kind="dataset").path
ratings = pandas.read_parquet(path / "ratings.parquet")
films = pandas.read_parquet(path / "movies.parquet")
print(ratings.merge(films).groupby("title")["rating"].count().nlargest(5))
"""


def build(source: Path, out: Path) -> list[Measurement]:
    table = _movielens.read(source)
    ratings = table[["userId", "movieId", "rating", "timestamp"]]
    films = table[["movieId", "title", "year", "genres"]].drop_duplicates("movieId").sort_values("movieId")
    ratings.to_parquet(out / "ratings.parquet", index=False)
    films.to_parquet(out / "movies.parquet", index=False)
    per_film = ratings["movieId"].value_counts()
    top = per_film.iloc[: len(per_film) // 10].sum() / len(ratings)
    return [
        Measurement(f"{len(ratings):,} ratings, {ratings['userId'].nunique()} users, {len(films):,} films.", "counted"),
        Measurement(f"The most rated tenth of the films holds {top:.0%} of the ratings.", "counted"),
        Measurement(f"The mean rating is {ratings['rating'].mean():.2f} of 5.", "counted"),
    ]


SEED = Seed(
    name="movielens-small",
    kind="dataset",
    purpose="Film ratings for trying out recommenders. Not for commercial use.",
    what="`ratings.parquet` (userId, movieId, rating 0.5..5, timestamp); `movies.parquet` (movieId, title, year, "
    "genres).",
    usage=USAGE,
    packages=(_movielens.PACKAGE,),
    licence=Licence(
        "other",
        package=_movielens.PACKAGE_LICENCE,
        content=Fact("As the underlying data; the terms travel with every copy.", "this catalog"),
        data=_movielens.DATA_LICENCE,
        name=_movielens.TERMS_NAME,
        link=_movielens.TERMS_LINK,
    ),
    intended_use=(Fact("For trying out recommenders. Not for commercial use.", "this catalog"),),
    training_data=(_movielens.ORIGIN, _movielens.PEOPLE),
    known_biases=(
        Fact("Few films gather most of the ratings (popularity bias); figures below.", "counted at build"),
        Fact("671 self-chosen users of one English-language site stand for nobody else.", "this catalog"),
        Fact("User numbers are pseudonyms; combined with other data they may still point to persons.", "this catalog"),
    ),
    evaluation=(),
    steps=(
        "Read the pickled table, allowing only the names that a pandas table needs; drop R's row numbers.",
        "Split into ratings and films; write parquet. No rating is dropped or changed. The pickle is not served.",
    ),
    sources=(_movielens.SOURCE,),
    use=Use(
        intended=("Trying out recommenders, not commercially.",),
        out_of_scope=("Commercial use.", "Finding out who the users are."),
        data=2,
        impact=2,
        reach=2,
    ),
    findings=(
        Finding(
            "Few films gather most of the ratings",
            "counted when the repository is built",
            axis="popularity",
            value="seldom rated films",
            against="often rated films",
            harm="representational",
            impact=2,
            exposure=2,
            advice="Report results for seldom rated films apart.",
        ),
    ),
    build=build,
    shared=("seeds._movielens", "seeds._rdatasets"),
    languages=("en",),
    tags=("recommendation", "ratings", "non-commercial"),
    configs=(("ratings", "ratings.parquet"), ("movies", "movies.parquet")),
)
